/*
 * The stage: runs the rest of a plan in a single-threaded process, then becomes the program.
 *
 * It is executed from a sealed memfd. Its first environment entry, JNSTOOLS_PLAN=FD, names the
 * descriptor that holds the plan: a sequence of struct step. The remaining environment is the
 * program's. Java decides every step; nothing is decided here but how a step is carried out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The same numbers on every architecture. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#endif
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#define MOVE_MOUNT_F_EMPTY_PATH 4
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

enum { EXIT_OURS = 1, EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

/* In the order of Step.Op. */
enum op {
  OP_START,
  OP_HINT,
  OP_PRCTL,
  OP_SIGNALS,
  OP_SETNS,
  OP_UNSHARE,
  OP_KEEP,
  OP_FCHDIR,
  OP_CHROOT,
  OP_CHDIR,
  OP_WRITE,
  OP_WRITE_PROC,
  OP_CREATE,
  OP_MOUNT,
  OP_UMOUNT,
  OP_BIND_KEPT,
  OP_FORK,
  OP_SETGROUPS,
  OP_SETGID,
  OP_SETUID,
  OP_KEEP_CAPS,
  OP_BOUND,
  OP_CAPSET,
  OP_PDEATHSIG,
  OP_CLOSE,
  OP_EXEC,
};

struct step {
  int64_t op, a, b, c, d;
  int64_t size; /* of text, a multiple of 8 */
  char text[];  /* the label, then the step's strings, each ended by NUL */
};

static const struct step *plan, *end;
static const char *name = "jnstools"; /* of the command, for messages */
static int report = -1;               /* where failures go: a pipe, or -1 for stderr */
static int proc = -1;                 /* the caller's /proc, opened before any join */
static int kept = -1; /* the directory that OP_KEEP opened */
static int self = -1; /* a pidfd of the waiting parent, for the child */
static volatile pid_t child;

static const struct step *next(const struct step *s) {
  return (const struct step *)(s->text + s->size);
}

/* The step's string number n; 0 is its label. */
static const char *string(const struct step *s, int n) {
  const char *p = s->text;
  while (n-- > 0)
    p += strlen(p) + 1;
  return p;
}

static const char *errno_name(int error) {
#if __GLIBC_PREREQ(2, 32)
  const char *known = strerrorname_np(error);
  if (known)
    return known;
#endif
  static char number[24];
  snprintf(number, sizeof number, "errno %d", error);
  return number;
}

/* Says which step failed and why, and ends the process. */
static _Noreturn void fail(const struct step *s, int error, int status) {
  if (report >= 0) {
    int32_t index = 0;
    for (const struct step *p = plan; p < s; p = next(p))
      index += p->op != OP_HINT;
    int32_t message[2] = {index, error};
    ssize_t written = write(report, message, sizeof message);
    _exit(written == sizeof message ? status : EXIT_OURS);
  }
  const char *hint = NULL;
  for (const struct step *p = next(s); p < end && p->op == OP_HINT && !hint; p = next(p))
    if (p->a == error)
      hint = string(p, 1);
  const char *parts[] = {name, ": ", s->text, ": ", errno_name(error), ": ", strerror(error), "\n",
                         "hint: ", hint, "\n"};
  struct iovec message[11];
  int n = hint ? 11 : 8;
  for (int i = 0; i < n; i++)
    message[i] = (struct iovec){(void *)parts[i], strlen(parts[i])};
  /* The exit status tells as much when stderr is closed. */
  ssize_t written = writev(STDERR_FILENO, message, n);
  _exit(written < 0 && status == 0 ? EXIT_OURS : status);
}

static void check(const struct step *s, long result) {
  if (result < 0)
    fail(s, errno, EXIT_OURS);
}

/* Joins, then asks the kernel which namespace this process is in: a join of the wrong one is an error. */
static void join(const struct step *s) {
  struct statx now;
  check(s, setns((int)s->a, (int)s->b));
  check(s, statx(proc, string(s, 1), 0, STATX_INO, &now));
  if (makedev(now.stx_dev_major, now.stx_dev_minor) != (dev_t)s->c || now.stx_ino != (uint64_t)s->d)
    fail(s, EXDEV, EXIT_OURS);
}

