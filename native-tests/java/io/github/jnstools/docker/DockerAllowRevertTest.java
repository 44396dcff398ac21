package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tmux;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jdocknet allow --auto-revert}: what nobody confirms is taken back, come what may. */
@DockerTest
class DockerAllowRevertTest {
  private static final String GUARD = "io.github.jnstools.cli.AllowGuard";
  private static final String LONG = "1000";

  /** So long that what a test does meanwhile is done before. */
  private static final String SHORT = "" + 4 * Long.getLong("jnstools.slow", 1);

  private static final String ASKS =
      "(?s).*unless Enter is pressed here, or 'jdocknet allow confirm' is run\n.*";

  @TempDir static Path busybox;
  @AutoClose private static AllowHost host;
  @TempDir Path directory;
  private String before;

  @BeforeAll
  static void start() throws Exception {
    host = AllowHost.start(busybox);
  }

  @BeforeEach
  void empty() throws Exception {
    host.empty();
    before = UserRules.all();
  }

  @AfterEach
  void endGuards() throws Exception {
    for (ProcessHandle guard : guards()) {
      guard.destroyForcibly();
      guard.onExit().join();
    }
  }

  /** Those that belong to this run: it has a PID namespace of its own. */
  private static List<ProcessHandle> guards() throws Exception {
    return running(GUARD);
  }

