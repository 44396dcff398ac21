package io.github.jnstools.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.PublicCopy;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Setting;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import io.github.jnstools.harness.VmTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a user gets where the machine is set up more strictly than by default. */
@VmTest
@SuppressWarnings("try") // what is closed at the end need not be used
class SettingsVmTest {
  private static final String YAMA = "kernel.yama.ptrace_scope";

  private static void assertRefused(String err, Run run) {
    assertEquals(new Run("exited 1", "", err), run);
  }

  private static List<String> asUser(String... command) {
    List<String> all =
        new ArrayList<>(List.of("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"));
    all.addAll(List.of(command));
    return all;
  }

  /** Runs a line of the shell in a PID namespace of its own, which has a setting of its own. */
  private static Run withMemfdNoexec(int value, String line) throws Exception {
    assumeTrue(Setting.exists("vm.memfd_noexec"), "no vm.memfd_noexec: Linux 6.3 and later");
    String script = "echo " + value + " >/proc/sys/vm/memfd_noexec; sleep 1000 & " + line;
    return Run.of("unshare", "-p", "-f", "--mount-proc", "sh", "-c", script);
  }

  @Test
  void memoryFilesThatAreNotExecutableByDefaultDoNoHarm() throws Exception {
    for (String option : new String[] {"-u", "-p"}) {
      Run run = withMemfdNoexec(1, Tools.JNSENTER + " " + option + " -t $! echo ran");
      assertEquals(new Run("exited 0", "ran\n", ""), run);
    }
  }

  @Test
  void memoryFilesThatMayNotBeExecutable() throws Exception {
    String refused =
        ": memfd_create(jnstools-stage, MFD_EXEC): EACCES: Permission denied\n"
            + "hint: vm.memfd_noexec=2 forbids executable memory files, which a launch needs; set"
            + " it to 1\n";
    for (String option : new String[] {"-u", "-p"}) {
      Run run = withMemfdNoexec(2, Tools.JNSENTER + " " + option + " -t $! echo ran");
      assertRefused("jnsenter" + refused, run);
    }
    assertRefused("jnetns" + refused, withMemfdNoexec(2, Tools.JNETNS + " exec $! echo ran"));
  }

  @Test
  void aSocketOfTheUsersOwnProcessUnderYama() throws Exception {
    assumeTrue(Setting.exists(YAMA), "no Yama in this kernel");
    String server = "exec 3<>/dev/udp/127.0.0.1/9; echo ready; exec sleep 1000";
    try (PublicCopy copy = PublicCopy.make();
        Running own = Running.start(Map.of(), asUser("bash", "-c", server)).ready()) {
      String pid = "" + own.pid();
      for (String scope : new String[] {"1", "2"}) {
        try (Setting yama = Setting.of(YAMA, scope)) {
          assertRefused(
              "jnsenter: pidfd_getfd(/proc/"
                  + pid
                  + "/fd/3): EPERM: Operation not permitted\n"
                  + "hint: needs the right to trace the process: be root with CAP_SYS_PTRACE, or its"
                  + " user where kernel.yama.ptrace_scope is 0\n",
              Run.of("", Map.of(), asUser(copy.jnsenter(), "-N", "3", "-t", pid, "echo", "ran")));
          Run.of(Tools.JNSENTER, "-N", "3", "-t", pid, "true").mustSucceed();
        }
      }
    }
  }

  @Test
  void namespacesOfTheUsersOwnProcessUnderYama() throws Exception {
    assumeTrue(Setting.exists(YAMA), "no Yama in this kernel");
    try (PublicCopy copy = PublicCopy.make();
        Running own =
            Running.start(
                Map.of(), asUser("unshare", "-U", "-r", "-n", "busybox", "sleep", "1000"));
        Setting yama = Setting.of(YAMA, "2")) {
      Poll.until("sleep", () -> Proc.text(own.pid(), "comm").equals("busybox\n"));
      List<String> enter =
          asUser(
              copy.jnsenter(),
              "-Un",
              "--preserve-credentials",
              "-t",
              "" + own.pid(),
              "readlink",
              "/proc/self/ns/net");
      assertEquals(Proc.ns(own.pid(), "net") + "\n", Run.of("", Map.of(), enter).out());
    }
  }

