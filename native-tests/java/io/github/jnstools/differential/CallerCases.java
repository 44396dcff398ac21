package io.github.jnstools.differential;

import static io.github.jnstools.differential.Case.inBox;
import static io.github.jnstools.differential.Case.of;
import static io.github.jnstools.differential.Case.onHost;

import java.util.List;

/** What the caller's process is like, and the program's is to be like too. */
final class CallerCases {
  private static final String CLOSED =
      "descriptors above 2 are closed without --preserve-fds, lest a host file leaks inside";
  private static final String CLOSING =
      "nsenter says 1 for every failure to close stderr; the status of exec tells more";
  private static final String DEATH =
      "the kernel ties a death signal to the thread that asked for it, and a JVM's first thread is"
          + " not the one that executes";

  private static final String KEPT =
      "a JVM's first thread is made by libc, which unblocks the two signals that it keeps for itself";

  private CallerCases() {}

  static List<Case> all() {
    return List.of(
        unforked("closed stdin", "close=0").ends("signalled 15"),
        forked("closed stdin", "close=0").ends("signalled 15"),
        unforked("closed stdout", "close=1"),
        forked("closed stdout", "close=1"),
        unforked("closed stderr", "close=2"),
        forked("closed stderr", "close=2"),
        unforked("closed stdout and stderr", "close=1", "close=2"),
        unforked("closed stdin and stdout", "close=0", "close=1").ends("signalled 15"),
        unforked("all closed", "close=0", "close=1", "close=2").ends("signalled 15"),
        forked("all closed", "close=0", "close=1", "close=2").ends("signalled 15"),
        inBox("all closed, all entered", "-t {userbox} -a")
            .caller("close=0", "close=1", "close=2")
            .ends("signalled 15"),
        of("closed stderr and an error", "-t {dead} -u", "true").caller("close=2").ends("exited 1"),
        of("closed stderr and no program", "-t {box} -u", "/none")
            .caller("close=2")
            .ends("exited 1")
            .differs(CLOSING, Invocation.STATUS, "exited 1", "exited 127"),
        of("closed stdin and a program that reads", "-t {box} -u", "cat")
            .caller("close=0")
            .ends("exited 1"),
        of("closed stdout and a program that writes", "-t {box} -u", "/bin/echo", "x")
            .caller("close=1")
            .ends("exited 1"),
        unforked("stdout to /dev/full", "open=1:/dev/full"),
        unforked("one descriptor more", "open=3:/etc/passwd")
            .differs(CLOSED, "fd 3", "/etc/passwd flags:.*", ""),
        unforked("a high descriptor", "open=200:/etc/hosts")
            .differs(CLOSED, "fd 200", "/etc/hosts flags:.*", ""),
        forked("two descriptors more", "open=9:/etc/passwd", "open=10:/etc/hosts")
            .differs(CLOSED, "fd 9", "/etc/passwd flags:.*", "")
            .differs(CLOSED, "fd 10", "/etc/hosts flags:.*", ""),
        unforked("ignored SIGPIPE", "ignore=13"),
        forked("ignored SIGPIPE", "ignore=13"),
        unforked("ignored SIGHUP and SIGINT", "ignore=1", "ignore=2"),
        unforked("ignored SIGQUIT and SIGTERM", "ignore=3", "ignore=15"),
        unforked(
            "ignored signals that a JVM uses",
            "ignore=10",
            "ignore=12",
            "ignore=4",
            "ignore=8",
            "ignore=7",
            "ignore=11",
            "ignore=5",
            "ignore=25"),
        unforked("ignored SIGTSTP, SIGTTIN and SIGTTOU", "ignore=20", "ignore=21", "ignore=22"),
        unforked("ignored SIGCONT and SIGURG", "ignore=18", "ignore=23"),
        unforked("ignored real-time signals", "ignore=34", "ignore=40", "ignore=64"),
        unforked("ignored SIGCHLD", "ignore=17"),
        forked("ignored SIGCHLD", "ignore=17"),
        forked("ignored SIGHUP and SIGTERM", "ignore=1", "ignore=15"),
        unforked("blocked SIGINT and SIGTERM", "block=2", "block=15"),
        forked("blocked SIGINT and SIGTERM", "block=2", "block=15"),
        unforked("blocked SIGQUIT, SIGPIPE and SIGUSR1", "block=3", "block=13", "block=10"),
        unforked("blocked SIGCHLD", "block=17"),
        forked("blocked SIGCHLD", "block=17"),
        unforked("blocked SIGSEGV and SIGBUS", "block=11", "block=7"),
        unforked("blocked real-time signals", "block=34", "block=64"),
        unforked("ignored signals that the C library keeps", "ignore=32", "ignore=33"),
        forked("blocked signals that the C library keeps", "block=32", "block=33")
            .differs(KEPT, "SigBlk", "0000000180000000", "0000000000000000"),
        unforked("blocked and ignored", "block=1", "ignore=1"),
        unforked("a narrow umask", "umask=077"),
        forked("a narrow umask", "umask=077"),
        unforked("no umask", "umask=0"),
        unforked("nice", "nice=7"),
        forked("nice", "nice=7"),
        unforked("nice below zero", "nice=-5"),
        unforked("batch scheduling", "batch"),
        unforked("one processor", "cpu=0"),
        forked("the last processor", "cpu=" + (Runtime.getRuntime().availableProcessors() - 1)),
        unforked("few descriptors", "limit=7:64"),
        forked("few descriptors", "limit=7:256"),
        unforked("no core files", "limit=4:0"),
        unforked("a larger core limit", "limit=4:1000000"),
        unforked("a small stack", "limit=3:1048576"),
        unforked("a limit of locked memory", "limit=8:65536"),
        unforked("a limit of processor time", "limit=0:600"),
        unforked("a limit of file size", "limit=1:1000000"),
        unforked("oom_score_adj", "oom=500"),
        forked("oom_score_adj", "oom=1000"),
        unforked("a core filter", "corefilter=0x7"),
        forked("no core filter", "corefilter=0"),
        unforked("a session of its own", "setsid"),
        forked("a session of its own", "setsid"),
        unforked("a process group of its own", "setpgid"),
        forked("a process group of its own", "setpgid"),
        unforked("a terminal", "terminal").ends("signalled 15"),
        forked("a terminal", "terminal").ends("signalled 15"),
        unforked("a death signal", "prctl=1:10")
            .differs(
                DEATH,
                Invocation.OUT,
                "(?s).*\ndeath-signal: 10\n.*",
                "(?s).*\ndeath-signal: 0\n.*"),
        forked("a death signal", "prctl=1:10"),
        unforked("a reaper of orphans", "prctl=36:1"),
        unforked("a timer slack", "prctl=29:123456"),
        forked("a timer slack", "prctl=29:123456"),
        unforked("no transparent huge pages", "prctl=41:1"),
        inBox("much at once", "-t {userbox} -a")
            .caller(
                "umask=027",
                "nice=3",
                "oom=100",
                "limit=7:128",
                "ignore=13",
                "block=12",
                "setsid"));
  }

  private static Case unforked(String name, String... settings) {
    return onHost(name, "-t {box} -u -n").caller(settings);
  }

  private static Case forked(String name, String... settings) {
    return inBox(name + ", forked", "-t {box} -m -p").caller(settings);
  }
}
