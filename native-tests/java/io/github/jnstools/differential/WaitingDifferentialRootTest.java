package io.github.jnstools.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Tools;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The process that waits for a program in a PID namespace, in jnsenter as in nsenter: it stops and
 * goes on with the program, ends as the program does, and takes nobody with it.
 */
@RootTest
class WaitingDifferentialRootTest {
  private static final int INT = 2;
  private static final int KILL = 9;
  private static final int TERM = 15;
  private static final int CONT = 18;
  private static final int STOP = 19;
  private static final int TSTP = 20;

  private static final String NO_SIGNALS = "0000000000000000";
  // TSTP, TTIN, TTOU
  private static final String TERMINAL_STOPS = "0000000000380000";

  private static final Case FORKED = Case.inBox("forked", "-t {box} -m -p");
  private static final Case UNFORKED = Case.inBox("unforked", "-t {box} -m");
  private static final AtomicInteger TOKENS = new AtomicInteger();
  @AutoClose private static World world;

  @BeforeAll
  static void makeWorld() throws Exception {
    world = new World();
  }

  /** What a test does to a running invocation; what it returns is compared. */
  private interface Act {
    Object on(Invocation run, long command, long probe) throws Exception;
  }

  private static Object both(Case given, Act act) throws Exception {
    String token = "waiting-" + TOKENS.incrementAndGet() + "-" + ProcessHandle.current().pid();
    Object oracle = once(given, DifferentialRootTest.NSENTER, token, act);
    assertEquals(oracle, once(given, Tools.JNSENTER, token, act));
    return oracle;
  }

  private static Object once(Case given, String tool, String token, Act act) throws Exception {
    try (Invocation run = new Invocation(world, given, tool, token)) {
      long probe = run.probe();
      assertTrue(probe > 0, run::toString);
      return act.on(run, run.tool(), probe);
    }
  }

  private static void await(long pid, String state) throws Exception {
    Poll.until("state " + state + " of " + pid, () -> Outside.state(pid).equals(state));
  }

  @Test
  void stopsWithTheProgramAndGoesOnWithIt() throws Exception {
    both(
        FORKED,
        (run, command, probe) -> {
          for (int signal : List.of(STOP, TSTP)) {
            Invocation.kill(probe, signal);
            await(command, "T");
            await(probe, "T");
            Invocation.kill(command, CONT);
            await(command, "S");
            await(probe, "S");
          }
          run.endInput();
          return run.end();
        });
  }

  @Test
  void goesOnWaitingWhenOnlyTheProgramIsContinued() throws Exception {
    both(
        FORKED,
        (run, command, probe) -> {
          Invocation.kill(probe, STOP);
          await(command, "T");
          Invocation.kill(probe, CONT);
          await(probe, "S");
          run.endInput();
          await(probe, "Z");
          String state = Outside.state(command);
          Invocation.kill(command, CONT);
          return List.of(state, run.end());
        });
  }

  @Test
  void endsAsAProgramThatWasKilledWhileStopped() throws Exception {
    both(
        FORKED,
        (run, command, probe) -> {
          Invocation.kill(probe, STOP);
          await(command, "T");
          Invocation.kill(probe, KILL);
          Invocation.kill(command, CONT);
          return run.end();
        });
  }

  @Test
  void aStoppedProgramWithoutAForkIsTheCommand() throws Exception {
    both(
        UNFORKED,
        (run, command, probe) -> {
          assertEquals(command, probe);
          Invocation.kill(probe, STOP);
          await(command, "T");
          Invocation.kill(command, CONT);
          await(probe, "S");
          run.endInput();
          return run.end();
        });
  }

  @Test
  void aSignalToTheCommandEndsItAndNotTheProgram() throws Exception {
    for (int signal : List.of(INT, TERM, KILL)) {
      Object seen =
          both(
              FORKED.caller("close=0"),
              (run, command, probe) -> {
                Invocation.kill(command, signal);
                Map<String, String> end = run.end();
                String state = Outside.state(probe);
                Invocation.kill(probe, KILL);
                await(probe, "gone");
                return List.of(end.get(Invocation.STATUS), state);
              });
      assertEquals(List.of("signalled " + signal, "S"), seen);
    }
  }

  @Test
  void aSignalToTheProgramEndsBoth() throws Exception {
    for (int signal : List.of(INT, TERM, KILL)) {
      both(
          FORKED,
          (run, command, probe) -> {
            Invocation.kill(probe, signal);
            return run.end();
          });
    }
  }

  @Test
  void theWaitingProcessIsInTheCallersNamespacesAndHasItsStreams() throws Exception {
    both(
        FORKED,
        (run, command, probe) -> {
          // The program may run before who forked it waits.
          await(command, "S");
          Map<String, String> fields = Outside.of(command, Map.of());
          // They are two programs, and what they execute is named so.
          boolean ours = "jnsenter".equals(fields.remove("Name"));
          fields.keySet().removeAll(List.of("cmdline", "exe", "parent", "process group"));
          fields.keySet().removeAll(List.of("session", "foreground group"));
          // The stage's own, which the program does not get.
          fields.computeIfPresent(
              "environ", (name, text) -> text.replaceFirst("^JNSTOOLS_PLAN=\\d+\0", ""));
          // nsenter, stopped by the terminal as its program is, stops once more after "fg".
          assertEquals(ours ? TERMINAL_STOPS : NO_SIGNALS, fields.remove("SigIgn"));
          run.endInput();
          run.end();
          return fields;
        });
  }
}
