package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signals to the process that waits, and what becomes of the program. */
@RootTest
class JnsEnterSignalsRootTest {
  private static final String TRAPS =
      "trap 'echo term >/tmp/got; exit 7' TERM; trap 'echo usr1' USR1; trap 'echo hup' HUP;"
          + " echo up; while :; do sleep 0.1; done";
  private static Container box;

  @BeforeAll
  static void start() throws Exception {
    box = Container.start();
  }

  @AfterAll
  static void end() throws IOException {
    box.close();
  }

  private static Running enter(String... rest) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Tools.JNSENTER, "-m", "-p", "-t", "" + box.pid()));
    command.addAll(List.of(rest));
    return Running.start(Map.of(), command);
  }

  private static void send(String signal, long pid) throws Exception {
    Run.of("kill", "-" + signal, "" + pid).mustSucceed();
  }

  @Test
  void killsTheProgramWhenItEnds() throws Exception {
    for (String signal : new String[] {"KILL", "TERM"}) {
      try (Running entered = enter("--kill-child", "sleep", "1000")) {
        long program = entered.program();
        Poll.until("sleep", () -> Proc.text(program, "comm").equals("sleep\n"));
        send(signal, entered.pid());
        assertEquals(signal.equals("KILL") ? 137 : 143, entered.status());
        Poll.until("the end of the program", () -> !Proc.lives(program));
      }
    }
  }

  @Test
  void sendsTheSignalThatIsAskedFor() throws Exception {
    Path got = box.root().resolve("tmp/got");
    for (String option : new String[] {"--kill-child=TERM", "--kill-child=SIGTERM"}) {
      try (Running entered = enter(option, "sh", "-c", TRAPS).awaitLine("up")) {
        long program = entered.program();
        send("KILL", entered.pid());
        assertEquals(137, entered.status());
        Poll.until("the end of the program", () -> !Proc.lives(program));
        assertEquals("term\n", Proc.text(box.pid(), "root/tmp/got"));
      }
      Files.delete(got);
    }
  }

  @Test
  void killsTheProgramThatHasAnotherUser() throws Exception {
    String[] asWeb = {"--kill-child", "-S", "web", "-G", "web", "/bin/sleep", "1000"};
    try (Running entered = enter(asWeb)) {
      long program = entered.program();
      Poll.until("sleep", () -> Proc.text(program, "comm").equals("sleep\n"));
      assertEquals("1234\t1234\t1234\t1234", Proc.status(program, "Uid"));
      send("KILL", entered.pid());
      Poll.until("the end of the program", () -> !Proc.lives(program));
    }
  }

  @Test
  void leavesTheProgramAloneUnlessAsked() throws Exception {
    try (Running entered = enter("sleep", "1000")) {
      long program = entered.program();
      Poll.until("sleep", () -> Proc.text(program, "comm").equals("sleep\n"));
      send("KILL", entered.pid());
      assertEquals(137, entered.status());
      assertTrue(Proc.lives(program));
    }
  }

  @Test
  void forwardsSignals() throws Exception {
    try (Running entered = enter("--forward-signals", "sh", "-c", TRAPS).awaitLine("up")) {
      send("USR1", entered.pid());
      entered.awaitLine("usr1");
      send("HUP", entered.pid());
      entered.awaitLine("hup");
      send("TERM", entered.pid());
      assertEquals(7, entered.status());
    }
    Files.delete(box.root().resolve("tmp/got"));
  }

  @Test
  void endsAsTheProgramDid() throws Exception {
    for (int signal : new int[] {1, 2, 3, 6, 9, 11, 13, 15}) {
      for (String option : new String[] {"--quiet", "--forward-signals"}) {
        Run run =
            Run.of(
                Tools.JNSENTER,
                "-m",
                "-p",
                "-t",
                "" + box.pid(),
                option,
                "/probe",
                "--die",
                "" + signal);
        assertEquals("signalled " + signal, run.status());
      }
    }
  }
}
