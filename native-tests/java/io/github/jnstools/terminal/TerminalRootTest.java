package io.github.jnstools.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tmux;
import io.github.jnstools.harness.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person sees who runs jnsenter in a terminal. */
@RootTest
class TerminalRootTest {
  private static final String ADVICE =
      "jnsenter: /proc still shows the processes of this namespace;"
          + " add -m, or --mount-proc for this host's programs (-q silences this)";

  /** The kernel may be late with the echo of the key. */
  private static final String STOPPED = "(?s).*Stopped.*home>( \\^Z)?\n*";

  private Container box;
  private Tmux terminal;

  @BeforeEach
  void open() throws Exception {
    box = Container.start();
    terminal = Tmux.start(60, 20);
  }

  @AfterEach
  void close() throws Exception {
    terminal.close();
    box.close();
  }

  private String enter(String rest) {
    return Tools.JNSENTER + " -t " + box.pid() + " " + rest;
  }

  /** Ends the line of a status so that it cannot match what was typed. */
  private void awaitStatus(String status) throws Exception {
    terminal.type("echo status=$?");
    terminal.awaitScreen("(?s).*(\n|home> )status=" + status + "\n.*");
  }

  @Test
  void theContainersTopReactsToKeys() throws Exception {
    terminal.typeOnClearScreen(enter("-m -p top -d 1"));
    // N sorts by pid, the last first; R turns the order round.
    terminal.awaitScreen("(?s).*COMMAND\n +1 .*");
    terminal.press("N");
    terminal.awaitScreen("(?s).*COMMAND\n +[2-9]\\d* [^\n]* top[^\n]*\n +1 [^\n]*sleep.*");
    terminal.press("R");
    terminal.awaitScreen("(?s).*COMMAND\n +1 [^\n]*sleep[^\n]*\n +[2-9]\\d* .* top.*");
    terminal.press("q");
    awaitStatus("0");
  }

  @Test
  void theContainersTopUsesTheTerminalsNewSize() throws Exception {
    terminal.typeOnClearScreen(enter("-m -p top -d 1"));
    terminal.awaitScreen("(?s).*COMMAND\n +1 .*");
    assertFalse(terminal.screen().contains("sirq"), terminal.screen());
    terminal.resize(110, 24);
    terminal.awaitScreen("(?s).*\n *CPU:[^\n]*sirq *\n.*");
    terminal.press("C-c");
    awaitStatus("0"); // busybox's top reads Ctrl-C as a key
  }

  @Test
  void ctrlCEndsTheProgramAndTheShellIsBack() throws Exception {
    terminal.typeOnClearScreen(enter("-m -p sleep 1000"));
    long waiter = foreground("jnsenter");
    long program = onlyChild(waiter);
    terminal.press("C-c");
    awaitStatus("130");
    assertFalse(Proc.lives(waiter));
    Poll.until("the end of the program", () -> !Proc.lives(program));
  }

  @Test
  void ctrlZStopsTheHostsTopAndFgBringsItBack() throws Exception {
    terminal.resize(80, 20);
    String top = "(?s)top - .*COMMAND *\n +1 .* sleep *\n.* top *\n.*";
    terminal.typeOnClearScreen(enter("--mount-proc top -d 1"));
    terminal.awaitScreen(top);
    for (int i = 0; i < 5; i++) {
      terminal.press("C-z");
      terminal.awaitScreen(STOPPED);
      terminal.typeOnClearScreen("fg");
      terminal.awaitScreen(top);
    }
    // It takes the new width at once, and its columns still fit.
    terminal.resize(100, 12);
    terminal.awaitScreen(top);
    terminal.press("q");
    awaitStatus("0");
  }

  @Test
  void ctrlZStopsBothProcessesAndFgContinuesBoth() throws Exception {
    terminal.typeOnClearScreen(enter("-m -p sleep 1000"));
    long waiter = foreground("jnsenter");
    long program = onlyChild(waiter);
    for (int i = 0; i < 10; i++) {
      terminal.press("C-z");
      terminal.awaitScreen(STOPPED);
      awaitState(waiter, "T");
      awaitState(program, "T");
      terminal.typeOnClearScreen("fg");
      awaitState(waiter, "S");
      awaitState(program, "S");
    }
    terminal.press("C-c");
    awaitStatus("130");
  }