/* By system call: libc refuses to touch two signals that it uses itself, but a caller may ignore them. */
static void restore_signals(const struct step *s) {
  sigset_t blocked;
  sigemptyset(&blocked);
  for (int n = 1; n < NSIG; n++) {
    uint64_t bit = UINT64_C(1) << (n - 1);
    if ((uint64_t)s->a & bit)
      sigaddset(&blocked, n);
    struct {
      void (*handler)(int);
      unsigned long flags;
      void *restorer;
      uint64_t mask;
    } action = {(uint64_t)s->b & bit ? SIG_IGN : SIG_DFL, 0, NULL, 0};
    syscall(SYS_rt_sigaction, n, &action, NULL, sizeof action.mask); /* EINVAL for KILL and STOP */
  }
  check(s, sigprocmask(SIG_SETMASK, &blocked, NULL));
}

static void enter_root(const struct step *s) {
  check(s, fchdir((int)s->a));
  check(s, chroot("."));
  check(s, chdir("/"));
}

/*
 * A path of the target's may lead through /proc to a descriptor of this process, and by it out of the
 * root entered: the kernel then shows the directory as "(unreachable)".
 */
static void change_directory(const struct step *s) {
  char where[PATH_MAX];
  check(s, chdir(string(s, 1)));
  check(s, syscall(SYS_getcwd, where, sizeof where));
  if (where[0] != '/')
    fail(s, EXDEV, EXIT_OURS);
}

static void write_all(const struct step *s, int fd, const char *data) {
  ssize_t written;
  do
    written = write(fd, data, strlen(data));
  while (written < 0 && errno == EINTR);
  check(s, written);
}

/* A new file that everybody may read, whatever the umask, with this content. */
static void create_file(const struct step *s) {
  int fd = open(string(s, 1), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  check(s, fd);
  check(s, fchmod(fd, 0644));
  for (const char *data = string(s, 2); *data;) {
    ssize_t written = write(fd, data, strlen(data));
    if (written < 0 && errno != EINTR)
      fail(s, errno, EXIT_OURS);
    data += written > 0 ? written : 0;
  }
  close(fd);
}

/*
 * Binds what is at a path below the kept directory, and all mounts below that, to another path. Where
 * either of them is not there, nothing is bound: the mount has gone, or there is no place for it.
 * Not by fchdir(2) and mount(2): there may be no way back to a working directory on NFS or FUSE.
 */
static void bind_kept(const struct step *s) {
  int tree = (int)syscall(SYS_open_tree, kept, string(s, 1),
                          OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
  if (tree < 0 && errno == ENOENT)
    return;
  check(s, tree);
  if (syscall(SYS_move_mount, tree, "", AT_FDCWD, string(s, 2), MOVE_MOUNT_F_EMPTY_PATH) < 0 &&
      errno != ENOENT)
    fail(s, errno, EXIT_OURS);
  close(tree);
}

/* a: a failure is no error; b: how many groups follow. */
static void set_groups(const struct step *s) {
  size_t n = (size_t)s->b;
  gid_t *wanted = calloc(n + 1, sizeof *wanted), *have;
  if (!wanted)
    fail(s, ENOMEM, EXIT_OURS);
  const char *number = s->text;
  for (size_t i = 0; i < n; i++) {
    number += strlen(number) + 1;
    wanted[i] = (gid_t)strtoul(number, NULL, 10);
  }
  if (setgroups(n, wanted) < 0 && !s->a) {
    int error = errno;
    /* Where the user namespace denies setgroups(2), groups dropped before the join are as good. */
    int count = getgroups(0, NULL);
    if (count < 0 || (size_t)count != n || !(have = calloc(n + 1, sizeof *have)))
      fail(s, error, EXIT_OURS);
    if (getgroups(count, have) != count || memcmp(have, wanted, n * sizeof *have) != 0)
      fail(s, error, EXIT_OURS);
    free(have);
  }
  free(wanted);
}

/* The id of an OP_SETUID or OP_SETGID: a, or that of descriptor b as the namespaces joined so far see it. */
static uint32_t id_of(const struct step *s) {
  struct stat owner;
  if (s->b < 0)
    return (uint32_t)s->a;
  check(s, fstat((int)s->b, &owner));
  /* The directory of a process that has ended is shown as root's, and as empty. */
  if (faccessat((int)s->b, "stat", F_OK, 0) < 0)
    fail(s, ESRCH, EXIT_OURS);
  return s->op == OP_SETUID ? owner.st_uid : owner.st_gid;
}

struct caps {
  uint64_t permitted, effective, inheritable;
};

static void cap_get(const struct step *s, struct caps *caps) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  check(s, syscall(SYS_capget, &header, data));
  caps->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
  caps->effective = data[0].effective | (uint64_t)data[1].effective << 32;
  caps->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
}

static void cap_set(const struct step *s, const struct caps *caps) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {
      {(uint32_t)caps->effective, (uint32_t)caps->permitted, (uint32_t)caps->inheritable},
      {(uint32_t)(caps->effective >> 32), (uint32_t)(caps->permitted >> 32),
       (uint32_t)(caps->inheritable >> 32)}};
  check(s, syscall(SYS_capset, &header, data));
}