  @Test
  void aProcThatHidesProcesses() throws Exception {
    Run.of("mount", "-o", "remount,hidepid=2", "/proc").mustSucceed();
    try (NetnsHome home = NetnsHome.make();
        PublicCopy copy = PublicCopy.make();
        Sleeper process = Sleeper.start()) {
      String pid = "" + process.pid();
      Run.of(Tools.JNETNS, "link", "--name", "box", pid).mustSucceed();
      Run.of(Tools.JNSENTER, "-n", "-t", pid, "true").mustSucceed();
      assertRefused(
          "jnsenter: openat(/proc/"
              + pid
              + ", O_DIRECTORY): ENOENT: No such file or directory\n"
              + "hint: the process is there but /proc hides it: mounted with hidepid, or for another"
              + " PID namespace; run as root or mount a fresh /proc\n",
          Run.of("", Map.of(), asUser(copy.jnsenter(), "-n", "-t", pid, "echo", "ran")));
      List<String> prune = asUser(copy.jnetns(), "prune", "--dry-run", "--force");
      assertEquals("", Run.of("", Map.of(), prune).out());
      assertEquals(List.of("box"), NetnsHome.names());
    } finally {
      Run.of("mount", "-o", "remount,hidepid=0", "/proc").mustSucceed();
    }
  }

  @Test
  void noMoreUserNamespaces() throws Exception {
    try (Container box = Container.start(Container.inAllTypes());
        Setting none = Setting.of("user.max_user_namespaces", "0")) {
      Run unshare = Run.of("unshare", "-U", "true");
      assertEquals("exited 1", unshare.status(), unshare::toString);
      Run entered = Run.of(Tools.JNSENTER, "-a", "-t", "" + box.pid(), "/bin/id", "-u");
      assertEquals(new Run("exited 0", "0\n", ""), entered);
    }
  }

  @Test
  void noTimeNamespaces() throws Exception {
    // Every kernel that jnsenter runs on has them: this one is made to hide those of a process.
    try (Container box = Container.start()) {
      String ns = "/proc/" + box.pid() + "/ns";
      String hide = "mount -t tmpfs ns " + ns + " && ";
      String enter = Tools.JNSENTER + " -T -t " + box.pid() + " echo ran";
      assertRefused(
          "jnsenter: openat("
              + ns
              + "/time): ENOENT: No such file or directory\n"
              + "hint: the kernel has no namespaces of this type, or the process has just ended\n",
          Run.of("unshare", "-m", "sh", "-c", hide + enter));
    }
  }

  @Test
  void aReadOnlyRun() throws Exception {
    try (NetnsHome home = NetnsHome.make();
        Sleeper process = Sleeper.start()) {
      String link = Tools.JNETNS + " link " + process.pid();
      String readOnly = "mount -o remount,bind,ro /run; ";
      String refused =
          "): EROFS: Read-only file system\n"
              + "hint: remount its file system writable, or name another directory with"
              + " --netns-dir\n";
      assertRefused(
          "jnetns: mkdir(/run/netns" + refused,
          Run.of("unshare", "-m", "sh", "-c", readOnly + link));
      Run.of(Tools.JNETNS, "link", "--name", "box", "" + process.pid()).mustSucceed();
      for (String command : new String[] {"unlink box", "prune", "link --name other"}) {
        String line = Tools.JNETNS + " " + command + (command.startsWith("link") ? " $0" : "");
        assertRefused(
            "jnetns: unlinkat(/run/netns/.jnetns-new" + refused,
            Run.of("unshare", "-m", "sh", "-c", readOnly + line, "" + process.pid()));
      }
      String list = Tools.JNETNS + " list --json box";
      Run.of("unshare", "-m", "sh", "-c", readOnly + list).mustSucceed();
    }
  }
}
