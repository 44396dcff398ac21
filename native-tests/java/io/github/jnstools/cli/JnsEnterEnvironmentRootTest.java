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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose variables a program gets. */
@RootTest
class JnsEnterEnvironmentRootTest {
  private static final String BIG = "x".repeat(120_000);

  private static String enter(long pid, String... rest) throws Exception {
    List<String> command = new ArrayList<>(List.of(Tools.JNSENTER, "-t", "" + pid));
    command.addAll(List.of(rest));
    return Run.of("", Map.of("OF_CALLER", "yes"), command).mustSucceed().out();
  }

  @Test
  void theContainersOrNoneOrTheCallersAndWhatIsSet() throws Exception {
    try (Container box = Container.start()) {
      String theirs = "PATH=/bin\nSHELL=/bin/sh\nIN_BOX=yes\n";
      assertEquals(theirs, enter(box.pid(), "-m", "--env", "env"));
      assertEquals(theirs, enter(box.pid(), "-m", "-e", "env"));
      assertEquals(
          "SHELL=/bin/sh\nIN_BOX=yes\nPATH=/x:/bin\nA=b=c\n",
          enter(box.pid(), "-m", "-e", "--env-set", "PATH=/x:/bin", "--env-set=A=b=c", "env"));
      assertEquals("", enter(box.pid(), "-m", "--clear-env", "/bin/env"));
      assertEquals("A=\n", enter(box.pid(), "-m", "--clear-env", "--env-set=A=", "/bin/env"));
      String callers = enter(box.pid(), "-m", "/bin/env");
      assertTrue(callers.contains("OF_CALLER=yes\n") && !callers.contains("IN_BOX"), callers);
      assertTrue(!callers.contains("JNSTOOLS"), callers);
    }
  }

  @Test
  void theContainersShellIsTheDefaultProgramWithItsVariables() throws Exception {
    try (Container box = Container.start()) {
      Run run =
          Run.of(
              "echo $0 $IN_BOX\n",
              Map.of("SHELL", "/no/such"),
              List.of(Tools.JNSENTER, "-m", "-e", "-t", "" + box.pid()));
      assertEquals("-sh yes\n", run.mustSucceed().out());
    }
  }

  @Test
  void aFirstVariableOf120KilobytesIsWhole() throws Exception {
    try (Running target =
        Running.start("env", "-i", "BIG=" + BIG, "LAST=one", "/bin/sleep", "1000")) {
      Poll.until("sleep", () -> Proc.text(target.pid(), "comm").equals("sleep\n"));
      assertEquals("BIG=" + BIG + "\nLAST=one\n", enter(target.pid(), "-u", "-e", "/usr/bin/env"));
    }
    Run run =
        Run.of(
            "env",
            "-i",
            "BIG=" + BIG,
            "PATH=/usr/bin:/bin",
            Tools.JNSENTER,
            "-u",
            "-t",
            "" + ProcessHandle.current().pid(),
            "env");
    assertEquals("BIG=" + BIG + "\nPATH=/usr/bin:/bin\n", run.mustSucceed().out());
  }

  @Test
  void aProcOfAnotherPidNamespaceDoesNotChangeWhoseVariablesTheyAre() throws Exception {
    // Entered by half: the process has a number that is another's in this /proc.
    try (Container box = Container.start()) {
      Run run =
          Run.of(
              Tools.NSENTER,
              "-p",
              "-t",
              "" + box.pid(),
              "env",
              "-i",
              "PATH=/usr/bin:/bin",
              "MINE=1",
              Tools.JNSENTER,
              "--net=/proc/" + box.pid() + "/ns/net",
              "env");
      assertEquals("PATH=/usr/bin:/bin\nMINE=1\n", run.mustSucceed().out());
    }
  }
}
