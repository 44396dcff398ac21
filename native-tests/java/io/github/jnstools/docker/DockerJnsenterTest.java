package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** jnsenter into the containers of a Docker engine. */
@DockerTest
class DockerJnsenterTest {
  private static final List<String> CAPABILITIES = List.of("CapBnd", "CapEff", "CapPrm", "CapInh");
  @TempDir static Path busybox;
  @TempDir static Path bare;
  @AutoClose private static DockerEngine engine;
  private static String web;
  private static long pid;
  private static long barePid;

  @BeforeAll
  static void startContainers() throws Exception {
    engine = DockerEngine.withBusybox(busybox);
    Files.copy(Tools.PROBE.toPath(), bare.resolve("probe"), StandardCopyOption.COPY_ATTRIBUTES);
    engine.load(bare, "bare");
    web = engine.start("--name", "web", "--hostname", "webhost", "busybox", "/bin/sleep", "1000");
    pid = engine.pid(web);
    barePid = engine.pid(engine.start("-i", "--network", "none", "bare", "/probe"));
  }

  private static List<String> command(long target, String... rest) {
    List<String> command = new ArrayList<>(List.of(Tools.JNSENTER, "-t", "" + target));
    command.addAll(List.of(rest));
    return command;
  }

  private static String enter(long target, String... rest) throws Exception {
    return Run.of("", Map.of(), command(target, rest)).mustSucceed().out();
  }

  private static Running probe(String... options) throws Exception {
    List<String> command = command(pid, options);
    command.add("/probe");
    return Running.start(Map.of(), command).ready();
  }

  @Test
  void topAndPsShowTheContainersProcessesOnly() throws Exception {
    assertEquals("COMMAND\nsleep\nps\n", enter(pid, "-m", "-p", "ps", "-o", "comm"));
    String top = enter(pid, "-m", "-p", "top", "-b", "-n", "1");
    List<String> processes =
        top.lines()
            .dropWhile(line -> !line.contains("PID"))
            .skip(1)
            .filter(line -> !line.isBlank())
            .toList();
    assertEquals(2, processes.size(), top);
    assertTrue(processes.get(0).contains("sleep 1000") || processes.get(1).contains("sleep 1000"));
    assertTrue(top.contains("top -b -n 1"), top);
  }

  @Test
  void theHostsPsSeesTheSameWithAProcOfItsOwn() throws Exception {
    assertEquals("sleep\nps\n", enter(pid, "--mount-proc", "/bin/ps", "-e", "-o", "comm="));
  }

  @Test
  void anImageWithoutAShellIsSeenByTheHostsPrograms() throws Exception {
    assertEquals("probe\nps\n", enter(barePid, "--mount-proc", "/bin/ps", "-e", "-o", "comm="));
    Run missing = Run.of("", Map.of(), command(barePid, "-m", "-p", "ps"));
    assertEquals("exited 127", missing.status());
    assertTrue(missing.err().contains("one that is there may lack its interpreter"));
    assertTrue(
        enter(barePid, "-a", "/probe")
            .contains("\nroot: . .. .dockerenv dev etc probe proc sys\n"));
  }

  @Test
  void allNamespacesShowItsHostNameAndAddress() throws Exception {
    assertEquals("webhost\n", enter(pid, "-a", "hostname"));
    String address = engine.inspect(web, "{{.NetworkSettings.IPAddress}}");
    String shown = enter(pid, "-a", "ip", "addr");
    assertTrue(shown.contains("inet " + address + "/16 "), shown + address);
    assertTrue(shown.contains("eth0@"), shown);
    try (Running entered = probe("-a")) {
      assertEquals(Proc.namespaces(pid), Proc.namespaces(entered.program()));
    }
  }

  @Test
  void capabilitiesAreTheContainersIfThatIsWanted() throws Exception {
    try (Running entered = probe("-m", "-p", "--follow-caps")) {
      for (String set : CAPABILITIES) {
        assertEquals(Proc.status(pid, set), Proc.status(entered.program(), set), set);
      }
      assertEquals("0", Proc.status(entered.program(), "NoNewPrivs"));
    }
    try (Running entered = probe("-m", "-p", "--no-new-privs")) {
      assertEquals("1", Proc.status(entered.program(), "NoNewPrivs"));
      assertNotEquals(Proc.status(pid, "CapEff"), Proc.status(entered.program(), "CapEff"));
    }
    try (Running entered = probe("-m", "-p", "--follow-caps", "--no-new-privs")) {
      assertEquals("1", Proc.status(entered.program(), "NoNewPrivs"));
      assertEquals(Proc.status(pid, "CapEff"), Proc.status(entered.program(), "CapEff"));
    }
  }

  @Test
  void movesIntoTheContainersControlGroups() throws Exception {
    String theirs = Proc.text(pid, "cgroup");
    assertTrue(theirs.contains(web), theirs);
    try (Running entered = probe("-c", "-m", "-p")) {
      assertEquals(theirs, Proc.text(entered.program(), "cgroup"));
      assertEquals(theirs, Proc.text(entered.pid(), "cgroup"));
    }
    try (Running entered = probe("-m", "-p")) {
      assertNotEquals(theirs, Proc.text(entered.program(), "cgroup"));
    }
  }

  @Test
  void namesOfUsersAndGroupsAreTheContainers() throws Exception {
    try (Running entered = probe("-m", "-p", "-S", "web", "-G", "web")) {
      assertEquals("1234\t1234\t1234\t1234", Proc.status(entered.program(), "Uid"));
      assertEquals("1235\t1235\t1235\t1235", Proc.status(entered.program(), "Gid"));
      assertEquals("", Proc.status(entered.program(), "Groups"));
    }
    Run unknown = Run.of("", Map.of(), command(pid, "-m", "-S", "daemon", "true"));
    assertEquals("exited 1", unknown.status());
    assertEquals(
        "jnsenter: account(daemon, /proc/"
            + pid
            + "/root/etc/passwd): no such name\nhint: give its number\n",
        unknown.err());
  }

  @Test
  void theContainerGoesOnUntouched() throws Exception {
    String before = Proc.text(pid, "mountinfo");
    enter(pid, "--mount-proc", "true");
    enter(pid, "-a", "true");
    assertEquals(before, Proc.text(pid, "mountinfo"));
    assertEquals("true", engine.inspect(web, "{{.State.Running}}"));
  }
}