static void raise_ambient(const struct step *s, uint64_t mask) {
  for (unsigned long cap = 0; cap < 64; cap++)
    if (mask >> cap & 1)
      check(s, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0));
}

/* Lets the program keep over exec what a non-zero user id would lose there. */
static void keep_caps(const struct step *s) {
  struct caps caps;
  cap_get(s, &caps);
  caps.inheritable = caps.permitted;
  cap_set(s, &caps);
  raise_ambient(s, caps.effective);
}

/* a: what the bounding set may keep. */
static void bound(const struct step *s) {
  for (unsigned long cap = 0; cap < 64; cap++)
    if (!((uint64_t)s->a >> cap & 1) && prctl(PR_CAPBSET_READ, cap) > 0)
      check(s, prctl(PR_CAPBSET_DROP, cap, 0, 0, 0));
}

/* a permitted, b effective, c inheritable, d ambient: never more than the process has. */
static void set_caps(const struct step *s) {
  struct caps now;
  cap_get(s, &now);
  uint64_t have = now.permitted;
  now = (struct caps){(uint64_t)s->a & have, (uint64_t)s->b & have, (uint64_t)s->c & (have | now.inheritable)};
  check(s, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
  cap_set(s, &now);
  raise_ambient(s, (uint64_t)s->d & now.permitted & now.inheritable);
}

/* The kernel clears the death signal when credentials change, so this comes after them. */
static void die_with_parent(const struct step *s) {
  struct pollfd parent = {self, POLLIN, 0};
  check(s, prctl(PR_SET_PDEATHSIG, s->a, 0, 0, 0));
  if (poll(&parent, 1, 0) > 0)
    _exit(EXIT_OURS); /* it ended before the signal was armed */
}

/* Passes on what a process sent; what the terminal sent went to the whole process group already. */
static void forward(int signal_number, siginfo_t *info, void *context) {
  (void)context;
  int error = errno;
  if (info->si_code <= 0 && child > 0)
    kill(child, signal_number);
  errno = error;
}

static const int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
/* What the terminal stops is the whole job: this process would stop once more with its child. */
static const int terminal_stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};
enum {
  FORWARDED = sizeof forwarded / sizeof *forwarded,
  TERMINAL_STOPS = sizeof terminal_stops / sizeof *terminal_stops
};

/* The child has stopped, so this process does; it goes on when it is continued. */
static void stop_with_child(void) {
  siginfo_t since = {0};
  kill(getpid(), SIGSTOP);
  /* A shell continues the whole job, and a second SIGCONT may interrupt what the program does then. */
  if (waitid(P_PID, (id_t)child, &since, WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT) < 0 ||
      since.si_pid == 0)
    kill(child, SIGCONT);
}

