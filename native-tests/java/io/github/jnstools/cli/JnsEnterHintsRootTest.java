package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jnstools.NamespaceType;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the command says, to root, where something is refused. */
@RootTest
class JnsEnterHintsRootTest {
  private static Container box;
  private static Container withUser;

  @BeforeAll
  static void start() throws Exception {
    box = Container.start();
    withUser = Container.start("--user", "--map-root-user", "--mount", "--pid", "--uts");
  }

  @AfterAll
  static void end() throws IOException {
    box.close();
    withUser.close();
  }

  private static void assertRefused(String message, String hint, Run run) {
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals("", run.out());
    assertEquals("jnsenter: " + message + "\nhint: " + hint + "\n", run.err());
  }

  private static Run enter(long pid, String... rest) throws Exception {
    List<String> command = new ArrayList<>(List.of(Tools.JNSENTER, "-t", "" + pid));
    command.addAll(List.of(rest));
    return Run.of("", Map.of(), command);
  }

  @Test
  void theCallersOwnUserNamespace() throws Exception {
    assertRefused(
        "setns(/proc/" + box.pid() + "/ns/user, CLONE_NEWUSER): EINVAL: Invalid argument",
        "this is the user namespace that the caller is in already; leave out -U",
        enter(box.pid(), "-U", "echo", "ran"));
  }

  @Test
  void aPidNamespaceThatIsNoDescendant() throws Exception {
    try (Namespace here = Namespace.ofThread(NamespaceType.PID)) {
      String file = "/proc/" + self() + "/fd/" + number(here);
      // The new /proc shows the inner processes only, so the file is passed as a descriptor.
      Run run =
          Run.of(
              "sh",
              "-c",
              "exec unshare -p -f --mount-proc "
                  + Tools.JNSENTER
                  + " --pid=/proc/self/fd/3 echo ran 3<"
                  + file);
      assertRefused(
          "setns(/proc/self/fd/3, CLONE_NEWPID): EINVAL: Invalid argument",
          "only the caller's own PID namespace or a descendant of it can be joined; start from an"
              + " ancestor",
          run);
    }
  }

  private static int number(Namespace namespace) throws IOException {
    for (Map.Entry<Integer, String> open : Proc.descriptors(self()).entrySet()) {
      if (open.getValue().equals(namespace.id().toString())) {
        return open.getKey();
      }
    }
    throw new AssertionError("not open: " + namespace);
  }

  @Test
  void aPidNamespaceWhoseInitHasEnded() throws Exception {
    Namespace dead;
    Container gone = Container.start();
    try (Target target = Target.of((int) gone.pid())) {
      dead = target.namespace(NamespaceType.PID);
    } finally {
      gone.close();
    }
    try (Namespace pid = dead) {
      String file = "/proc/" + self() + "/fd/" + number(pid);
      for (String option : new String[] {"--quiet", "--mount-proc"}) {
        assertRefused(
            "fork(): ENOMEM: Cannot allocate memory",
            "the init process of the PID namespace has ended; nothing can start in it any more",
            Run.of(Tools.JNSENTER, "--pid=" + file, option, "echo", "ran"));
      }
    }
  }

  @Test
  void aPidNamespaceThatIsFull() throws Exception {
    String[] version = System.getProperty("os.version").split("\\D+");
    // Before, to change it there would change it for the whole machine.
    assumeTrue(
        Integer.parseInt(version[0]) * 1000 + Integer.parseInt(version[1]) >= 6014,
        "only from Linux 6.14 on has a PID namespace a pid_max of its own");
    // Numbers below 300 are not used again, so there are two.
    String fill =
        "cd /proc/sys/kernel; echo 302 >pid_max; echo 299 >ns_last_pid;"
            + " sleep 1000 & sleep 1000 & echo ready; wait";
    try (Running full =
        Running.start("unshare", "--kill-child", "-pf", "--mount-proc", "sh", "-c", fill).ready()) {
      long first = ProcessHandle.of(full.pid()).orElseThrow().children().findAny().get().pid();
      assertRefused(
          "fork(): EAGAIN: Resource temporarily unavailable",
          "a limit on processes is reached; see ulimit -u, the cgroup's pids.max, and"
              + " kernel.pid_max",
          enter(first, "-q", "-p", "echo", "ran"));
    }
  }

  @Test
  void aTargetThatHasGone() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    assertRefused(
        "pidfd_open(" + process.pid() + "): ESRCH: No such process",
        "no process has this pid in the caller's PID namespace; look it up again",
        enter(process.pid(), "-n", "echo", "ran"));
  }

  @Test
  void aProcOfAnotherPidNamespace() throws Exception {
    assertRefused(
        "target(1): /proc shows another PID namespace than the caller's",
        "mount a fresh /proc, or enter the mount namespace too",
        Run.of(
            Tools.NSENTER,
            "-p",
            "-t",
            "" + box.pid(),
            Tools.JNSENTER,
            "-n",
            "-t",
            "1",
            "echo",
            "ran"));
  }

  @Test
  void moreMountNamespacesThanTheLimit() throws Exception {
    String script =
        "echo 1 >/proc/sys/user/max_mnt_namespaces; sleep 1000 & "
            + Tools.JNSENTER
            + " --mount-proc -t $! echo ran";
    assertRefused(
        "unshare(CLONE_NEWNS): ENOSPC: No space left on device",
        "the limit on namespaces is reached; raise it in /proc/sys/user/max_mnt_namespaces",
        Run.of("unshare", "-U", "-r", "-m", "-p", "-f", "--mount-proc", "sh", "-c", script));
  }

  @Test
  void groupsThatTheUserNamespaceDenies() throws Exception {
    Run run =
        Run.of(
            "setpriv",
            "--groups",
            "5",
            Tools.JNSENTER,
            "-U",
            "--preserve-credentials",
            "-G",
            "0",
            "-t",
            "" + withUser.pid(),
            "echo",
            "ran");
    assertRefused(
        "setgroups(0, NULL): EPERM: Operation not permitted",
        "the user namespace denies setgroups(2), or CAP_SETGID is missing; keep the caller's ids"
            + " with --preserve-credentials",
        run);
  }

  @Test
  void idsThatAreNotMapped() throws Exception {
    assertRefused(
        "setuid(1234): EINVAL: Invalid argument",
        "the user id is not mapped in the user namespace; see /proc/PID/uid_map",
        enter(withUser.pid(), "-U", "-S", "1234", "echo", "ran"));
    assertRefused(
        "setgid(1234): EINVAL: Invalid argument",
        "the group id is not mapped in the user namespace; see /proc/PID/gid_map",
        enter(withUser.pid(), "-U", "-G", "1234", "echo", "ran"));
  }

  @Test
  void programsThatCannotBeRunHaveStatusesOfTheirOwn() throws Exception {
    Run missing = enter(box.pid(), "-m", "-p", "/no/such");
    assertEquals("exited 127", missing.status());
    assertEquals(
        "jnsenter: exec(/no/such): ENOENT: No such file or directory\n"
            + "hint: it is looked up in the file system that is entered; one that is there may lack"
            + " its interpreter\n",
        missing.err());
    Run denied = enter(box.pid(), "-m", "-p", "/etc/passwd");
    assertEquals("exited 126", denied.status());
    assertEquals("jnsenter: exec(/etc/passwd): EACCES: Permission denied\n", denied.err());
  }

  private static long self() {
    return ProcessHandle.current().pid();
  }
}