  private static List<ProcessHandle> running(String word) throws Exception {
    List<ProcessHandle> found = new ArrayList<>();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Path file = Path.of("/proc/" + process.pid() + "/cmdline");
      if (Files.exists(file) && List.of(Files.readString(file).split("\0")).contains(word)) {
        found.add(process);
      }
    }
    return found;
  }

  private static Run add(String source, String seconds) throws Exception {
    return UserRules.allow("add", source, "--auto-revert", seconds).mustSucceed();
  }

  private static void confirmFails(String message) throws Exception {
    Run confirm = UserRules.allow("confirm");
    assertEquals("exited 1", confirm.status(), confirm::toString);
    assertEquals("jdocknet: allow(confirm): " + message + "\n", confirm.err());
  }

  private void awaitBefore() throws Exception {
    Poll.until("what was there before", () -> UserRules.all().equals(before));
    Poll.until("the end of the guard", () -> guards().isEmpty());
  }

  @Test
  void whatNobodyConfirmsIsTakenBack() throws Exception {
    Run run = add("10.0.0.1", SHORT);
    assertEquals(
        "jdocknet: in "
            + SHORT
            + " seconds it is taken back, unless 'jdocknet allow confirm' is run\n",
        run.err());
    assertTrue(run.out().contains("\n+-A DOCKER-USER -s 10.0.0.1/32"), run.out());
    awaitBefore();
    confirmFails("too late: it was taken back");
    Run rollback = UserRules.allow("rollback");
    assertTrue(rollback.err().contains("there is no write to take back"), rollback::toString);
  }

  @Test
  void whatIsConfirmedStays() throws Exception {
    add("10.0.0.1", LONG);
    String after = UserRules.all();
    Run second = UserRules.allow("add", "10.0.0.2");
    assertEquals(
        "jdocknet: allow(add): an earlier write waits to be confirmed\n"
            + "hint: run 'jdocknet allow confirm', or 'jdocknet allow rollback'\n",
        second.err());
    assertEquals("", UserRules.allow("confirm").mustSucceed().err());
    Poll.until("the end of the guard", () -> guards().isEmpty());
    assertEquals(after, UserRules.all());
    confirmFails("no write waits to be confirmed");
  }

  @Test
  void whatWaitsCanBeTakenBackAtOnce() throws Exception {
    add("10.0.0.1", LONG);
    UserRules.allow("rollback").mustSucceed();
    awaitBefore();
  }

  @Test
  void aRollbackIsTakenBackToo() throws Exception {
    UserRules.allow("add", "10.0.0.1").mustSucceed();
    String after = UserRules.all();
    UserRules.allow("rollback", "--auto-revert", SHORT).mustSucceed();
    Poll.until("the rules again", () -> UserRules.all().equals(after));
    UserRules.allow("rollback").mustSucceed();
    assertEquals(before, UserRules.all());
  }

  @Test
  void whatSomebodyElseHasChangedIsLeftAlone() throws Exception {
    add("10.0.0.1", SHORT);
    UserRules.sh("iptables -I DOCKER-USER -s 203.0.113.10 -j DROP");
    String ipv4 = UserRules.chain("iptables");
    Poll.until("the end of the guard", () -> guards().isEmpty());
    assertEquals(ipv4, UserRules.chain("iptables"));
    String ipv6 = UserRules.chain("ip6tables");
    assertTrue(before.contains(ipv6.lines().skip(1).findFirst().orElseThrow()), ipv6);
    assertEquals(2, ipv6.lines().count(), ipv6);
    confirmFails(
        "it was not taken back: somebody else has changed it meanwhile: IPv4 filter DOCKER-USER");
  }

  /** A folder for PATH with a program of the test's own. */
  private Map<String, String> with(String program, String script) throws Exception {
    Path file = Files.writeString(directory.resolve(program), "#!/bin/sh\n" + script + "\n");
    file.toFile().setExecutable(true);
    return Map.of("PATH", directory + ":" + System.getenv("PATH"));
  }

  @Test
  void whatCannotBeTakenBackIsSaid() throws Exception {
    Path broken = directory.resolve("broken");
    Map<String, String> path =
        with(
            "iptables-restore",
            "[ ! -e "
                + broken
                + " ] || { echo no luck today >&2; exit 1; }; exec /usr/sbin/iptables-restore \"$@\"");
    UserRules.allow(path, "add", "10.0.0.1", "--auto-revert", SHORT).mustSucceed();
    Files.createFile(broken);
    Poll.until("the end of the guard", () -> guards().isEmpty());
    confirmFails("it was not taken back: run(iptables-restore): exit status 1: no luck today");
    UserRules.allow("rollback").mustSucceed();
    assertEquals(before, UserRules.all());
  }

  @Test
  void whatCannotBeWrittenIsNotRecorded() throws Exception {
    Run run =
        UserRules.allow(
            with("ip6tables-restore", "echo no luck today >&2; exit 1"),
            "add",
            "10.0.0.1",
            "--auto-revert",
            LONG);
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals("jdocknet: run(ip6tables-restore): exit status 1: no luck today\n", run.err());
    assertEquals(before, UserRules.all());
    assertEquals(List.of(), guards());
    confirmFails("no write waits to be confirmed");
  }

  @Test
  void nothingIsWrittenWhereNobodyWouldTakeItBack() throws Exception {
    UserRules.allow("add", "10.0.0.1").mustSucceed();
    String rules = UserRules.all();
    for (String script : List.of("echo setsid: no luck", "exit 0")) {
      Run run = UserRules.allow(with("setsid", script), "add", "10.0.0.2", "--auto-revert", LONG);
      assertEquals("exited 1", run.status(), run::toString);
      assertEquals(
          "jdocknet: start(the process that takes it back): "
              + (script.equals("exit 0") ? "it ended at once" : "setsid: no luck")
              + "\n",
          run.err());
      assertEquals(rules, UserRules.all());
    }
    UserRules.allow("rollback").mustSucceed();
    assertEquals(before, UserRules.all());
  }

  @Test
  void aGuardThatWasKilledTakesNothingBackAndStopsNobody() throws Exception {
    add("10.0.0.1", LONG);
    endGuards();
    UserRules.allow("add", "10.0.0.2").mustSucceed();
    confirmFails("no write waits to be confirmed");
  }

  private static Tmux terminal() throws Exception {
    Tmux terminal = Tmux.start(250, 40);
    terminal.typeOnClearScreen("export DOCKER_HOST=unix:///run/docker.sock");
    return terminal;
  }

  private static String addAndStatus(String seconds) {
    return Tools.JDOCKNET + " allow add 10.0.0.1 --auto-revert " + seconds + "; echo status=$?";
  }

  private static void addAt(Tmux terminal, String seconds) throws Exception {
    terminal.typeOnClearScreen(addAndStatus(seconds));
    terminal.awaitScreen(ASKS);
  }

  private static void awaitStatus(Tmux terminal, int status) throws Exception {
    terminal.awaitScreen("(?s).*\nstatus=" + status + "\n.*");
  }

  @Test
  void enterAtTheTerminalConfirms() throws Exception {
    try (Tmux terminal = terminal()) {
      addAt(terminal, LONG);
      terminal.press("Enter");
      awaitStatus(terminal, 0);
    }
    Poll.until("the end of the guard", () -> guards().isEmpty());
    assertNotEquals(before, UserRules.all());
  }

  /** Whoever types before the rules are there cannot know that they let him in. */
  @Test
  void whatWasTypedBeforeConfirmsNothing() throws Exception {
    try (Tmux terminal = terminal()) {
      terminal.type(addAndStatus(LONG));
      terminal.press("Enter");
      terminal.awaitScreen(ASKS);
      terminal.press("x");
      terminal.awaitScreen(ASKS + "x\n.*");
      assertEquals(1, guards().size());
      terminal.press("Enter");
      awaitStatus(terminal, 0);
    }
  }

  @Test
  void theTerminalSeesThatSomebodyConfirmsElsewhere() throws Exception {
    try (Tmux terminal = terminal()) {
      addAt(terminal, LONG);
      UserRules.allow("confirm").mustSucceed();
      awaitStatus(terminal, 0);
    }
    assertNotEquals(before, UserRules.all());
  }

  @Test
  void theTerminalSeesThatNobodyConfirms() throws Exception {
    try (Tmux terminal = terminal()) {
      addAt(terminal, SHORT);
      terminal.awaitScreen("(?s).*nobody confirmed it: it was taken back\n.*");
      awaitStatus(terminal, 1);
    }
    awaitBefore();
  }

  @Test
  void theTerminalSeesThatTheGuardIsKilled() throws Exception {
    try (Tmux terminal = terminal()) {
      addAt(terminal, LONG);
      endGuards();
      terminal.awaitScreen("(?s).*the process has ended that would have taken it back.*");
      awaitStatus(terminal, 1);
    }
    assertNotEquals(before, UserRules.all());
  }

  @Test
  void itIsTakenBackIfTheTerminalGoes() throws Exception {
    try (Tmux terminal = terminal()) {
      addAt(terminal, SHORT);
    }
    awaitBefore();
  }

  @Test
  void itIsTakenBackIfTheCommandIsKilled() throws Exception {
    try (Tmux terminal = terminal()) {
      addAt(terminal, SHORT);
      List<ProcessHandle> commands = running("--auto-revert");
      assertEquals(1, commands.size());
      Run.of("kill", "-KILL", "" + commands.get(0).pid()).mustSucceed();
      awaitStatus(terminal, 137);
      awaitBefore();
    }
  }

  @Test
  void theGuardHasASessionOfItsOwn() throws Exception {
    add("10.0.0.1", LONG);
    long pid = guards().get(0).pid();
    String[] stat = Proc.text(pid, "stat").replaceFirst(".*\\) ", "").split(" ");
    assertEquals("" + pid, stat[3], "its session");
    assertEquals("0", stat[4], "its terminal");
  }
}
