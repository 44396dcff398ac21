/*
 * Starts the command that it is called by: finds a JDK, notes what the JVM would change or hide of
 * the caller's process, and becomes java, so that the pid stays. What it needs is beside it: see
 * "home". It is no script since a shell takes 2 ms more, and changes environment and signals.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OLDEST = 17, WITH_AOT_CACHE = 25, SIGNALS = 64 };

/* A variable of the caller's that is not for this JVM arrives by the name that this is before. */
#define CALLERS "JNSTOOLS_CALLERS_"
#define JVMS "/usr/lib/jvm"

static const char *name = "jnstools"; /* of the command */

static _Noreturn void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s: ", name);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

static char *text(const char *format, ...) {
  char *made;
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&made, format, arguments) == -1)
    fail("out of memory");
  va_end(arguments);
  return made;
}

static bool starts(const char *string, const char *with) {
  return strncmp(string, with, strlen(with)) == 0;
}

static bool has(char **arguments, const char *word) {
  while (*arguments != NULL)
    if (strcmp(*arguments++, word) == 0)
      return true;
  return false;
}

/* ---- What the caller gave us. */

/* The directory where this program is, whatever links led to it. */
static char *home(void) {
  static char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length == -1)
    fail("/proc is not usable; mount it: mount -t proc proc /proc");
  *strrchr(path, '/') = 0;
  return path;
}

/* Those signals that are ignored, a bit each. The JVM would lose SIGPIPE, and others it handles. */
static uint64_t ignored_signals(void) {
  uint64_t ignored = 0;
  for (int signal = 1; signal <= SIGNALS; signal++) {
    /* The C library keeps two of them to itself; the handler comes first in the kernel's struct. */
    void *action[8];
    if (syscall(SYS_rt_sigaction, signal, NULL, action, SIGNALS / 8) == 0 && action[0] == SIG_IGN)
      ignored |= UINT64_C(1) << (signal - 1);
  }
  return ignored;
}

static bool is_open(int descriptor) {
  return fcntl(descriptor, F_GETFD) != -1;
}

/* Those standard streams that are closed: each would become the first file that the JVM opens. */
static char *closed_streams(void) {
  static char closed[8];
  for (int stream = 0; stream <= 2; stream++)
    if (!is_open(stream)) {
      sprintf(closed + strlen(closed), " %d", stream);
      open("/dev/null", stream == 0 ? O_RDONLY : O_WRONLY);
    }
  return closed;
}

/* How many descriptors are open from 3 on, without a gap. */
static int open_descriptors(void) {
  int next = 3;
  while (is_open(next))
    next++;
  return next - 3;
}

/* What steers other JVMs is for the program, not for us; by the last one java would start anew. */
static bool is_kept_from_java(const char *entry) {
  return starts(entry, "JAVA_TOOL_OPTIONS=") || starts(entry, "JDK_JAVA_OPTIONS=") ||
         starts(entry, "_JAVA_OPTIONS=") || starts(entry, "LD_LIBRARY_PATH=") ||
         starts(entry, CALLERS);
}

/* Everything else stays: /proc/self/environ is the caller's. */
static void keep_from_java(char **entry) {
  for (; *entry != NULL; entry++)
    if (is_kept_from_java(*entry))
      *entry = text(CALLERS "%s", *entry);
}

/* ---- The JDK. */

/* The version of the JDK in a directory; 0 if it is none. */
static int version(const char *jdk) {
  char release[4096], *line;
  int file;
  ssize_t length;
  char *java = text("%s/bin/java", jdk), *path = text("%s/release", jdk);
  if (access(java, X_OK) == -1 || (file = open(path, O_RDONLY | O_CLOEXEC)) == -1)
    return 0;
  length = read(file, release + 1, sizeof release - 2);
  close(file);
  if (length <= 0)
    return 0;
  release[0] = '\n';
  release[length + 1] = 0;
  line = strstr(release, "\nJAVA_VERSION=\"");
  return line == NULL ? 0 : atoi(strchr(line, '"') + 1);
}

/* The newest that is installed, the first by name of several; NULL if there is none. */
static char *newest_jdk(int *newest) {
  char *found = NULL;
  struct dirent *entry;
  DIR *jvms = opendir(JVMS);
  if (jvms == NULL)
    return NULL;
  *newest = OLDEST - 1;
  while ((entry = readdir(jvms)) != NULL) {
    if (entry->d_name[0] == '.')
      continue;
    char *jdk = text(JVMS "/%s", entry->d_name);
    int its = version(jdk);
    if (its > *newest || (found != NULL && its == *newest && strcmp(jdk, found) < 0)) {
      found = jdk;
      *newest = its;
    }
  }
  closedir(jvms);
  return found;
}

