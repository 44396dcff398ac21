/*
 * Drives the stage as a child, with plans of its own making. Nothing is mounted and no namespace is
 * left; what needs root is skipped without it.
 *
 * stage_test STAGE          run all tests with this stage; exit 0 if all passed
 * stage_test show [ARG...]  what a program finds: print it
 * stage_test await [N...]   print "ready"; then the number of the first of these signals, exit 3;
 *                           at the end of stdin print "end", exit 4
 */
#define main stage_main
#include "../../src/main/c/stage.c"
#undef main

#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/ptrace.h>
#include <sys/resource.h>

static const char *stage_path;
static char own_path[PATH_MAX];
static char directory[] = "/tmp/stage-test-XXXXXX";
static int passed, failed;
static const char *test_name;
static int test_failed;

/* ---- checks */

static const char *in_directory(const char *file) {
  static char paths[4][PATH_MAX];
  static int next_path;
  char *path = paths[next_path++ % 4];
  snprintf(path, PATH_MAX, "%s/%s", directory, file);
  return path;
}

static void remove_directory(void) {
  static const char *files[] = {"a/tool", "a/busy", "a/file", "b/tool", "b/busy", "c/tool", "e/tool",
                                "tool", "plain", "fifo", "owned", "a", "b", "c", "e"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    remove(in_directory(files[i]));
  remove(directory);
}

/* A test that hangs ends the run, and takes every process of it along. */
static void give_up(int number) {
  char path[64], children[256];
  ssize_t n = 0;
  (void)number;
  printf("FAILED %s\n  did not end\n", test_name);
  fflush(stdout);
  snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
  do {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? 0 : read(fd, children, sizeof children - 1);
    close(fd);
    if (n > 0) {
      children[n] = 0;
      pid_t first = atoi(children);
      kill(first, SIGKILL);
      waitpid(first, NULL, 0);
    }
  } while (n > 0);
  remove_directory();
  _exit(1);
}

static void complain(const char *what, const char *got) {
  if (!test_failed)
    printf("FAILED %s\n", test_name);
  test_failed = 1;
  printf("  %s; got:\n%s\n", what, got);
}

#define EXPECT(condition, got) \
  do \
    if (!(condition)) \
      complain(#condition, got); \
  while (0)

#define EXPECT_NUMBER(expected, number) \
  do { \
    char got_[32]; \
    long long number_ = (number); \
    snprintf(got_, sizeof got_, "%lld", number_); \
    EXPECT((expected) == number_, got_); \
  } while (0)

#define EXPECT_TEXT(expected, text) EXPECT(strcmp(expected, text) == 0, text)
#define EXPECT_PART(part, text) \
  do \
    if (!strstr(text, part)) \
      complain("has " part, text); \
  while (0)
#define EXPECT_NO_PART(part, text) \
  do \
    if (strstr(text, part)) \
      complain("lacks " part, text); \
  while (0)

static _Noreturn void broken(const char *what) {
  perror(what);
  exit(2);
}

static int must(int result, const char *what) {
  if (result < 0)
    broken(what);
  return result;
}

/* ---- plans */

struct buffer {
  size_t size;
  char bytes[16384];
};

/* One step: four numbers, the label, and strings up to NULL. */
static void add(struct buffer *b, int64_t op, int64_t a_, int64_t b_, int64_t c, int64_t d,
                const char *label, ...) {
  int64_t head[6] = {op, a_, b_, c, d, 0};
  char *start = b->bytes + b->size, *p = start + sizeof head;
  va_list strings;
  va_start(strings, label);
  for (const char *s = label; s; s = va_arg(strings, const char *))
    p = stpcpy(p, s) + 1;
  va_end(strings);
  while ((p - start) % 8)
    *p++ = 0;
  head[5] = p - start - (long)sizeof head;
  memcpy(start, head, sizeof head);
  b->size = (size_t)(p - b->bytes);
}

#define ADD(b, op, a, b_, ...) add(b, op, a, b_, 0, 0, __VA_ARGS__, NULL)

static int memory_file(const void *bytes, size_t size) {
  int fd = must(memfd_create("plan", 0), "memfd_create");
  if (write(fd, bytes, size) != (ssize_t)size)
    broken("write");
  return fd;
}

/* ---- running the stage */

static char *default_environment[] = {"PATH=/usr/bin:/bin", "A=1", NULL};

struct run {
  struct buffer plan;
  char **environment;      /* the program's */
  const char *first_entry; /* in place of JNSTOOLS_PLAN=FD */
  const char *cwd;
  void (*prepare)(struct run *); /* in the child, before the stage */
  int report;                    /* whether to report; the number that the stage has */
  int hold;                      /* keep the stage's stdin open */
  int extra[2];                  /* a descriptor of ours, and its number there */
  pid_t pid;
  int in, out, err, report_end;
  int status;
  char output[8192], errors[8192];
  int32_t message[4];
  ssize_t message_size;
};

static void init(struct run *r, int report_number) {
  memset(r, 0, sizeof *r);
  r->environment = default_environment;
  r->report = report_number;
  r->extra[0] = -1;
  ADD(&r->plan, OP_START, report_number, -1, "start(test)", "test");
}

/* Descriptors go to high numbers first, so that none is in another's way. */
static int high(int fd) {
  int moved = must(fcntl(fd, F_DUPFD, 500), "F_DUPFD");
  close(fd);
  return moved;
}

static _Noreturn void become_stage(struct run *r, int in, int out, int err, int report_fd) {
  enum { PLAN = 400, PROGRAM = 401, ENTRIES = 64 };
  char entry[64], *entries[ENTRIES], *argv[] = {"stage", NULL};
  int plan_fd = high(memory_file(r->plan.bytes, r->plan.size));
  int program = high(must(open(stage_path, O_RDONLY), stage_path));
  in = high(in), out = high(out), err = high(err);
  if (report_fd >= 0)
    report_fd = high(report_fd);
  must(dup2(in, 0), "dup2"), must(dup2(out, 1), "dup2"), must(dup2(err, 2), "dup2");
  if (r->extra[0] >= 0)
    must(dup2(r->extra[0], r->extra[1]), "dup2");
  if (report_fd >= 0)
    must(dup2(report_fd, r->report), "dup2");
  must(dup2(plan_fd, PLAN), "dup2");
  must(dup3(program, PROGRAM, O_CLOEXEC), "dup3");
  syscall(SYS_close_range, 500U, ~0U, 0U);
  if (r->cwd)
    must(chdir(r->cwd), r->cwd);
  int n = 0;
  snprintf(entry, sizeof entry, "JNSTOOLS_PLAN=%d", PLAN);
  entries[n++] = r->first_entry ? (char *)r->first_entry : entry;
  /* It would trace the process, which is not dumpable. */
  entries[n++] = "ASAN_OPTIONS=detect_leaks=0:exitcode=99";
  entries[n++] = "UBSAN_OPTIONS=halt_on_error=1:exitcode=98";
  for (char **e = r->environment; *e && n < ENTRIES - 1; e++)
    entries[n++] = *e;
  entries[n] = NULL;
  if (r->prepare)
    r->prepare(r);
  fexecve(PROGRAM, argv, entries);
  broken("fexecve");
}

static void start(struct run *r) {
  int in[2], out[2], err[2], rep[2] = {-1, -1};
  must(pipe2(in, O_CLOEXEC), "pipe"), must(pipe2(out, O_CLOEXEC), "pipe");
  must(pipe2(err, O_CLOEXEC), "pipe");
  if (r->report >= 0)
    must(pipe2(rep, O_CLOEXEC), "pipe");
  fflush(stdout);
  r->pid = must(fork(), "fork");
  if (r->pid == 0)
    become_stage(r, in[0], out[1], err[1], rep[1]);
  close(in[0]), close(out[1]), close(err[1]), close(rep[1]);
  r->in = in[1], r->out = out[0], r->err = err[0], r->report_end = rep[0];
}

static void read_to_end(int fd, char *text, size_t size) {
  size_t length = 0;
  ssize_t n;
  while (length < size - 1 && (n = read(fd, text + length, size - 1 - length)) > 0)
    length += (size_t)n;
  text[length] = 0;
}

static void finish(struct run *r) {
  if (!r->hold && r->in >= 0)
    close(r->in);
  read_to_end(r->out, r->output, sizeof r->output);
  read_to_end(r->err, r->errors, sizeof r->errors);
  if (r->report_end >= 0) {
    r->message_size = read(r->report_end, r->message, sizeof r->message);
    close(r->report_end);
  }
  must(waitpid(r->pid, &r->status, 0), "waitpid");
  close(r->out), close(r->err);
  if (r->hold)
    close(r->in);
}

static void run_stage(struct run *r) {
  start(r);
  finish(r);
}

/* Reads what the program writes up to a newline. */
static void expect_line(struct run *r, const char *line) {
  char got[256];
  size_t n = 0;
  while (n < sizeof got - 1 && read(r->out, got + n, 1) == 1 && got[n++] != '\n')
    ;
  got[n] = 0;
  EXPECT_TEXT(line, got);
}

/* The program may run before the stage that has forked it waits. */
static void await_sleep(pid_t pid) {
  char path[64], text[256], *state;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  do {
    int file = must(open(path, O_RDONLY | O_CLOEXEC), path);
    ssize_t n = read(file, text, sizeof text - 1);
    close(file);
    text[n < 0 ? 0 : n] = 0;
    state = strrchr(text, ')');
  } while (!state || strncmp(state, ") S", 3));
}

/* Programs whose stage has ended before them are ours to reap. */
static void reap_orphans(void) {
  while (waitpid(-1, NULL, 0) > 0)
    ;
}

static void add_exec(struct run *r, int preserve, const char *program, const char *argument) {
  int n = argument ? 2 : 1;
  add(&r->plan, OP_EXEC, n, preserve, 0, 0, "exec(program)", program, "name", argument, NULL);
}

/* Executes this file in one of its modes. */
static void add_own(struct run *r, int preserve, const char *mode, const char *argument) {
  add(&r->plan, OP_EXEC, argument ? 3 : 2, preserve, 0, 0, "exec(own)", own_path, "own", mode,
      argument, NULL);
}

static void add_shell(struct run *r, const char *script) {
  ADD(&r->plan, OP_EXEC, 3, 0, "exec(/bin/sh)", "/bin/sh", "sh", "-c", script);
}

static int exited(const struct run *r) {
  return WIFEXITED(r->status) ? WEXITSTATUS(r->status) : -WTERMSIG(r->status);
}

static void make_file(const char *file, const char *content, mode_t mode) {
  const char *path = in_directory(file);
  int fd = must(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600), path);
  if (write(fd, content, strlen(content)) < 0)
    broken(path);
  must(fchmod(fd, mode), path);
  close(fd);
}

/* ---- the modes that are programs */

static int show(int argc, char **argv) {
  char text[PATH_MAX];
  sigset_t mask;
  for (int i = 0; i < argc; i++)
    printf("argv[%d]=%s\n", i, argv[i]);
  for (char **e = environ; *e; e++)
    printf("env %s\n", *e);
  printf("cwd=%s\n", getcwd(text, sizeof text));
  printf("fds=");
  for (int fd = 0; fd < 1024; fd++)
    if (fcntl(fd, F_GETFD) >= 0)
      printf("%d,", fd);
  sigprocmask(SIG_SETMASK, NULL, &mask);
  printf("\nblocked=");
  for (int n = 1; n < NSIG; n++)
    if (sigismember(&mask, n) == 1)
      printf("%d,", n);
  printf("\nignored=");
  for (int n = 1; n < NSIG; n++) {
    struct sigaction action;
    if (sigaction(n, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
      printf("%d,", n);
  }
  int death = 0;
  prctl(PR_GET_PDEATHSIG, &death);
  printf("\ndeath=%d\n", death);
  printf("no_new_privs=%d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  uid_t r, e, s;
  getresuid(&r, &e, &s);
  printf("uids=%u,%u,%u\n", r, e, s);
  getresgid(&r, &e, &s);
  printf("gids=%u,%u,%u\n", r, e, s);
  gid_t groups[64];
  int n = getgroups(64, groups);
  printf("groups=");
  for (int i = 0; i < n; i++)
    printf("%u,", groups[i]);
  printf("\n");
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(text, sizeof text, status))
    if (!strncmp(text, "Cap", 3))
      printf("%s", text);
  return 0;
}

static int await(int argc, char **argv) {
  sigset_t set, before;
  sigemptyset(&set);
  for (int i = 0; i < argc; i++)
    sigaddset(&set, atoi(argv[i]));
  sigprocmask(SIG_BLOCK, &set, &before);
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    struct timespec moment = {0, 5000000};
    struct pollfd in = {0, POLLIN, 0};
    int number = sigtimedwait(&set, NULL, &moment);
    if (number > 0) {
      printf("%d\n", number);
      return 3;
    }
    if (poll(&in, 1, 0) > 0) {
      printf("end\n");
      return 4;
    }
  }
}

/* ---- tests: what the stage is given */

static void needs_its_variable_first(void) {
  static const char *bad[] = {"A=1", "JNSTOOLS_PLA=400", "JNSTOOLS_PLAN", "JNSTOOLS_PLAN=399",
                              "JNSTOOLS_PLAN=-1"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct run r;
    init(&r, -1);
    add_shell(&r, "echo ran");
    r.first_entry = bad[i];
    run_stage(&r);
    EXPECT_NUMBER(1, exited(&r));
    EXPECT_TEXT("", r.output);
  }
}

static void runs_nothing_of_an_empty_plan(void) {
  struct run r;
  init(&r, -1);
  r.plan.size = 0;
  run_stage(&r);
  EXPECT_NUMBER(1, exited(&r));
  EXPECT_TEXT("", r.errors);
}

static void fails_where_a_plan_does_not_end_with_exec(void) {
  struct run r;
  init(&r, -1);
  run_stage(&r);
  EXPECT_NUMBER(1, exited(&r));
  EXPECT_TEXT("", r.errors);
}

static void runs_nothing_of_a_truncated_plan(void) {
  struct run whole;
  init(&whole, -1);
  size_t first = whole.plan.size;
  add_shell(&whole, "echo ran");
  for (size_t size = 8; size < first + 48; size += 8) {
    struct run r = whole;
    r.plan.size = size;
    run_stage(&r);
    EXPECT(exited(&r) == 1 || exited(&r) == 127, r.errors);
    EXPECT_TEXT("", r.output);
  }
}

static void refuses_a_step_that_it_does_not_know(void) {
  static const int64_t unknown[] = {OP_EXEC + 1, -1, INT64_MIN, INT64_C(1) << 32};
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    struct run r;
    init(&r, -1);
    ADD(&r.plan, unknown[i], 0, 0, "new(x)");
    add_shell(&r, "echo ran");
    run_stage(&r);
    EXPECT_NUMBER(1, exited(&r));
    EXPECT_TEXT("", r.output);
    EXPECT_TEXT("test: new(x): ENOSYS: Function not implemented\n", r.errors);
  }
}

/* ---- tests: exec */

static void passes_arguments_and_environment(void) {
  struct run r;
  init(&r, -1);
  char *environment[] = {"B=x y", "JNSTOOLS_PLAN=7", "C=\xff\n", "no-name", NULL};
  r.environment = environment;
  ADD(&r.plan, OP_EXEC, 4, 0, "exec(x)", own_path, "zero", "show", "", "\xff\n");
  run_stage(&r);
  EXPECT_NUMBER(0, exited(&r));
  EXPECT_PART("argv[0]=zero\nargv[1]=show\nargv[2]=\nargv[3]=\xff\n\nenv ", r.output);
  EXPECT_PART("env B=x y\nenv JNSTOOLS_PLAN=7\nenv C=\xff\n\nenv no-name\ncwd=", r.output);
  EXPECT_NO_PART("JNSTOOLS_PLAN=400", r.output);
  EXPECT_TEXT("", r.errors);
}

static void has_the_programs_exit_status(void) {
  for (int code = 0; code < 256; code += 51) {
    struct run r;
    char script[32];
    init(&r, -1);
    snprintf(script, sizeof script, "exit %d", code);
    add_shell(&r, script);
    run_stage(&r);
    EXPECT_NUMBER(code, exited(&r));
  }
}

static void leaves_only_the_streams_open(void) {
  struct run r;
  init(&r, -1);
  r.extra[0] = 1, r.extra[1] = 77;
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  EXPECT_PART("\nfds=0,1,2,\n", r.output);
}

static void leaves_the_preserved_ones_open(void) {
  struct run r;
  init(&r, -1);
  r.extra[0] = 1, r.extra[1] = 4;
  add_own(&r, 2, "show", NULL);
  run_stage(&r);
  EXPECT_PART("\nfds=0,1,2,4,\n", r.output);
}

static void preserves_beside_a_report(void) {
  static const int numbers[] = {3, 4, 5, 6, 42};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct run r;
    init(&r, numbers[i]);
    r.extra[0] = 1, r.extra[1] = numbers[i] == 3 ? 4 : 3;
    add_own(&r, 2, "show", NULL);
    run_stage(&r);
    EXPECT_NUMBER(0, exited(&r));
    EXPECT_NUMBER(8, r.message_size);
    EXPECT_NUMBER(-1, r.message[0]);
    /* A report below the preserved ones' end would be one of them. */
    if (numbers[i] >= 5)
      EXPECT_PART("\nfds=0,1,2,3,\n", r.output);
  }
}