static _Noreturn void wait_for_child(void) {
  int status;
  for (;;) {
    if (waitpid(child, &status, WUNTRACED) < 0) {
      if (errno == EINTR)
        continue;
      _exit(EXIT_OURS);
    }
    if (WIFSTOPPED(status)) {
      stop_with_child();
    } else if (WIFEXITED(status)) {
      _exit(WEXITSTATUS(status));
    } else if (WIFSIGNALED(status)) {
      /* A handler of ours must not take the signal that has to end us. */
      for (int i = 0; i < FORWARDED; i++) {
        struct sigaction action;
        if (sigaction(forwarded[i], NULL, &action) == 0 && action.sa_sigaction == forward)
          signal(forwarded[i], SIG_DFL);
      }
      kill(getpid(), WTERMSIG(status));
      _exit(EXIT_OURS);
    }
  }
}

/* a: forward signals; b: the child will ask whether its parent lives. Only the child returns. */
static void fork_and_wait(const struct step *s) {
  sigset_t hold, before;
  sigemptyset(&hold);
  for (int i = 0; s->a && i < FORWARDED; i++)
    sigaddset(&hold, forwarded[i]);
  for (int i = 0; i < TERMINAL_STOPS; i++)
    sigaddset(&hold, terminal_stops[i]);
  if (s->b)
    check(s, self = (int)syscall(SYS_pidfd_open, getpid(), 0));
  signal(SIGCHLD, SIG_DFL); /* an ignored SIGCHLD would lose the exit status */
  check(s, sigprocmask(SIG_BLOCK, &hold, &before));
  pid_t pid = fork();
  check(s, pid);
  if (pid == 0) {
    check(s, sigprocmask(SIG_SETMASK, &before, NULL));
    return;
  }
  child = pid;
  struct sigaction action = {.sa_sigaction = forward, .sa_flags = SA_SIGINFO | SA_RESTART};
  for (int i = 0; s->a && i < FORWARDED; i++)
    check(s, sigaction(forwarded[i], &action, NULL));
  for (int i = 0; i < TERMINAL_STOPS; i++)
    signal(terminal_stops[i], SIG_IGN);
  check(s, sigprocmask(SIG_SETMASK, &before, NULL));
  check(s, syscall(SYS_close_range, 3U, ~0U, 0U));
  wait_for_child();
}

/* Executes one file, or lets the shell read it where it is a script without "#!". */
static void execute(const char *file, char *const argv[], int argc) {
  execve(file, argv, environ);
  if (errno != ENOEXEC)
    return;
  char **script = calloc((size_t)argc + 2, sizeof *script);
  if (!script)
    return;
  script[0] = "/bin/sh";
  script[1] = (char *)file;
  for (int i = 1; i < argc; i++)
    script[i + 1] = argv[i];
  execve(script[0], script, environ);
  free(script);
}

/* Walks PATH as execvp(3) does; returns the errno of the failure. */
static int search_and_execute(const char *program, char *const argv[], int argc) {
  if (!*program)
    return ENOENT;
  if (strchr(program, '/')) {
    execute(program, argv, argc);
    return errno;
  }
  const char *path = getenv("PATH");
  if (!path)
    path = "/bin:/usr/bin";
  char *file = malloc(strlen(path) + strlen(program) + 2);
  if (!file)
    return ENOMEM;
  int denied = 0;
  for (const char *p = path;; p++) {
    size_t length = strcspn(p, ":");
    memcpy(file, p, length);
    file[length] = '/';
    strcpy(file + length + (length > 0), program); /* an empty element is the working directory */
    execute(file, argv, argc);
    switch (errno) {
    case EACCES:
      denied = 1;
      break;
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ESTALE:
    case ETIMEDOUT:
      break;
    default:
      return errno;
    }
    p += length;
    if (!*p)
      return denied ? EACCES : ENOENT;
  }
}

/* The end of the pipe alone could mean that this process was killed. */
static void say_that_all_is_done(const struct step *s) {
  static const int32_t done[2] = {-1, 0};
  if (report >= 0 && write(report, done, sizeof done) != sizeof done)
    fail(s, errno, EXIT_OURS);
}

