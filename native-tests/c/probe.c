/*
 * What a test runs inside: says what it sees, and stays until its standard input ends, so that the
 * test can look at it from outside.
 *
 * probe [ANYTHING...]      print what this process sees, wait for the end of stdin, exit 0
 * probe --wait FILE CMD... run CMD; write "exited N" or "signalled N" to FILE
 * probe --die SIGNAL       die of a signal
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int wait_for(char **argv) {
  int status;
  pid_t child = fork();
  if (child == 0) {
    execvp(argv[3], argv + 3);
    _exit(127);
  }
  if (child < 0 || waitpid(child, &status, 0) < 0)
    return 1;
  FILE *file = fopen(argv[2], "w");
  if (!file)
    return 1;
  if (WIFEXITED(status))
    fprintf(file, "exited %d\n", WEXITSTATUS(status));
  else
    fprintf(file, "signalled %d\n", WTERMSIG(status));
  return fclose(file);
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
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
  if (argc > 3 && !strcmp(argv[1], "--wait"))
    return wait_for(argv);
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
  printf("ready\n");
  fflush(stdout);
  char c;
  while (read(0, &c, 1) > 0)
    ;
  return 0;
}