static void closes_streams(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_CLOSE, 0, 0, "close(0)");
  ADD(&r.plan, OP_CLOSE, 2, 0, "close(2)");
  ADD(&r.plan, OP_CLOSE, 333, 0, "close(333)");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  EXPECT_PART("\nfds=1,\n", r.output);
}

static void tells_what_it_cannot_find(void) {
  struct run r;
  init(&r, -1);
  add_exec(&r, 0, "no-such-program", NULL);
  run_stage(&r);
  EXPECT_NUMBER(127, exited(&r));
  EXPECT_TEXT("test: exec(program): ENOENT: No such file or directory\n", r.errors);
}

static void finds_no_program_without_a_name(void) {
  struct run r;
  init(&r, -1);
  add_exec(&r, 0, "", NULL);
  run_stage(&r);
  EXPECT_NUMBER(127, exited(&r));
}

static void tells_what_it_cannot_execute(void) {
  make_file("plain", "#!/bin/sh\n", 0644);
  const char *programs[] = {in_directory("plain"), directory};
  for (int i = 0; i < 2; i++) {
    struct run r;
    init(&r, -1);
    add_exec(&r, 0, programs[i], NULL);
    run_stage(&r);
    EXPECT_NUMBER(126, exited(&r));
    EXPECT_TEXT("test: exec(program): EACCES: Permission denied\n", r.errors);
  }
}

