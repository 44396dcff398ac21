package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.Credentials;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Pace;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RecycledPid;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

/** A pid that belongs to another process by now: that one is in other namespaces. */
@RootTest
class PidReuseRootTest {

  private static void assertEnded(int pid, Executable call) {
    NamespaceException e = assertThrows(NamespaceException.class, call);
    assertEquals("target(" + pid + "): the process has ended", e.getMessage());
    assertEquals(Optional.of("look its pid up again"), e.hint());
  }

  @Test
  void neverOpensAnythingOfAStrangerWithTheSamePid() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      for (int i = 0; i < Pace.rounds(1000); i++) {
        int pid = recycled.first();
        try (Target target = Target.of(pid)) {
          recycled.stranger();
          assertEquals(Proc.ns(elsewhere.pid(), "net"), Proc.ns(pid, "net"));
          assertNotEquals(Proc.ns(elsewhere.pid(), "net"), Proc.ns(self(), "net"));
          assertTrue(target.hasEnded());
          NamespaceType type = NamespaceType.values()[i % NamespaceType.values().length];
          assertEnded(pid, () -> target.namespace(type).close());
          assertEnded(pid, () -> target.namespaces(EnumSet.allOf(NamespaceType.class)));
          assertEnded(pid, target::environment);
          assertEnded(pid, target::startTime);
          assertEnded(pid, () -> target.userId("root"));
          assertEnded(pid, () -> target.groupId("root"));
          Command command = Command.of("true").withTarget(target);
          assertEnded(pid, () -> Launcher.launch(command.withRoot(Place.OF_TARGET)));
          assertEnded(pid, () -> Launcher.launch(command.with(Command.Option.JOIN_CGROUPS)));
        }
        recycled.end();
      }
    }
  }

  private static long self() {
    return ProcessHandle.current().pid();
  }

  @Test
  void aSocketOfAStrangerIsNotReached() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      try (Target target = Target.of(recycled.first())) {
        recycled.stranger();
        NamespaceException e =
            assertThrows(NamespaceException.class, () -> target.socketNamespace(0));
        assertEquals("pidfd_getfd", e.operation());
        assertEquals("ESRCH", e.errno().orElseThrow().name());
      }
    }
  }

  @Test
  void nobodysIdsAreNotTakenForRoots() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      try (Target target = Target.of(recycled.first())) {
        recycled.stranger();
        Command command = Command.of("true").withTarget(target);
        Credentials.Id follow = Credentials.Id.FOLLOW;
        for (Credentials ids :
            new Credentials[] {
              new Credentials(follow, Credentials.Id.KEEP, Optional.empty()),
              new Credentials(Credentials.Id.KEEP, follow, Optional.empty())
            }) {
          NamespaceException e =
              assertThrows(
                  NamespaceException.class,
                  () -> Launcher.launch(command.withCredentials(ids)).close());
          assertEquals("that of " + target.pid(), e.context());
          assertEquals("ESRCH", e.errno().orElseThrow().name());
        }
      }
    }
  }

  @Test
  void whileProcessesComeAndGoOpensTheOneThatWasPinnedOrNone() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      Map<Long, String> netByStart = new ConcurrentHashMap<>();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      AtomicBoolean over = new AtomicBoolean();
      int pid = recycled.first();
      netByStart.put(recycled.startTime(), Proc.ns(pid, "net"));
      Thread flipper =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < Pace.rounds(200) || !over.get(); i++) {
                    recycled.strangerOrHome(i % 2 == 0);
                    netByStart.put(recycled.startTime(), Proc.ns(pid, "net"));
                    Thread.sleep(10); // the unit of start times: no two may have the same
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      flipper.start();
      int opened = 0;
      Map<Long, String> seen = new ConcurrentHashMap<>();
      long deadline = System.nanoTime() + Pace.LIMIT.toNanos();
      for (int i = 0;
          flipper.isAlive()
              && System.nanoTime() < deadline
              && (i < Pace.rounds(5000) || opened < Pace.rounds(100) || seen.isEmpty());
          i++) {
        try (Target target = Target.of(pid)) {
          long start = target.startTime();
          try (Namespace net = target.namespace(NamespaceType.NET)) {
            // Until it has joined, a process that was just started is where its parent is.
            if (!net.id().toString().equals(Proc.ns(self(), "net"))) {
              seen.put(start, net.id().toString());
            }
            opened++;
          }
        } catch (NamespaceException e) {
          assertTrue(
              e.getMessage()
                  .matches(
                      "target\\(\\d+\\): the process has ended|(pidfd_open|openat)\\(.*: (ESRCH|ENOENT): .*"),
              e.getMessage());
        }
      }
      over.set(true);
      flipper.join();
      if (failure.get() != null) {
        throw new AssertionError(failure.get());
      }
      assertTrue(opened > 0 && !seen.isEmpty(), opened + " opened, " + seen);
      for (Map.Entry<Long, String> one : seen.entrySet()) {
        assertEquals(netByStart.get(one.getKey()), one.getValue());
      }
    }
  }

  @Test
  void theCommandRefusesAPidWhoseInodeIsAnothers() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      for (int i = 0; i < Pace.rounds(30); i++) {
        int pid = recycled.first();
        long inode;
        try (Target target = Target.of(pid)) {
          inode = target.pidfdInode();
        } catch (NamespaceException e) {
          assertEquals(
              "exited 1\n--- stdout\n--- stderr\njnsenter: "
                  + e.getMessage()
                  + "\nhint: leave out the :INODE, which needs Linux 6.9\n",
              Run.of(Tools.JNSENTER, "-n", "-t", pid + ":1", "true").toString());
          throw new TestAbortedException(e.getMessage(), e);
        }
        if (i % 10 == 0) {
          Run.of(Tools.JNSENTER, "-n", "-t", pid + ":" + inode, "true").mustSucceed();
        }
        recycled.stranger();
        Run run = Run.of(Tools.JNSENTER, "-n", "-t", pid + ":" + inode, "true");
        assertEquals("exited 1", run.status());
        assertEquals(
            "jnsenter: target("
                + pid
                + ":"
                + inode
                + "): the pid belongs to another process now\n"
                + "hint: look the process up again\n",
            run.err());
        recycled.end();
      }
    }
  }
}
