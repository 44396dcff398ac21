package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.ExitStatus;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Child;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Launcher;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Place;
import io.github.jnstools.harness.Launched;
import io.github.jnstools.harness.NamedNet;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs in a named network namespace, beside those of ip-netns(8) of iproute2 6.1. */
@RootTest
class NetnsCommandRootTest {
  private static NamedNet net;

  @BeforeAll
  static void add() throws Exception {
    net = NamedNet.add("jns-exec");
  }

  @AfterAll
  static void delete() throws IOException {
    net.close();
  }

  private static Command command(Namespace namespace, String... argv) {
    List<OsString> all = new ArrayList<>();
    for (String argument : argv) {
      all.add(OsString.of(argument));
    }
    return NetnsCommand.of(OsString.of(net.name()), namespace, all.get(0), all).command();
  }

  private static String output(String... argv) throws Exception {
    try (Namespace namespace = net.open()) {
      return Launched.output(command(namespace, argv));
    }
  }

  private static Run become(String... argv) throws Exception {
    return Run.of("", Map.of(), ExecMain.command(net.name(), net.file(), argv));
  }

  @Test
  void theProgramIsInTheNetworkNamespaceAndAMountNamespaceOfItsOwn() throws Exception {
    long self = ProcessHandle.current().pid();
    try (Namespace namespace = net.open();
        Child child = Launcher.launch(command(namespace, "busybox", "sleep", "1000"))) {
      Map<String, String> theirs = new TreeMap<>(Proc.namespaces(child.pid()));
      Map<String, String> here = new TreeMap<>(Proc.namespaces(self));
      assertEquals(net.link(), theirs.remove("net"));
      assertNotEquals(here.remove("mnt"), theirs.remove("mnt"));
      here.remove("net");
      assertEquals(here, theirs);
      assertEquals(Proc.link(Path.of("/proc/self/cwd")), cwd(child.pid()));
      assertEquals("/", Proc.link(Path.of("/proc/" + child.pid() + "/root")));
      assertEquals(List.of(0, 1, 2), List.copyOf(Proc.descriptors(child.pid()).keySet()));
      child.signal(9);
      child.waitFor();
    }
  }

  private static String cwd(long pid) throws IOException {
    return Proc.link(Path.of("/proc/" + pid + "/cwd"));
  }

  @Test
  void sysShowsTheInterfacesOfTheNamespace() throws Exception {
    String interfaces = output("ls", "/sys/class/net");
    assertTrue(interfaces.contains(NamedNet.INTERFACE), interfaces);
    assertEquals(net.exec("ls", "/sys/class/net").mustSucceed().out(), interfaces);
    String index = "/sys/class/net/" + NamedNet.INTERFACE + "/ifindex";
    assertEquals(net.exec("cat", index).out(), become("cat", index).mustSucceed().out());
  }

  @Test
  void theWorkingDirectoryStays() throws Exception {
    Path here = Tools.PROJECT.resolve("scripts");
    try (Namespace namespace = net.open()) {
      Place place = Place.outside(OsString.of(here));
      Command pwd = command(namespace, "/bin/pwd").withWorkingDirectory(place);
      assertEquals(here + "\n", Launched.output(pwd));
    }
    List<String> ours = ExecMain.command(net.name(), net.file(), "/bin/pwd");
    List<String> all = new ArrayList<>(List.of("env", "--chdir=" + here));
    all.addAll(ours);
    assertEquals(here + "\n", Run.of("", Map.of(), all).mustSucceed().out());
  }

  @Test
  void aWorkingDirectoryThatMayNotBeSearchedStaysToo() throws Exception {
    Path directory = Files.createDirectory(Path.of("/run/jns-unsearchable"));
    try {
      Files.setAttribute(directory, "unix:uid", 1000);
      Files.setAttribute(directory, "unix:mode", 0700);
      List<String> all =
          new ArrayList<>(
              List.of("env", "--chdir=" + directory, "unshare", "-U", "-r", "-m", "-n"));
      String script =
          "ls . 2>/dev/null || readlink /proc/self/cwd; ip link set lo name inside;"
              + " ls -d /sys/class/net/inside";
      all.addAll(ExecMain.command("none", "/proc/self/ns/net", "sh", "-c", script));
      Run run = Run.of("", Map.of(), all);
      assertEquals(directory + "\n/sys/class/net/inside\n", run.mustSucceed().out(), run.err());
    } finally {
      Files.delete(directory);
    }
  }