static void exits_as_it_should_though_stderr_is_closed(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_CLOSE, 2, 0, "close(2)");
  add_exec(&r, 0, "/no/such", NULL);
  run_stage(&r);
  EXPECT_NUMBER(127, exited(&r));
}

/* Makes directories a and b below the test's, with "tool" in them; PATH is what is given. */
static void run_tool(struct run *r, const char *path, const char *program) {
  static char entry[PATH_MAX];
  static char *environment[2];
  snprintf(entry, sizeof entry, "PATH=%s", path ? path : "");
  environment[0] = path ? entry : NULL;
  r->environment = environment;
  r->cwd = directory;
  add_exec(r, 0, program, "argument");
  run_stage(r);
}

static void walks_path_as_execvp_does(void) {
  make_file("a/tool", "#!/bin/sh\necho a $1\n", 0644);
  make_file("b/tool", "#!/bin/sh\necho b $1\n", 0755);
  make_file("c/tool", "echo c $1 $2\n", 0755);
  make_file("tool", "#!/bin/sh\necho here $1\n", 0755);
  make_file("e/tool", "#!/no/such/interpreter\n", 0755);
  static const struct {
    const char *path, *program, *output;
    int status;
  } cases[] = {
      {"b", "tool", "b argument\n", 0},
      {"a:b", "tool", "b argument\n", 0},   /* EACCES, then found */
      {"a", "tool", "", 126},               /* EACCES alone */
      {"a:/no/such", "tool", "", 126},      /* is remembered */
      {"/no/such:b", "tool", "b argument\n", 0},
      {"plain:b", "tool", "b argument\n", 0}, /* ENOTDIR */
      {"e:b", "tool", "b argument\n", 0},
      {"b:c", "tool", "b argument\n", 0},
      {"c:b", "tool", "c argument\n", 0}, /* ENOEXEC: the shell reads it */
      {"", "tool", "here argument\n", 0}, /* empty elements are the working directory */
      {":b", "tool", "here argument\n", 0},
      {"b:", "tool", "b argument\n", 0},
      {"a:", "tool", "here argument\n", 0},
      {"a::b", "tool", "here argument\n", 0},
      {"/no/such", "tool", "", 127},
      {"/no/such:", "none", "", 127},
      {"b", "./tool", "here argument\n", 0}, /* a slash: no search */
      {"b", "a/tool", "", 126},
      {"b", "c/tool", "c argument\n", 0},
      {NULL, "echo", "argument\n", 0}, /* no PATH: /bin:/usr/bin */
      {NULL, "tool", "", 127},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct run r;
    init(&r, -1);
    run_tool(&r, cases[i].path, cases[i].program);
    EXPECT_TEXT(cases[i].output, r.output);
    EXPECT_NUMBER(cases[i].status, exited(&r));
  }
}

static void gives_up_where_a_file_is_busy(void) {
  make_file("a/busy", "", 0755);
  make_file("b/busy", "echo b\n", 0755);
  int writer = must(open(in_directory("a/busy"), O_WRONLY | O_CLOEXEC), "a/busy");
  struct run r;
  init(&r, -1);
  run_tool(&r, "a:b", "busy");
  close(writer);
  EXPECT_NUMBER(126, exited(&r));
  EXPECT_TEXT("test: exec(program): ETXTBSY: Text file busy\n", r.errors);
}

/* ---- tests: failures */

static void adds_the_first_hint_for_the_error(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "of the step before");
  ADD(&r.plan, OP_CHDIR, 0, 0, "chdir(/no/such)", "/no/such");
  ADD(&r.plan, OP_HINT, EACCES, 0, "()", "of another error");
  ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "first");
  ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "second");
  add_exec(&r, 0, "true", NULL);
  ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "of the step after");
  run_stage(&r);
  EXPECT_NUMBER(1, exited(&r));
  EXPECT_TEXT("test: chdir(/no/such): ENOENT: No such file or directory\nhint: first\n",
              r.errors);
}

static void adds_a_hint_at_the_end_of_the_plan(void) {
  struct run r;
  init(&r, -1);
  add_exec(&r, 0, "/no/such", NULL);
  ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "last");
  run_stage(&r);
  EXPECT_NUMBER(127, exited(&r));
  EXPECT_PART("directory\nhint: last\n", r.errors);
}