  @Test
  void continuesTheProgramWhenOnlyTheWaiterIsContinued() throws Exception {
    terminal.typeOnClearScreen(enter("-m -p sleep 1000"));
    long waiter = foreground("jnsenter");
    long program = onlyChild(waiter);
    terminal.press("C-z");
    awaitState(waiter, "T");
    Run.of("kill", "-CONT", "" + waiter).mustSucceed();
    awaitState(program, "S");
    Run.of("kill", "-KILL", "" + program).mustSucceed();
    Poll.until("the end of the waiter", () -> !Proc.lives(waiter));
  }

  @Test
  void aShellInsideControlsItsJobs() throws Exception {
    terminal.typeOnClearScreen(enter("-m -p sh"));
    terminal.awaitScreen("(?s).*commands.*home>\n*");
    terminal.type("sleep 1001 &");
    terminal.type("sleep 1002");
    Poll.until("the second sleep", () -> inBox("sleep 1002"));
    terminal.press("C-z");
    terminal.awaitScreen("(?s).*\\[2]\\+ +Stopped +sleep 1002.*");
    terminal.type("clear");
    terminal.type("jobs");
    terminal.awaitScreen(
        "(?s).*\\[2]\\+ +Stopped +sleep 1002\n\\[1]- +Running +sleep 1001\nhome>\n*");
    terminal.type("fg");
    terminal.awaitScreen("(?s).*home> fg\nsleep 1002\n*");
    terminal.press("C-c");
    terminal.type("echo inner=$?");
    terminal.awaitScreen("(?s).*(\n|home> )inner=130\n.*");
    terminal.type("kill %1");
    Poll.until("the end of the first sleep", () -> !inBox("sleep 1001"));
    terminal.type("exit 5");
    awaitStatus("5");
  }

  private boolean inBox(String command) throws Exception {
    return Run.of(Tools.NSENTER, "-m", "-p", "-t", "" + box.pid(), "/bin/ps", "-o", "args")
        .mustSucceed()
        .out()
        .lines()
        .anyMatch(command::equals);
  }

  @Test
  void advisesOnceWhereThePidNamespaceIsEnteredWithoutItsProc() throws Exception {
    terminal.resize(160, 20);
    terminal.typeOnClearScreen(enter("-p /bin/true"));
    terminal.awaitScreen("(?s).*\nhome>\n*");
    awaitStatus("0");
    String screen = terminal.screen();
    assertEquals(1, screen.lines().filter(ADVICE::equals).count(), screen);
  }

  @Test
  void advisesNothingWhenQuietOrWhereStderrIsNoTerminal() throws Exception {
    terminal.resize(160, 20);
    for (String quiet : new String[] {"-q -p /bin/true", "-p /bin/true 2>&1 | cat"}) {
      terminal.typeOnClearScreen(enter(quiet));
      awaitStatus("0");
      assertFalse(terminal.screen().contains("/proc still"), terminal.screen());
    }
    for (String unneeded : new String[] {"-m -p /bin/true", "--mount-proc /bin/true"}) {
      terminal.typeOnClearScreen(enter(unneeded));
      awaitStatus("0");
      assertFalse(terminal.screen().contains("/proc still"), terminal.screen());
    }
    Run run = Run.of(Tools.JNSENTER, "-p", "-t", "" + box.pid(), "/bin/true").mustSucceed();
    assertEquals("", run.err());
  }

  /** The shell's child, once it is the process that waits. */
  private long foreground(String name) throws Exception {
    ProcessHandle shell = ProcessHandle.of(terminal.shell()).orElseThrow();
    Poll.until(
        name + " in the terminal",
        () -> {
          for (ProcessHandle child : shell.children().toList()) {
            if (Proc.text(child.pid(), "comm").strip().equals(name)
                && child.children().count() == 1) {
              return true;
            }
          }
          return false;
        });
    return shell.children().findFirst().orElseThrow().pid();
  }

  private static long onlyChild(long pid) throws Exception {
    long[] found = new long[1];
    Poll.until(
        "the program",
        () -> {
          for (ProcessHandle child : ProcessHandle.of(pid).orElseThrow().children().toList()) {
            found[0] = child.pid();
            return Proc.text(child.pid(), "comm").equals("sleep\n");
          }
          return false;
        });
    assertTrue(found[0] > 0);
    return found[0];
  }

  private static void awaitState(long pid, String state) throws Exception {
    Poll.until(pid + " in state " + state, () -> Proc.status(pid, "State").startsWith(state));
  }
}
