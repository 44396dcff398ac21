/*
 * What a test runs inside: says what it sees, and stays until its standard input ends, so that the
 * test can look at it from outside.
 *
 * probe [ANYTHING...]      print what this process sees, wait for the end of stdin, exit 0
 * probe --wait FILE CMD... run CMD; write "exited N" or "signalled N" to FILE
 * probe --caller FILE SETTING... -- CMD...
 *                          the same, CMD being run by a caller as the settings say; in them and in
 *                          CMD "%41" stands for the byte "A"
 * probe --die SIGNAL       die of a signal
 * probe --ns-id FILE       print the 64-bit id of a namespace; fail where the kernel gives none
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Waits for a child, and writes how it ended to a file. */
static int wait_for(pid_t child, const char *path) {
  int status;
  if (child < 0 || waitpid(child, &status, 0) < 0)
    return 1;
  FILE *file = fopen(path, "w");
  if (!file)
    return 1;
  if (WIFEXITED(status))
    fprintf(file, "exited %d\n", WEXITSTATUS(status));
  else
    fprintf(file, "signalled %d\n", WTERMSIG(status));
  return fclose(file);
}

static void decode(char *text) {
  char *to = text;
  unsigned byte;
  for (; *text; text++)
    if (sscanf(text, "%%%2x", &byte) == 1) {
      *to++ = (char)byte;
      text += 2;
    } else {
      *to++ = *text;
    }
  *to = 0;
}

static void must(int succeeded, const char *setting) {
  if (!succeeded) {
    perror(setting);
    _exit(99);
  }
}

static void write_to(const char *path, const char *text) {
  int fd = open(path, O_WRONLY);
  must(fd >= 0 && write(fd, text, strlen(text)) > 0, path);
  close(fd);
}

/* UID:GID:GROUP:GROUP... */
static void set_ids(char *ids) {
  gid_t all[16] = {0};
  size_t n = 0;
  for (char *id = strtok(ids, ":"); id && n < 16; id = strtok(NULL, ":"))
    all[n++] = (gid_t)atoi(id);
  must(n >= 2 && !setgroups(n - 2, all + 2) && !setgid(all[1]) && !setuid(all[0]), "ids");
}

/* The master stays open in the caller; without it the terminal would hang up. */
static int take_terminal(int master) {
  setsid();
  int terminal = open(ptsname(master), O_RDWR);
  if (terminal < 0 || dup2(terminal, 0) != 0 || ioctl(0, TIOCSCTTY, 0) != 0)
    return -1;
  return terminal == 0 ? 0 : close(terminal);
}

/* Also those that libc keeps to itself. */
static int dispose(int number, void (*how)(int)) {
  struct {
    void (*handler)(int);
    unsigned long flags, restorer, mask;
  } action = {how, 0, 0, 0};
  return (int)syscall(SYS_rt_sigaction, number, &action, NULL, sizeof action.mask);
}

/* Whatever runs the tests may ignore or block some. */
static void default_signals(void) {
  unsigned long none = 0;
  for (int n = 1; n < NSIG; n++)
    dispose(n, SIG_DFL);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
}

static void set(char *setting, char **environment, int master) {
  decode(setting);
  char *value = strchr(setting, '=');
  if (value)
    *value++ = 0;
  else
    value = setting + strlen(setting);
  int number = atoi(value);
  char *second = strchr(value, ':');
  if (second)
    second++;
  if (!strcmp(setting, "env")) {
    while (*environment)
      environment++;
    *environment = value;
  } else if (!strcmp(setting, "clearenv")) {
    *environment = NULL;
  } else if (!strcmp(setting, "ignore")) {
    must(!dispose(number, SIG_IGN), setting);
  } else if (!strcmp(setting, "block")) {
    unsigned long one = 1UL << (number - 1);
    must(!syscall(SYS_rt_sigprocmask, SIG_BLOCK, &one, NULL, sizeof one), setting);
  } else if (!strcmp(setting, "umask")) {
    umask((mode_t)strtoul(value, NULL, 8));
  } else if (!strcmp(setting, "nice")) {
    must(!setpriority(PRIO_PROCESS, 0, number), setting);
  } else if (!strcmp(setting, "batch")) {
    struct sched_param zero = {0};
    must(!sched_setscheduler(0, SCHED_BATCH, &zero), setting);
  } else if (!strcmp(setting, "cpu")) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(number, &one);
    must(!sched_setaffinity(0, sizeof one, &one), setting);
  } else if (!strcmp(setting, "oom")) {
    write_to("/proc/self/oom_score_adj", value);
  } else if (!strcmp(setting, "corefilter")) {
    write_to("/proc/self/coredump_filter", value);
  } else if (!strcmp(setting, "limit")) { /* RESOURCE:SOFT, by number */
    struct rlimit limit;
    must(second && !getrlimit(number, &limit), setting);
    limit.rlim_cur = strtoul(second, NULL, 10);
    must(!setrlimit(number, &limit), setting);
  } else if (!strcmp(setting, "close")) {
    close(number);
  } else if (!strcmp(setting, "open")) { /* FD:FILE */
    int fd = open(second, O_RDONLY);
    must(fd >= 0 && (fd == number || (dup2(fd, number) == number && !close(fd))), setting);
  } else if (!strcmp(setting, "ids")) {
    set_ids(value);
  } else if (!strcmp(setting, "chdir")) {
    must(!chdir(value), setting);
  } else if (!strcmp(setting, "gone")) { /* a working directory that is removed */
    must(!mkdir(value, 0755) && !chdir(value) && !rmdir(value), setting);
  } else if (!strcmp(setting, "setsid")) {
    must(setsid() > 0, setting);
  } else if (!strcmp(setting, "setpgid")) {
    must(!setpgid(0, 0), setting);
  } else if (!strcmp(setting, "prctl")) { /* OPTION:VALUE, by number */
    must(second && prctl(number, strtoul(second, NULL, 10), 0, 0, 0) >= 0, setting);
  } else if (!strcmp(setting, "terminal")) {
    must(!take_terminal(master), setting);
  } else {
    errno = EINVAL;
    must(0, setting);
  }
}