static void reports_by_a_pipe_without_counting_hints(void) {
  static const int numbers[] = {3, 4, 200};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct run r;
    init(&r, numbers[i]);
    ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "hint");
    ADD(&r.plan, OP_CHDIR, 0, 0, "chdir(/)", "/");
    ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "hint");
    add_exec(&r, 0, i == 1 ? directory : "/no/such", NULL);
    ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "hint");
    run_stage(&r);
    EXPECT_NUMBER(i == 1 ? 126 : 127, exited(&r));
    EXPECT_TEXT("", r.errors);
    /* That all was done but the exec, then that this failed. */
    EXPECT_NUMBER(16, r.message_size);
    EXPECT_NUMBER(-1, r.message[0]);
    EXPECT_NUMBER(2, r.message[2]);
    EXPECT_NUMBER(i == 1 ? EACCES : ENOENT, r.message[3]);
  }
}

static void reports_a_step_that_failed(void) {
  struct run r;
  init(&r, 10);
  ADD(&r.plan, OP_CHDIR, 0, 0, "chdir(/no/such)", "/no/such");
  add_shell(&r, "echo ran");
  run_stage(&r);
  EXPECT_NUMBER(1, exited(&r));
  EXPECT_TEXT("", r.output);
  EXPECT_NUMBER(8, r.message_size);
  EXPECT_NUMBER(1, r.message[0]);
  EXPECT_NUMBER(ENOENT, r.message[1]);
}

static void reports_success_by_the_end_of_the_pipe(void) {
  struct run r;
  int32_t said[4];
  init(&r, 10);
  r.hold = 1;
  add_own(&r, 0, "await", NULL);
  start(&r);
  expect_line(&r, "ready\n");
  /* The program still runs. */
  EXPECT_NUMBER(8, read(r.report_end, said, sizeof said));
  EXPECT_NUMBER(-1, said[0]);
  EXPECT_NUMBER(0, read(r.report_end, said, sizeof said));
  close(r.in);
  r.hold = 0, r.in = -1;
  finish(&r);
  EXPECT_NUMBER(4, exited(&r));
}

static void reports_success_by_the_end_of_the_pipe_over_a_fork(void) {
  struct run r;
  int32_t said[4];
  init(&r, 10);
  ADD(&r.plan, OP_FORK, 0, 0, "fork()");
  add_own(&r, 0, "await", NULL);
  start(&r);
  expect_line(&r, "ready\n");
  EXPECT_NUMBER(8, read(r.report_end, said, sizeof said));
  EXPECT_NUMBER(0, read(r.report_end, said, sizeof said));
  finish(&r);
  EXPECT_NUMBER(4, exited(&r));
}

static void reports_from_beyond_a_fork(void) {
  struct run r;
  init(&r, 10);
  ADD(&r.plan, OP_FORK, 0, 0, "fork()");
  ADD(&r.plan, OP_HINT, ENOENT, 0, "()", "hint");
  add_exec(&r, 0, "/no/such", NULL);
  run_stage(&r);
  EXPECT_NUMBER(127, exited(&r));
  EXPECT_NUMBER(16, r.message_size);
  EXPECT_NUMBER(2, r.message[2]);
}

static void names_the_step_that_failed(void) {
  static const struct {
    enum op op;
    int64_t a, b;
    const char *string, *more;
    const char *error;
  } cases[] = {
      {OP_PRCTL, 9999, 0, NULL, NULL, "EINVAL: Invalid argument"},
      {OP_UNSHARE, 1, 0, NULL, NULL, "EINVAL: Invalid argument"},
      {OP_SETNS, 333, CLONE_NEWUTS, "x", NULL, "EBADF: Bad file descriptor"},
      {OP_FCHDIR, 333, 0, NULL, NULL, "EBADF: Bad file descriptor"},
      {OP_FCHDIR, 0, 0, NULL, NULL, "ENOTDIR: Not a directory"},
      {OP_FCHDIR, -1, 0, NULL, NULL, "EBADF: Bad file descriptor"},
      {OP_KEEP, 0, 0, "/no/such", NULL, "ENOENT: No such file or directory"},
      {OP_KEEP, 0, 0, "/dev/null", NULL, "ENOTDIR: Not a directory"},
      {OP_CREATE, 0, 0, "/no/such", "x", "ENOENT: No such file or directory"},
      {OP_CHROOT, 333, 0, NULL, NULL, "EBADF: Bad file descriptor"},
      {OP_CHDIR, 0, 0, "", NULL, "ENOENT: No such file or directory"},
      {OP_WRITE, 333, 0, "x", NULL, "EBADF: Bad file descriptor"},
      {OP_WRITE_PROC, 0, 0, "x", "y", "EBADF: Bad file descriptor"},
      {OP_SETUID, 0, 333, NULL, NULL, "EBADF: Bad file descriptor"},
      {OP_SETGID, 0, 333, NULL, NULL, "EBADF: Bad file descriptor"},
      {OP_PDEATHSIG, 65, 0, NULL, NULL, "EINVAL: Invalid argument"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct run r;
    char expected[128];
    init(&r, -1);
    ADD(&r.plan, cases[i].op, cases[i].a, cases[i].b, "step(x)", cases[i].string, cases[i].more);
    add_shell(&r, "echo ran");
    run_stage(&r);
    snprintf(expected, sizeof expected, "test: step(x): %s\n", cases[i].error);
    EXPECT_TEXT(expected, r.errors);
    EXPECT_TEXT("", r.output);
    EXPECT_NUMBER(1, exited(&r));
  }
}

static void mounts_nothing_where_nothing_is(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_MOUNT, 0, 0, "mount(x)", "none", "/no/such", "proc");
  add_shell(&r, "echo ran");
  run_stage(&r);
  EXPECT_NUMBER(1, exited(&r));
  EXPECT_TEXT("", r.output);
  EXPECT_PART("test: mount(x): E", r.errors);
}

/* ---- tests: steps */

static void disturb_signals(struct run *r) {
  (void)r;
  signal(SIGHUP, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGCHLD, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_SETMASK, &set, NULL);
}

static int64_t bit(int number) {
  return (int64_t)(UINT64_C(1) << (number - 1));
}

static void restores_signals(void) {
  struct run r;
  init(&r, -1);
  r.prepare = disturb_signals;
  ADD(&r.plan, OP_SIGNALS, bit(SIGQUIT) | bit(64) | bit(SIGKILL), bit(SIGPIPE) | bit(SIGHUP) | bit(64),
      "signals");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  EXPECT_PART("\nblocked=3,64,\nignored=1,13,64,\n", r.output);
}

static void restores_no_signals_at_all(void) {
  struct run r;
  init(&r, -1);
  r.prepare = disturb_signals;
  ADD(&r.plan, OP_SIGNALS, 0, 0, "signals");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  EXPECT_PART("\nblocked=\nignored=\n", r.output);
}

static void keeps_restored_signals_over_a_fork(void) {
  for (int forward_them = 0; forward_them < 2; forward_them++) {
    struct run r;
    init(&r, -1);
    ADD(&r.plan, OP_SIGNALS, bit(SIGINT), bit(SIGHUP) | bit(SIGUSR1), "signals");
    ADD(&r.plan, OP_FORK, forward_them, 0, "fork()");
    add_own(&r, 0, "show", NULL);
    run_stage(&r);
    EXPECT_PART("\nblocked=2,\nignored=1,10,\n", r.output);
  }
}

static void changes_attributes(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_PRCTL, PR_SET_NO_NEW_PRIVS, 1, "prctl");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  EXPECT_PART("\nno_new_privs=1\n", r.output);
}

static void changes_the_directory(void) {
  struct run r;
  char expected[PATH_MAX + 8];
  init(&r, -1);
  ADD(&r.plan, OP_CHDIR, 0, 0, "chdir", directory);
  ADD(&r.plan, OP_CHDIR, 0, 0, "chdir", "a");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  snprintf(expected, sizeof expected, "\ncwd=%s\n", in_directory("a"));
  EXPECT(strstr(r.output, expected), r.output);
}

