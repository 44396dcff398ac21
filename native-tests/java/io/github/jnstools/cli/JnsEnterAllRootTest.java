package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is there, seen from outside, once jnsenter has entered. */
@RootTest
class JnsEnterAllRootTest {

  private static Container withUserNamespace() throws Exception {
    return Container.start(Container.inAllTypes());
  }

  @Test
  void entersAllEightTypesAtOnce() throws Exception {
    try (Container box = withUserNamespace()) {
      Map<String, String> theirs = Proc.namespaces(box.pid());
      for (Map.Entry<String, String> ours : Proc.namespaces(self()).entrySet()) {
        assertNotEquals(ours.getValue(), theirs.get(ours.getKey()));
      }
      for (List<String> options :
          List.of(List.of("-a"), List.of("-m", "-u", "-i", "-n", "-p", "-U", "-C", "-T"))) {
        List<String> command = new ArrayList<>(List.of(Tools.JNSENTER));
        command.addAll(options);
        command.addAll(List.of("-t", "" + box.pid(), "/probe"));
        try (Running entered = Running.start(Map.of(), command).ready()) {
          assertEquals(theirs, Proc.namespaces(entered.program()));
          assertEquals("0\t0\t0\t0", Proc.status(entered.program(), "Uid"));
          entered.endInput();
          assertEquals(0, entered.status());
        }
      }
    }
  }

  @Test
  void aClosedStandardInputDoesNotLeadElsewhere() throws Exception {
    try (Container box = withUserNamespace()) {
      Map<String, String> theirs = Proc.namespaces(box.pid());
      for (String closed : new String[] {"<&-", "<&- >&- 2>&-"}) {
        String command = "exec " + Tools.JNSENTER + " -a -t " + box.pid() + " sleep 1000 " + closed;
        try (Running entered = Running.start("sh", "-c", command)) {
          long program = entered.program();
          Poll.until("the program", () -> Proc.text(program, "comm").equals("sleep\n"));
          assertEquals(theirs, Proc.namespaces(program));
          assertEquals(closed.length() > 4 ? 0 : 2, Proc.descriptors(program).size());
        }
      }
      Run run =
          Run.of(
              "sh",
              "-c",
              Tools.JNSENTER + " -u -t " + box.pid() + " readlink /proc/self/ns/uts <&-");
      assertEquals(theirs.get("uts") + "\n", run.mustSucceed().out());
    }
  }

  @Test
  void whatWaitsIsSmallSealedAndTheProcessThatWasStarted() throws Exception {
    try (Container box = Container.start();
        Running entered =
            Running.start(Tools.JNSENTER, "-m", "-p", "-t", "" + box.pid(), "/probe").ready()) {
      long waiter = entered.pid();
      assertNotEquals(waiter, entered.program());
      assertEquals("" + waiter, Proc.status(entered.program(), "PPid"));
      assertEquals("" + self(), Proc.status(waiter, "PPid"));
      assertEquals(
          "/memfd:jnstools-stage (deleted)", Proc.link(Path.of("/proc/" + waiter + "/exe")));
      assertEquals("jnsenter", Proc.status(waiter, "Name"));
      assertEquals("1", Proc.status(waiter, "Threads"));
      String[] resident = Proc.status(waiter, "VmRSS").split(" ");
      assertEquals("kB", resident[1]);
      assertTrue(Integer.parseInt(resident[0]) < 1024, resident[0]);
      assertEquals(
          List.of(0, 1, 2), List.copyOf(Proc.descriptors(waiter).keySet()), "of the waiter");
      for (ProcessHandle process : ProcessHandle.of(waiter).orElseThrow().descendants().toList()) {
        assertNotEquals("java\n", Proc.text(process.pid(), "comm"));
      }
    }
  }

  @Test
  void withoutAForkTheProgramIsTheProcessThatWasStarted() throws Exception {
    try (Container box = Container.start();
        Running plain = Running.start(Tools.PROBE + "").ready();
        Running entered =
            Running.start(Tools.JNSENTER, "-m", "-n", "-t", "" + box.pid(), "/probe").ready()) {
      assertEquals(Proc.ns(box.pid(), "net"), Proc.ns(entered.pid(), "net"));
      assertEquals(Proc.ns(box.pid(), "mnt"), Proc.ns(entered.pid(), "mnt"));
      assertEquals(Proc.ns(self(), "pid"), Proc.ns(entered.pid(), "pid"));
      assertEquals("probe", Proc.status(entered.pid(), "Name"));
      assertEquals(Proc.status(plain.pid(), "SigBlk"), Proc.status(entered.pid(), "SigBlk"));
    }
  }

  @Test
  void explainsAndRunsNothing() throws Exception {
    try (Container box = Container.start()) {
      String ns = "/proc/" + box.pid() + "/ns/";
      Run run =
          Run.of(
              Tools.JNSENTER,
              "-m",
              "-p",
              "-T",
              "--explain",
              "-t",
              "" + box.pid(),
              "/bin/sh",
              "-c",
              "echo ran >/tmp/ran");
      assertEquals(
          "prctl(PR_SET_DUMPABLE, 0)\n"
              + "unshare(CLONE_FS)\n"
              + "setns("
              + ns
              + "pid, CLONE_NEWPID)\n"
              + "setns("
              + ns
              + "mnt, CLONE_NEWNS)\n"
              + "setns("
              + ns
              + "time, CLONE_NEWTIME)\n"
              + "fork()\n"
              + "exec(/bin/sh)\n",
          run.mustSucceed().out());
      assertFalse(Files.exists(box.root().resolve("tmp/ran")));
    }
  }

  private static long self() {
    return ProcessHandle.current().pid();
  }
}