/*
 * Classes that build-archives.sh has prepared for this JDK. Root maps only a file of its own; others
 * trust the archive as they trust the jar. One that is missing or does not fit, the JVM leaves
 * alone, and is told to say nothing of it.
 */
static char *classes(const char *home, int jdk, char **arguments) {
  const char *kind = has(arguments, "--help") || has(arguments, "-h") ? "help" : name;
  bool cache = jdk >= WITH_AOT_CACHE;
  char *archive = text("%s/archive/%s-%d.%s", home, kind, jdk, cache ? "aot" : "jsa");
  struct stat file;
  if (getuid() == 0 && (stat(archive, &file) == -1 || file.st_uid != geteuid()))
    return "-Xshare:auto";
  return text("%s=%s", cache ? "-XX:AOTCache" : "-XX:SharedArchiveFile", archive);
}

static bool is_watch(char **arguments) {
  bool first = arguments[0] != NULL && strcmp(arguments[0], "watch") == 0;
  bool later = arguments[0] != NULL && arguments[0][0] == '-' && has(arguments, "watch");
  return strcmp(name, "jnetns") == 0 && (first || later);
}

int main(int argc, char **arguments) {
  if (argc == 0)
    fail("called without a name");
  const char *slash = strrchr(arguments[0], '/');
  name = slash == NULL ? arguments[0] : slash + 1;
  arguments++;
  const char *closed = closed_streams();
  const char *here = home();
  char *jar = text("%s/jnstools-commands.jar", here);
  if (access(jar, R_OK) == -1)
    fail("%s: %s; build it (mvn package), or install it anew", jar, strerror(errno));
  /* A JVM does not start there, and says so on stdout. */
  if (getcwd(NULL, 0) == NULL)
    fail("the working directory is gone, or out of reach");

  int jdk_version = 0;
  char *jdk = getenv("JAVA_HOME");
  if (jdk == NULL || (jdk_version = version(jdk)) < OLDEST)
    jdk = newest_jdk(&jdk_version);

  const char *flags[] = {
      jdk == NULL ? "java" : text("%s/bin/java", jdk),
      /* A compiler does not pay where the JVM is gone at once: 3 ms. */
      strcmp(name, "jnsenter") == 0 ? "-Xint" : "-XX:TieredStopAtLevel=1",
      "-XX:+UseSerialGC",
      jdk == NULL ? "-Xshare:auto" : classes(here, jdk_version, arguments),
      "-Xlog:disable",
      /* The firewall of a host with thousands of containers takes room. */
      strcmp(name, "jdocknet") == 0 ? "-Xmx1g" : "-Xmx64m",
      /* Ctrl-C ends us at once, as it would nsenter. What goes on for ever ends its work first. */
      is_watch(arguments) ? "-XX:-ReduceSignalUsage" : "-Xrs",
      /* No file in /tmp that an exec would leave. */
      "-XX:+DisableAttachMechanism",
      "-XX:-UsePerfData",
      /* Limits and the core filter stay as they are. */
      "-XX:-MaxFDLimit",
      "-XX:+UnlockDiagnosticVMOptions",
      "-XX:-DumpPrivateMappingsInCore",
      "-XX:-DumpSharedMappingsInCore",
      /* An archive where it was made to be needs no page of it changed: 3 ms. */
      "-XX:ArchiveRelocationMode=0",
      /* An enum's values are found by reflection, but not by method handles: 5 ms. */
      "-Djdk.reflect.useNativeAccessorOnly=true",
      "--enable-native-access=ALL-UNNAMED",
      text("-Djnstools.home=%s", here),
      text("-Djnstools.ignored=%llx", (unsigned long long)ignored_signals()),
      text("-Djnstools.closed=%s", closed),
      text("-Djnstools.descriptors=%d", open_descriptors()),
      isatty(2) ? "-Djnstools.terminal=true" : "-Djnstools.terminal=false",
      /* The JVM alone looks into the jar, not Java for its manifest: 2 ms. */
      "-cp",
      jar,
      "io.github.jnstools.cli.Main",
      name,
  };
  size_t count = sizeof flags / sizeof *flags;
  const char **all = calloc(count + argc, sizeof *all);
  if (all == NULL)
    fail("out of memory");
  memcpy(all, flags, sizeof flags);
  memcpy(all + count, arguments, argc * sizeof *all); /* with the NULL at its end */
  keep_from_java(environ);
  if (jdk != NULL)
    execv(all[0], (char **)all);
  else if (execvp(all[0], (char **)all) == -1 && errno == ENOENT)
    fail("no Java %d or newer in JAVA_HOME, " JVMS " or PATH; install one: apt-get install"
         " openjdk-%d-jre-headless", OLDEST, OLDEST);
  fail("cannot execute %s: %s", all[0], strerror(errno));
}