static void changes_to_an_open_directory(void) {
  struct run r;
  char expected[PATH_MAX + 8];
  init(&r, -1);
  r.extra[0] = must(open(in_directory("b"), O_PATH | O_CLOEXEC), "b"), r.extra[1] = 20;
  ADD(&r.plan, OP_FCHDIR, 20, 0, "fchdir");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  close(r.extra[0]);
  snprintf(expected, sizeof expected, "\ncwd=%s\n", in_directory("b"));
  EXPECT(strstr(r.output, expected), r.output);
}

static void returns_to_the_directory_it_kept(void) {
  struct run r;
  char expected[PATH_MAX + 8];
  init(&r, -1);
  r.cwd = in_directory("a");
  ADD(&r.plan, OP_KEEP, 0, 0, "keep", ".");
  ADD(&r.plan, OP_CHDIR, 0, 0, "chdir", "/");
  ADD(&r.plan, OP_FCHDIR, -1, 0, "fchdir");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  snprintf(expected, sizeof expected, "\ncwd=%s\n", in_directory("a"));
  EXPECT(strstr(r.output, expected), r.output);
}

static void writes_to_an_open_file(void) {
  struct run r;
  char text[16];
  init(&r, -1);
  r.extra[0] = memory_file("", 0), r.extra[1] = 20;
  ADD(&r.plan, OP_WRITE, 20, 0, "write", "0");
  add_shell(&r, "exit 0");
  run_stage(&r);
  EXPECT_NUMBER(0, exited(&r));
  EXPECT_NUMBER(1, pread(r.extra[0], text, sizeof text, 0));
  EXPECT_NUMBER('0', text[0]);
  close(r.extra[0]);
}

/* A plan that has a directory in place of the proc file system. */
static void init_with_proc(struct run *r, const char *path) {
  init(r, -1);
  r->plan.size = 0;
  ADD(&r->plan, OP_START, -1, 20, "start(test)", "test");
  r->extra[0] = must(open(path, O_PATH | O_CLOEXEC), path), r->extra[1] = 20;
}

static void writes_below_proc(void) {
  struct run r;
  char text[16];
  make_file("a/file", "", 0600);
  init_with_proc(&r, directory);
  ADD(&r.plan, OP_WRITE_PROC, 0, 0, "write", "a/file", "text");
  add_shell(&r, "exit 0");
  run_stage(&r);
  close(r.extra[0]);
  EXPECT_NUMBER(0, exited(&r));
  int fd = must(open(in_directory("a/file"), O_RDONLY | O_CLOEXEC), "a/file");
  EXPECT_NUMBER(4, read(fd, text, sizeof text));
  close(fd);
}

static void creates_a_file_that_everybody_may_read(void) {
  static char content[10001];
  memset(content, 'x', sizeof content - 1);
  const char *contents[] = {"", "\xff\n", content};
  for (int i = 0; i < 3; i++) {
    struct run r;
    struct stat made;
    static char text[sizeof content + 1];
    init(&r, -1);
    const char *path = in_directory("a/file");
    unlink(path);
    mode_t before = umask(077);
    ADD(&r.plan, OP_CREATE, 0, 0, "write(file)", path, contents[i]);
    add_shell(&r, "exit 0");
    run_stage(&r);
    umask(before);
    EXPECT_NUMBER(0, exited(&r));
    must(stat(path, &made), path);
    EXPECT_NUMBER(0644, made.st_mode & 07777);
    int fd = must(open(path, O_RDONLY | O_CLOEXEC), path);
    ssize_t length = read(fd, text, sizeof text);
    close(fd);
    EXPECT_NUMBER((long)strlen(contents[i]), length);
    EXPECT_NUMBER(0, memcmp(text, contents[i], strlen(contents[i])));
  }
}

static void creates_nothing_over_another_file(void) {
  struct run r;
  init(&r, -1);
  make_file("a/file", "old", 0644);
  ADD(&r.plan, OP_CREATE, 0, 0, "write(file)", in_directory("a/file"), "new");
  add_shell(&r, "echo ran");
  run_stage(&r);
  EXPECT_TEXT("test: write(file): EEXIST: File exists\n", r.errors);
  EXPECT_TEXT("", r.output);
}

static void shares_no_directory_after_unshare(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_UNSHARE, CLONE_FS, 0, "unshare");
  add_shell(&r, "exit 0");
  run_stage(&r);
  EXPECT_NUMBER(0, exited(&r));
}

/* ---- tests: fork */

static void mirrors_the_exit_status(void) {
  for (int code = 0; code < 256; code += 51) {
    struct run r;
    char script[32];
    init(&r, -1);
    ADD(&r.plan, OP_FORK, code & 1, 0, "fork()");
    snprintf(script, sizeof script, "exit %d", code);
    add_shell(&r, script);
    run_stage(&r);
    EXPECT_NUMBER(code, exited(&r));
    EXPECT_TEXT("", r.errors);
  }
}

static void mirrors_the_signal(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGUSR1, SIGPIPE, SIGALRM, 40};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    for (int forward_them = 0; forward_them < 2; forward_them++) {
      struct run r;
      char script[32];
      init(&r, -1);
      ADD(&r.plan, OP_SIGNALS, 0, 0, "signals");
      ADD(&r.plan, OP_FORK, forward_them, 0, "fork()");
      snprintf(script, sizeof script, "kill -%d $$", numbers[i]);
      add_shell(&r, script);
      run_stage(&r);
      EXPECT_NUMBER(-numbers[i], exited(&r));
    }
}

static void keeps_the_status_though_sigchld_is_ignored(void) {
  struct run r;
  init(&r, -1);
  r.prepare = disturb_signals;
  ADD(&r.plan, OP_SIGNALS, 0, bit(SIGCHLD), "signals");
  ADD(&r.plan, OP_FORK, 0, 0, "fork()");
  add_shell(&r, "exit 9");
  run_stage(&r);
  EXPECT_NUMBER(9, exited(&r));
}

static void mirrors_stop_and_continue(void) {
  for (int forward_them = 0; forward_them < 2; forward_them++) {
    struct run r;
    init(&r, -1);
    ADD(&r.plan, OP_FORK, forward_them, 0, "fork()");
    add_shell(&r, "kill -STOP $$; echo on; kill -STOP $$; exit 5");
    start(&r);
    for (int i = 0; i < 2; i++) {
      must(waitpid(r.pid, &r.status, WUNTRACED), "waitpid");
      EXPECT_NUMBER(1, WIFSTOPPED(r.status));
      kill(r.pid, SIGCONT);
    }
    finish(&r);
    EXPECT_TEXT("on\n", r.output);
    EXPECT_NUMBER(5, exited(&r));
  }
}

static void be_traced(struct run *r) {
  (void)r;
  must((int)ptrace(PTRACE_TRACEME, 0, NULL, NULL), "PTRACE_TRACEME");
}

/* Held right after its fork, and sent what the terminal sends to the job, it must not stop by that. */
static void leaves_the_terminals_stops_to_the_program_from_the_fork_on(void) {
  static const int numbers[] = {SIGTSTP, SIGTTIN, SIGTTOU};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct run r;
    unsigned long program = 0;
    int stops = 0;
    init(&r, -1);
    r.prepare = be_traced;
    ADD(&r.plan, OP_FORK, 0, 0, "fork()");
    add_shell(&r, "exit 5");
    start(&r);
    must(waitpid(r.pid, &r.status, 0), "the exec");
    must((int)ptrace(PTRACE_SETOPTIONS, r.pid, NULL, (void *)PTRACE_O_TRACEFORK), "SETOPTIONS");
    while (WIFSTOPPED(r.status)) {
      if (r.status >> 8 == (SIGTRAP | PTRACE_EVENT_FORK << 8)) {
        must((int)ptrace(PTRACE_GETEVENTMSG, r.pid, NULL, &program), "GETEVENTMSG");
        must(waitpid((pid_t)program, NULL, __WALL), "the program");
        must((int)ptrace(PTRACE_DETACH, (pid_t)program, NULL, NULL), "PTRACE_DETACH");
        kill(r.pid, numbers[i]);
      }
      stops += WSTOPSIG(r.status) == numbers[i];
      must((int)ptrace(PTRACE_CONT, r.pid, NULL, NULL), "PTRACE_CONT");
      must(waitpid(r.pid, &r.status, 0), "waitpid");
    }
    EXPECT_NUMBER(1, program > 0);
    EXPECT_NUMBER(0, stops);
    EXPECT_NUMBER(5, exited(&r));
    close(r.in), close(r.out), close(r.err);
  }
}