  @Test
  void theExitStatusIsThePrograms() throws Exception {
    for (int code : new int[] {0, 3}) {
      Run run = become("sh", "-c", "echo out; echo err >&2; exit " + code);
      assertEquals(new Run("exited " + code, "out\n", "err\n"), run);
      assertEquals(net.exec("sh", "-c", "echo out; echo err >&2; exit " + code), run);
    }
    String probe = Tools.PROBE.getPath();
    assertEquals(new Run("signalled 15", "", ""), become(probe, "--die", "15"));
    try (Namespace namespace = net.open()) {
      assertEquals(
          new ExitStatus.Exited(3), Launched.of(command(namespace, "sh", "-c", "exit 3")).status());
      assertEquals(
          new ExitStatus.Signalled(9),
          Launched.of(command(namespace, probe, "--die", "9")).status());
    }
  }

  @Test
  void aProgramThatCannotBeRunHasAStatusOfItsOwn() throws Exception {
    Run missing = become("/no/such");
    assertEquals("exited 127", missing.status());
    assertTrue(missing.err().startsWith("exec: exec(/no/such): ENOENT: "), missing.err());
    Run denied = become("/etc/passwd");
    assertEquals("exited 126", denied.status());
    assertEquals("exec: exec(/etc/passwd): EACCES: Permission denied\n", denied.err());
    try (Namespace namespace = net.open()) {
      Command command = command(namespace, "/no/such");
      assertThrows(NamespaceException.class, () -> Launcher.launch(command));
    }
  }

  @Test
  void aCoveredSysOfAnotherUserNamespaceIsRefusedWithAHint() throws Exception {
    String script = "mount -t tmpfs tmpfs /sys/class && exec unshare -U -r -m -n \"$@\"";
    List<String> all = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script, "sh"));
    all.addAll(ExecMain.command("none", "/proc/self/ns/net", "echo", "ran"));
    String hint =
        "a new /sys needs CAP_SYS_ADMIN over the owner of the network namespace, and an old one"
            + " that nothing covers; run as root, or keep the old one with jnsenter -n";
    String message = "mount(sysfs, /sys, sysfs, 0): EPERM: Operation not permitted";
    assertEquals(
        new Run("exited 1", "", "exec: " + message + "\nhint: " + hint + "\n"),
        Run.of("", Map.of(), all));
  }

  @Test
  void whatTheHostMountsLaterArrivesAndNothingComesBack() throws Exception {
    Path shared = Files.createDirectory(Path.of("/run/jns-shared"));
    Run.of("mount", "-t", "tmpfs", "tmpfs", shared.toString()).mustSucceed();
    try (Namespace namespace = net.open()) {
      Run.of("mount", "--make-shared", shared.toString()).mustSucceed();
      Path later = Files.createDirectory(shared.resolve("later"));
      Path theirs = Files.createDirectory(shared.resolve("theirs"));
      String script = "mount -t tmpfs tmpfs " + theirs + "; exec sleep 1000";
      try (Child child = Launcher.launch(command(namespace, "sh", "-c", script))) {
        Poll.until(
            "the mount of the program", () -> mounts(child.pid()).contains(" " + theirs + " "));
        assertFalse(mounts(ProcessHandle.current().pid()).contains(" " + theirs + " "));
        Run.of("mount", "-t", "tmpfs", "tmpfs", later.toString()).mustSucceed();
        assertTrue(mounts(child.pid()).contains(" " + later + " "), mounts(child.pid()));
        Run.of("umount", later.toString()).mustSucceed();
        assertFalse(mounts(child.pid()).contains(" " + later + " "));
        child.signal(9);
        child.waitFor();
      }
    } finally {
      Run.of("umount", shared.toString()).mustSucceed();
      Files.delete(shared);
    }
  }

  private static String mounts(long pid) throws IOException {
    return Proc.text(pid, "mountinfo");
  }
}