static int call(char **argv) {
  char **command = argv + 3;
  while (*command && strcmp(*command, "--"))
    command++;
  if (!*command)
    return 1;
  prctl(PR_SET_NAME, "caller");
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0 || grantpt(master) || unlockpt(master))
    return 1;
  pid_t child = fork();
  if (child == 0) {
    char *environment[512] = {NULL};
    default_signals();
    for (int i = 0; environ[i] && i < 256; i++)
      environment[i] = environ[i];
    for (char **setting = argv + 3; setting < command; setting++)
      set(*setting, environment, master);
    for (char **argument = ++command; *argument; argument++)
      decode(*argument);
    execve(*command, command, environment);
    _exit(99);
  }
  return wait_for(child, argv[2]);
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static int print_id(const char *file) {
  unsigned long long id;
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || ioctl(fd, _IOR(0xb7, 13, unsigned long long), &id) < 0) /* NS_GET_ID */
    return 1;
  printf("%llu\n", id);
  return 0;
}

static void list_root(void) {
  char *names[256];
  size_t n = 0;
  struct dirent *entry;
  DIR *root = opendir("/");
  while (root && n < 256 && (entry = readdir(root)))
    names[n++] = strdup(entry->d_name);
  qsort(names, n, sizeof *names, by_name);
  printf("root:");
  for (size_t i = 0; i < n; i++)
    printf(" %s", names[i]);
  printf("\n");
  if (root)
    closedir(root);
}

int main(int argc, char **argv) {
  if (argc > 3 && !strcmp(argv[1], "--wait")) {
    pid_t child = fork();
    if (child == 0) {
      default_signals();
      execvp(argv[3], argv + 3);
      _exit(127);
    }
    return wait_for(child, argv[2]);
  }
  if (argc > 4 && !strcmp(argv[1], "--caller"))
    return call(argv);
  if (argc > 2 && !strcmp(argv[1], "--die")) {
    int number = atoi(argv[2]);
    struct rlimit none = {0, 0};
    sigset_t only;
    setrlimit(RLIMIT_CORE, &none);
    signal(number, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    kill(getpid(), number);
    return 99;
  }
  if (argc > 2 && !strcmp(argv[1], "--ns-id"))
    return print_id(argv[2]);
  char text[PATH_MAX];
  gid_t groups[256];
  uid_t r, e, s;
  printf("argc: %d\n", argc);
  for (int i = 0; i < argc; i++)
    printf("argv[%d]: %s\n", i, argv[i]);
  printf("cwd: %s\n", getcwd(text, sizeof text) ? text : strerror(errno));
  list_root();
  gethostname(text, sizeof text);
  printf("hostname: %s\n", text);
  getresuid(&r, &e, &s);
  printf("uids: %u %u %u\n", r, e, s);
  getresgid(&r, &e, &s);
  printf("gids: %u %u %u\n", r, e, s);
  int n = getgroups(256, groups);
  printf("groups:");
  for (int i = 0; i < n; i++)
    printf(" %u", groups[i]);
  printf("\nfirst: %d\n", getpid() == 1);
  printf("parent-visible: %d\n", getppid() != 0);
  struct timespec boot;
  clock_gettime(CLOCK_BOOTTIME, &boot);
  printf("boot-days: %ld\n", (long)(boot.tv_sec / 86400));
  int dies_of = 0, reaps = 0;
  prctl(PR_GET_PDEATHSIG, &dies_of);
  prctl(PR_GET_CHILD_SUBREAPER, &reaps);
  printf("dumpable: %d\ndeath-signal: %d\nsecurebits: %d\nreaper: %d\n", prctl(PR_GET_DUMPABLE),
         dies_of, prctl(PR_GET_SECUREBITS), reaps);
  printf("ready\n");
  fflush(stdout);
  char c;
  ssize_t n_read;
  while ((n_read = read(0, &c, 1)) > 0)
    ;
  while (n_read < 0 && errno == EBADF)
    pause(); /* with stdin closed, until a signal ends it */
  return 0;
}