static void forwards_what_a_process_sent(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct run r;
    char number[8], line[8];
    snprintf(number, sizeof number, "%d", numbers[i]);
    snprintf(line, sizeof line, "%d\n", numbers[i]);
    init(&r, -1);
    ADD(&r.plan, OP_SIGNALS, 0, 0, "signals");
    ADD(&r.plan, OP_FORK, 1, 0, "fork()");
    add_own(&r, 0, "await", number);
    r.hold = 1;
    start(&r);
    expect_line(&r, "ready\n");
    kill(r.pid, numbers[i]);
    expect_line(&r, line);
    finish(&r);
    EXPECT_NUMBER(3, exited(&r));
  }
}

static void dies_of_the_signal_that_it_forwarded(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_SIGNALS, 0, 0, "signals");
  ADD(&r.plan, OP_FORK, 1, 0, "fork()");
  add_own(&r, 0, "await", NULL);
  r.hold = 1;
  start(&r);
  expect_line(&r, "ready\n");
  kill(r.pid, SIGTERM);
  finish(&r);
  EXPECT_NUMBER(-SIGTERM, exited(&r));
  EXPECT_TEXT("", r.output);
}

static void forwards_nothing_unasked(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_SIGNALS, 0, 0, "signals");
  ADD(&r.plan, OP_FORK, 0, 0, "fork()");
  add_own(&r, 0, "await", "15");
  start(&r);
  expect_line(&r, "ready\n");
  kill(r.pid, SIGTERM);
  must(waitpid(r.pid, &r.status, 0), "waitpid");
  EXPECT_NUMBER(-SIGTERM, exited(&r));
  /* The program lives on, and ends with its input. */
  close(r.in);
  expect_line(&r, "end\n");
  close(r.out), close(r.err);
  reap_orphans();
}

static void holds_only_the_streams_while_it_waits(void) {
  struct run r;
  char path[64], text[256] = "";
  init(&r, 10);
  r.extra[0] = 1, r.extra[1] = 77;
  ADD(&r.plan, OP_FORK, 0, 1, "fork()");
  add_own(&r, 0, "await", NULL);
  start(&r);
  expect_line(&r, "ready\n");
  await_sleep(r.pid);
  snprintf(path, sizeof path, "/proc/%d/fd", r.pid);
  DIR *fds = opendir(path);
  struct dirent *entry;
  if (fds) {
    for (int fd = 0; fd < 1024; fd++) {
      rewinddir(fds);
      while ((entry = readdir(fds)))
        if (entry->d_name[0] != '.' && atoi(entry->d_name) == fd)
          snprintf(text + strlen(text), sizeof text - strlen(text), "%d,", fd);
    }
    closedir(fds);
    EXPECT_TEXT("0,1,2,", text);
  }
  snprintf(path, sizeof path, "/proc/%d/comm", r.pid);
  int comm = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = comm < 0 ? 0 : read(comm, text, sizeof text - 1);
  text[n] = 0;
  close(comm);
  EXPECT_TEXT("test\n", text);
  finish(&r);
}

static void become_nobody(struct run *r) {
  (void)r;
  must(setgroups(0, NULL), "setgroups");
  must(setgid(65534), "setgid");
  must(setuid(65534), "setuid");
}

static void can_not_be_traced_while_it_waits(void) {
  struct run r;
  char path[64];
  struct stat owner = {0};
  init(&r, -1);
  r.prepare = geteuid() == 0 ? become_nobody : NULL;
  ADD(&r.plan, OP_FORK, 0, 0, "fork()");
  ADD(&r.plan, OP_EXEC, 1, 0, "exec(cat)", "/bin/cat", "cat");
  r.hold = 1;
  start(&r);
  if (write(r.in, "ready\n", 6) != 6)
    broken("write");
  expect_line(&r, "ready\n");
  /* The kernel gives root what belongs to a process that is not dumpable. */
  snprintf(path, sizeof path, "/proc/%d/stat", r.pid);
  must(stat(path, &owner), path);
  EXPECT_NUMBER(0, owner.st_uid);
  r.hold = 0;
  finish(&r);
  EXPECT_NUMBER(0, exited(&r));
}

/* ---- tests: the death signal */

static void arms_the_death_signal(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_FORK, 0, 1, "fork()");
  ADD(&r.plan, OP_PDEATHSIG, SIGUSR1, 0, "prctl");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  EXPECT_PART("\ndeath=10\n", r.output);
  EXPECT_PART("\nfds=0,1,2,\n", r.output);
}

static void signals_the_program_when_the_parent_dies(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_FORK, 0, 1, "fork()");
  ADD(&r.plan, OP_PDEATHSIG, SIGUSR1, 0, "prctl");
  add_own(&r, 0, "await", "10");
  start(&r);
  expect_line(&r, "ready\n");
  kill(r.pid, SIGKILL);
  must(waitpid(r.pid, &r.status, 0), "waitpid");
  expect_line(&r, "10\n");
  close(r.in), close(r.out), close(r.err);
  reap_orphans();
}

static void runs_nothing_where_the_parent_died_before(void) {
  struct run r;
  const char *fifo = in_directory("fifo");
  must(mkfifo(fifo, 0600), fifo);
  init_with_proc(&r, directory);
  ADD(&r.plan, OP_FORK, 0, 1, "fork()");
  /* The child waits here, for whoever reads. */
  ADD(&r.plan, OP_WRITE_PROC, 0, 0, "write", "fifo", "x");
  ADD(&r.plan, OP_PDEATHSIG, SIGUSR1, 0, "prctl");
  add_shell(&r, "echo ran");
  start(&r);
  char path[64], comm[64] = "";
  /* The child is there once the kernel lists it. */
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", r.pid, r.pid);
  for (int i = 0; i < 5000 && !comm[0]; i++) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, comm, sizeof comm - 1) < 0)
      comm[0] = 0;
    close(fd);
    usleep(1000);
  }
  EXPECT(comm[0] != 0, path);
  kill(r.pid, SIGKILL);
  must(waitpid(r.pid, &r.status, 0), "waitpid");
  int reader = must(open(fifo, O_RDONLY | O_CLOEXEC), fifo);
  close(r.in);
  read_to_end(r.out, r.output, sizeof r.output);
  EXPECT_TEXT("", r.output);
  close(reader), close(r.out), close(r.err), close(r.extra[0]);
  reap_orphans();
}

/* ---- tests that need root */

static void verifies_what_it_joined(void) {
  struct stat own;
  must(stat("/proc/self/ns/uts", &own), "/proc/self/ns/uts");
  for (int other = 0; other < 3; other++) {
    struct run r;
    init_with_proc(&r, "/proc");
    int ns = must(open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC), "uts");
    /* In place of stdin: there is one extra descriptor. */
    r.plan.size = 0;
    ADD(&r.plan, OP_START, -1, 20, "start(test)", "test");
    add(&r.plan, OP_WRITE_PROC, 0, 0, 0, 0, "write", "self/comm", "joining", NULL);
    add(&r.plan, OP_SETNS, ns, CLONE_NEWUTS, (int64_t)own.st_dev + (other == 1),
        (int64_t)own.st_ino + (other == 2), "setns(uts)", "thread-self/ns/uts", NULL);
    ADD(&r.plan, OP_HINT, EXDEV, 0, "()", "nothing was run");
    add_shell(&r, "echo ran");
    must(fcntl(ns, F_SETFD, 0), "F_SETFD");
    run_stage(&r);
    close(ns), close(r.extra[0]);
    EXPECT_TEXT(other ? "" : "ran\n", r.output);
    EXPECT_TEXT(other ? "test: setns(uts): EXDEV: Invalid cross-device link\nhint: nothing was run\n"
                      : "",
                r.errors);
    EXPECT_NUMBER(other ? 1 : 0, exited(&r));
  }
}