/* a: length of argv; b: how many descriptors from 3 on the program keeps. */
static _Noreturn void become_program(const struct step *s) {
  unsigned keep = 3 + (unsigned)s->b;
  if (report >= 0) {
    if (report != (int)keep)
      check(s, dup3(report, (int)keep, O_CLOEXEC));
    report = (int)keep++;
  }
  check(s, syscall(SYS_close_range, keep, ~0U, 0U));
  char **argv = calloc((size_t)s->a + 1, sizeof *argv);
  if (!argv)
    fail(s, ENOMEM, EXIT_OURS);
  const char *argument = string(s, 1);
  for (int i = 0; i < s->a; i++)
    argv[i] = (char *)(argument += strlen(argument) + 1);
  say_that_all_is_done(s);
  int error = search_and_execute(string(s, 1), argv, (int)s->a);
  fail(s, error, error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
}

static void run(const struct step *s) {
  if (s->op < OP_START || s->op > OP_EXEC)
    fail(s, ENOSYS, EXIT_OURS);
  switch ((enum op)s->op) {
  case OP_START:
    report = (int)s->a;
    proc = (int)s->b;
    if (report >= 0)
      check(s, fcntl(report, F_SETFD, FD_CLOEXEC));
    name = string(s, 1);
    check(s, prctl(PR_SET_NAME, name, 0, 0, 0));
    break;
  case OP_HINT:
    break;
  case OP_PRCTL:
    check(s, prctl((int)s->a, s->b, s->c, 0, 0));
    break;
  case OP_SIGNALS:
    restore_signals(s);
    break;
  case OP_SETNS:
    join(s);
    break;
  case OP_UNSHARE:
    check(s, unshare((int)s->a));
    break;
  case OP_KEEP:
    check(s, kept = open(string(s, 1), O_PATH | O_DIRECTORY | O_CLOEXEC));
    break;
  case OP_FCHDIR:
    check(s, fchdir(s->a < 0 ? kept : (int)s->a));
    break;
  case OP_CHROOT:
    enter_root(s);
    break;
  case OP_CHDIR:
    change_directory(s);
    break;
  case OP_WRITE:
    write_all(s, (int)s->a, string(s, 1));
    break;
  case OP_WRITE_PROC: {
    int fd = openat(proc, string(s, 1), O_WRONLY | O_CLOEXEC);
    check(s, fd);
    write_all(s, fd, string(s, 2));
    close(fd);
    break;
  }
  case OP_CREATE:
    create_file(s);
    break;
  case OP_MOUNT:
    check(s, mount(string(s, 1), string(s, 2), string(s, 3), (unsigned long)s->a, NULL));
    break;
  case OP_UMOUNT:
    check(s, umount2(string(s, 1), (int)s->a));
    break;
  case OP_BIND_KEPT:
    bind_kept(s);
    break;
  case OP_FORK:
    fork_and_wait(s);
    break;
  case OP_SETGROUPS:
    set_groups(s);
    break;
  case OP_SETGID:
    check(s, setgid(id_of(s)));
    break;
  case OP_SETUID:
    check(s, setuid(id_of(s)));
    break;
  case OP_KEEP_CAPS:
    keep_caps(s);
    break;
  case OP_BOUND:
    bound(s);
    break;
  case OP_CAPSET:
    set_caps(s);
    break;
  case OP_PDEATHSIG:
    die_with_parent(s);
    break;
  case OP_CLOSE:
    close((int)s->a);
    break;
  case OP_EXEC:
    become_program(s);
  }
}

int main(void) {
  static const char variable[] = "JNSTOOLS_PLAN=";
  struct stat file;
  /* From here until the program is executed nobody in the target may trace this process. */
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
    return EXIT_OURS;
  if (!environ[0] || strncmp(environ[0], variable, sizeof variable - 1) != 0)
    return EXIT_OURS;
  int fd = atoi(environ[0] + sizeof variable - 1);
  environ++;
  if (fstat(fd, &file) < 0 || file.st_size == 0)
    return EXIT_OURS;
  plan = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (plan == MAP_FAILED)
    return EXIT_OURS;
  end = (const struct step *)((const char *)plan + file.st_size);
  close(fd);
  for (const struct step *s = plan; s < end; s = next(s))
    run(s);
  return EXIT_OURS; /* a plan ends with OP_EXEC */
}