static void assumes_ids_and_groups(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_SETGROUPS, 0, 3, "setgroups", "7", "4294967294", "8");
  ADD(&r.plan, OP_SETGID, 1001, -1, "setgid");
  ADD(&r.plan, OP_SETUID, INT64_C(4294967294), -1, "setuid");
  ADD(&r.plan, OP_EXEC, 2, 0, "exec(sh)", "/bin/sh", "sh", "-s");
  r.hold = 1;
  start(&r);
  const char script[] = "grep -E '^(Uid|Gid|Groups)' /proc/self/status\n";
  if (write(r.in, script, sizeof script - 1) < 0)
    broken("write");
  r.hold = 0;
  finish(&r);
  EXPECT_TEXT("Uid:\t4294967294\t4294967294\t4294967294\t4294967294\n"
              "Gid:\t1001\t1001\t1001\t1001\nGroups:\t7 8 4294967294 \n",
              r.output);
}

static void follows_the_owner_of_a_descriptor(void) {
  struct run r;
  init(&r, -1);
  must(mkdir(in_directory("owned"), 0755), "owned");
  make_file("owned/stat", "", 0644); /* what the directory of a living process has */
  r.extra[0] = must(open(in_directory("owned"), O_PATH | O_CLOEXEC), "owned"), r.extra[1] = 20;
  must(chown(in_directory("owned"), 1234, 1235), "chown");
  ADD(&r.plan, OP_SETGID, 0, 20, "setgid");
  ADD(&r.plan, OP_SETUID, 0, 20, "setuid");
  add_shell(&r, "id -u; id -g");
  run_stage(&r);
  close(r.extra[0]);
  EXPECT_TEXT("1234\n1235\n", r.output);
  must(unlink(in_directory("owned/stat")), "owned/stat");
  must(rmdir(in_directory("owned")), "owned");
}

static void takes_groups_that_are_there_already(void) {
  for (int forgiven = 0; forgiven < 2; forgiven++)
    for (int same = 0; same < 2; same++) {
      struct run r;
      init(&r, -1);
      ADD(&r.plan, OP_SETGROUPS, 0, 2, "setgroups", "7", "8");
      ADD(&r.plan, OP_SETUID, 1000, -1, "setuid");
      ADD(&r.plan, OP_SETGROUPS, forgiven, 2, "setgroups(2)", "7", same ? "8" : "9");
      add_shell(&r, "id -G");
      run_stage(&r);
      int fine = forgiven || same;
      EXPECT_TEXT(fine ? "0 7 8\n" : "", r.output);
      EXPECT_TEXT(fine ? "" : "test: setgroups(2): EPERM: Operation not permitted\n", r.errors);
    }
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_SETGROUPS, 0, 2, "setgroups", "7", "8");
  ADD(&r.plan, OP_SETUID, 1000, -1, "setuid");
  ADD(&r.plan, OP_SETGROUPS, 0, 0, "setgroups(0)");
  add_shell(&r, "echo ran");
  run_stage(&r);
  EXPECT_TEXT("", r.output);
  EXPECT_NUMBER(1, exited(&r));
}

static void keeps_capabilities(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_PRCTL, PR_SET_KEEPCAPS, 1, "prctl");
  ADD(&r.plan, OP_SETUID, 1000, -1, "setuid");
  add(&r.plan, OP_CAPSET, 1 << CAP_CHOWN | 1 << CAP_KILL, 1 << CAP_CHOWN | 1 << CAP_KILL, 0, 0,
      "capset", NULL);
  ADD(&r.plan, OP_KEEP_CAPS, 0, 0, "keep");
  add_shell(&r, "grep Cap /proc/self/status");
  run_stage(&r);
  EXPECT_PART("CapInh:\t0000000000000021\nCapPrm:\t0000000000000021\nCapEff:\t0000000000000021\n",
              r.output);
  EXPECT_PART("CapAmb:\t0000000000000021\n", r.output);
}

static void limits_capabilities(void) {
  struct run r;
  init(&r, -1);
  ADD(&r.plan, OP_BOUND, 1 << CAP_CHOWN | 1 << CAP_KILL, 0, "bound");
  ADD(&r.plan, OP_PRCTL, PR_SET_KEEPCAPS, 1, "prctl");
  ADD(&r.plan, OP_SETUID, 1000, -1, "setuid");
  add(&r.plan, OP_CAPSET, -1, 0, 1 << CAP_CHOWN, -1, "capset", NULL);
  add_shell(&r, "grep Cap /proc/self/status");
  run_stage(&r);
  EXPECT_PART("CapInh:\t0000000000000001\nCapPrm:\t0000000000000001\nCapEff:\t0000000000000001\n"
              "CapBnd:\t0000000000000021\nCapAmb:\t0000000000000001\n",
              r.output);
}

/* A mount namespace of the plan's own, in which mounts stay. */
static void add_private_mounts(struct run *r) {
  ADD(&r->plan, OP_UNSHARE, CLONE_NEWNS, 0, "unshare");
  ADD(&r->plan, OP_MOUNT, MS_REC | MS_PRIVATE, 0, "mount(/)", "none", "/", "none");
}

static void binds_what_a_mount_has_covered_and_all_below_it(void) {
  struct run r;
  init(&r, -1);
  make_file("a/file", "covered\n", 0644);
  must(mkdir(in_directory("a/sub"), 0755), "a/sub");
  add_private_mounts(&r);
  ADD(&r.plan, OP_MOUNT, 0, 0, "mount(sub)", "tmpfs", in_directory("a/sub"), "tmpfs");
  ADD(&r.plan, OP_CREATE, 0, 0, "write", in_directory("a/sub/file"), "below\n");
  ADD(&r.plan, OP_KEEP, 0, 0, "openat", directory);
  ADD(&r.plan, OP_MOUNT, 0, 0, "mount", "tmpfs", directory, "tmpfs");
  ADD(&r.plan, OP_BIND_KEPT, 0, 0, "move_mount", "a", "/mnt");
  ADD(&r.plan, OP_EXEC, 4, 0, "exec(cat)", "/bin/cat", "cat", "/mnt/file", "/mnt/sub/file",
      in_directory("a/file"));
  run_stage(&r);
  must(rmdir(in_directory("a/sub")), "a/sub");
  EXPECT_TEXT("covered\nbelow\n", r.output);
  EXPECT_PART("cat: /tmp/stage-test-", r.errors);
  EXPECT_NUMBER(1, exited(&r));
}

static void binds_nothing_that_is_not_there(void) {
  static const char *pairs[][2] = {{"no/such", "/mnt"}, {"a", "/no/such"}};
  for (int i = 0; i < 2; i++) {
    struct run r;
    init(&r, -1);
    add_private_mounts(&r);
    ADD(&r.plan, OP_KEEP, 0, 0, "openat", directory);
    ADD(&r.plan, OP_BIND_KEPT, 0, 0, "move_mount", pairs[i][0], pairs[i][1]);
    add_shell(&r, "exit 7");
    run_stage(&r);
    EXPECT_TEXT("", r.errors);
    EXPECT_NUMBER(7, exited(&r));
  }
}

static void tells_what_it_cannot_bind(void) {
  struct run r;
  init(&r, -1);
  add_private_mounts(&r);
  ADD(&r.plan, OP_KEEP, 0, 0, "openat", directory);
  ADD(&r.plan, OP_BIND_KEPT, 0, 0, "move_mount(x)", "a", "/dev/null");
  add_shell(&r, "echo ran");
  run_stage(&r);
  EXPECT_TEXT("test: move_mount(x): EINVAL: Invalid argument\n", r.errors);
  EXPECT_TEXT("", r.output);
  init(&r, -1);
  add_private_mounts(&r);
  ADD(&r.plan, OP_MOUNT, 0, 0, "mount", "tmpfs", in_directory("a"), "tmpfs");
  ADD(&r.plan, OP_MOUNT, MS_UNBINDABLE, 0, "mount", "none", in_directory("a"), "none");
  ADD(&r.plan, OP_KEEP, 0, 0, "openat", directory);
  ADD(&r.plan, OP_BIND_KEPT, 0, 0, "move_mount(x)", "a", in_directory("b"));
  add_shell(&r, "echo ran");
  run_stage(&r);
  EXPECT_TEXT("test: move_mount(x): EINVAL: Invalid argument\n", r.errors);
  EXPECT_TEXT("", r.output);
}

static void unmounts(void) {
  struct run r;
  char script[PATH_MAX];
  init(&r, -1);
  make_file("b/tool", "", 0755);
  add_private_mounts(&r);
  ADD(&r.plan, OP_MOUNT, 0, 0, "mount", "tmpfs", in_directory("b"), "tmpfs");
  ADD(&r.plan, OP_CREATE, 0, 0, "write", in_directory("b/file"), "bound\n");
  ADD(&r.plan, OP_MOUNT, MS_BIND, 0, "mount", in_directory("b/file"), in_directory("plain"), "none");
  ADD(&r.plan, OP_UMOUNT, MNT_DETACH, 0, "umount2", in_directory("b"));
  snprintf(script, sizeof script, "cd %s; cat plain; ls b/tool; ls b/file 2>/dev/null", directory);
  add_shell(&r, script);
  run_stage(&r);
  EXPECT_TEXT("bound\nb/tool\n", r.output);
  init(&r, -1);
  ADD(&r.plan, OP_UMOUNT, MNT_DETACH, 0, "umount2(x)", in_directory("b"));
  add_shell(&r, "echo ran");
  run_stage(&r);
  EXPECT_TEXT("test: umount2(x): EINVAL: Invalid argument\n", r.errors);
  EXPECT_TEXT("", r.output);
}

static void enters_a_root(void) {
  struct run r;
  init(&r, -1);
  r.cwd = directory;
  r.extra[0] = must(open("/", O_PATH | O_CLOEXEC), "/"), r.extra[1] = 20;
  ADD(&r.plan, OP_CHROOT, 20, 0, "chroot");
  add_own(&r, 0, "show", NULL);
  run_stage(&r);
  close(r.extra[0]);
  EXPECT_PART("\ncwd=/\n", r.output);
  init(&r, -1);
  r.extra[0] = must(open(in_directory("a"), O_PATH | O_CLOEXEC), "a"), r.extra[1] = 20;
  ADD(&r.plan, OP_CHROOT, 20, 0, "chroot");
  add_exec(&r, 0, "/bin/sh", NULL);
  run_stage(&r);
  close(r.extra[0]);
  EXPECT_NUMBER(127, exited(&r));
}

/* ---- */

static const struct {
  const char *name;
  void (*test)(void);
  int root;
} tests[] = {
#define TEST(f) {#f, f, 0}
#define ROOT_TEST(f) {#f, f, 1}
    TEST(needs_its_variable_first),
    TEST(runs_nothing_of_an_empty_plan),
    TEST(fails_where_a_plan_does_not_end_with_exec),
    TEST(runs_nothing_of_a_truncated_plan),
    TEST(refuses_a_step_that_it_does_not_know),
    TEST(passes_arguments_and_environment),
    TEST(has_the_programs_exit_status),
    TEST(leaves_only_the_streams_open),
    TEST(leaves_the_preserved_ones_open),
    TEST(preserves_beside_a_report),
    TEST(closes_streams),
    TEST(tells_what_it_cannot_find),
    TEST(finds_no_program_without_a_name),
    TEST(tells_what_it_cannot_execute),
    TEST(exits_as_it_should_though_stderr_is_closed),
    TEST(walks_path_as_execvp_does),
    TEST(gives_up_where_a_file_is_busy),
    TEST(adds_the_first_hint_for_the_error),
    TEST(adds_a_hint_at_the_end_of_the_plan),
    TEST(reports_by_a_pipe_without_counting_hints),
    TEST(reports_a_step_that_failed),
    TEST(reports_success_by_the_end_of_the_pipe),
    TEST(reports_success_by_the_end_of_the_pipe_over_a_fork),
    TEST(reports_from_beyond_a_fork),
    TEST(names_the_step_that_failed),
    TEST(mounts_nothing_where_nothing_is),
    TEST(restores_signals),
    TEST(restores_no_signals_at_all),
    TEST(keeps_restored_signals_over_a_fork),
    TEST(changes_attributes),
    TEST(changes_the_directory),
    TEST(changes_to_an_open_directory),
    TEST(returns_to_the_directory_it_kept),
    TEST(writes_to_an_open_file),
    TEST(writes_below_proc),
    TEST(creates_a_file_that_everybody_may_read),
    TEST(creates_nothing_over_another_file),
    TEST(shares_no_directory_after_unshare),
    TEST(mirrors_the_exit_status),
    TEST(mirrors_the_signal),
    TEST(keeps_the_status_though_sigchld_is_ignored),
    TEST(mirrors_stop_and_continue),
    TEST(leaves_the_terminals_stops_to_the_program_from_the_fork_on),
    TEST(forwards_what_a_process_sent),
    TEST(dies_of_the_signal_that_it_forwarded),
    TEST(forwards_nothing_unasked),
    TEST(holds_only_the_streams_while_it_waits),
    TEST(can_not_be_traced_while_it_waits),
    TEST(arms_the_death_signal),
    TEST(signals_the_program_when_the_parent_dies),
    TEST(runs_nothing_where_the_parent_died_before),
    ROOT_TEST(verifies_what_it_joined),
    ROOT_TEST(assumes_ids_and_groups),
    ROOT_TEST(follows_the_owner_of_a_descriptor),
    ROOT_TEST(takes_groups_that_are_there_already),
    ROOT_TEST(keeps_capabilities),
    ROOT_TEST(limits_capabilities),
    ROOT_TEST(binds_what_a_mount_has_covered_and_all_below_it),
    ROOT_TEST(binds_nothing_that_is_not_there),
    ROOT_TEST(tells_what_it_cannot_bind),
    ROOT_TEST(unmounts),
    ROOT_TEST(enters_a_root),
};

int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "show"))
    return show(argc, argv);
  if (argc > 1 && !strcmp(argv[1], "await"))
    return await(argc - 2, argv + 2);
  if (argc != 2 || !realpath("/proc/self/exe", own_path)) {
    fprintf(stderr, "usage: stage_test STAGE\n");
    return 2;
  }
  stage_path = argv[1];
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(SIGPIPE, SIG_IGN);
  must(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "PR_SET_CHILD_SUBREAPER");
  signal(SIGALRM, give_up);
  umask(022);
  if (!mkdtemp(directory))
    broken(directory);
  must(chmod(directory, 0755), directory);
  static const char *below[] = {"a", "b", "c", "e"};
  for (int i = 0; i < 4; i++)
    must(mkdir(in_directory(below[i]), 0755), below[i]);
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
    if (tests[i].root && geteuid() != 0) {
      printf("skipped %s: not root\n", tests[i].name);
      continue;
    }
    test_name = tests[i].name;
    test_failed = 0;
    alarm(30);
    tests[i].test();
    alarm(0);
    test_failed ? failed++ : passed++;
  }
  remove_directory();
  printf("%d passed, %d failed\n", passed, failed);
  return failed > 0;
}
