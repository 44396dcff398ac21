package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.NamespaceType;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.NamespaceThread;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Namespaces that are found otherwise than by a process's own. */
@RootTest
class JnsEnterOriginsRootTest {

  @Test
  void thatOfASocket() throws Exception {
    long self = ProcessHandle.current().pid();
    try (Container box = Container.start();
        Target target = Target.of((int) box.pid());
        NamespaceSet net = NamespaceSet.of(target.namespace(NamespaceType.NET))) {
      // The JDK keeps a socket of its own from the first one on.
      SocketChannel.open().close();
      Map<Integer, String> before = Proc.descriptors(self);
      try (SocketChannel socket = NamespaceThread.call(net, SocketChannel::open)) {
        Map<Integer, String> after = Proc.descriptors(self);
        after.values().removeIf(value -> !value.startsWith("socket:"));
        after.values().removeAll(before.values());
        assertEquals(1, after.size(), socket + ": " + after);
        int number = after.keySet().iterator().next();
        for (String option : new String[] {"-N" + number, "--net-socket=" + number}) {
          Run run =
              Run.of(Tools.JNSENTER, option, "-t", "" + self, "readlink", "/proc/self/ns/net");
          assertEquals(Proc.ns(box.pid(), "net") + "\n", run.mustSucceed().out());
        }
      }
      for (String[] wrong :
          new String[][] {
            {"0", "ioctl", ", SIOCGSKNS", "ENOTTY: Inappropriate ioctl for device"},
            {"999", "pidfd_getfd", "", "EBADF: Bad file descriptor"}
          }) {
        Run run = Run.of(Tools.JNSENTER, "-N", wrong[0], "-t", "" + box.pid(), "true");
        assertEquals("exited 1", run.status());
        assertEquals(
            "jnsenter: "
                + wrong[1]
                + "(/proc/"
                + box.pid()
                + "/fd/"
                + wrong[0]
                + wrong[2]
                + "): "
                + wrong[3],
            run.err().lines().findFirst().orElse(""));
      }
    }
  }

  @Test
  void theParentOfAUserNamespace() throws Exception {
    try (Container box = Container.start("--user", "--map-root-user", "--mount", "--pid", "--uts");
        Running nested =
            Running.start(
                Tools.NSENTER,
                "-U",
                "-t",
                "" + box.pid(),
                "unshare",
                "-U",
                "-r",
                "busybox",
                "sleep",
                "1000")) {
      String boxes = Proc.ns(box.pid(), "user");
      Poll.until(
          "a nested user namespace", () -> Proc.text(nested.pid(), "comm").equals("busybox\n"));
      try (Running entered =
          Running.start(Tools.JNSENTER, "--user-parent", "-t", "" + nested.pid(), Tools.PROBE + "")
              .ready()) {
        assertEquals(boxes, Proc.ns(entered.pid(), "user"));
      }
      try (Running entered =
          Running.start(Tools.JNSENTER, "-U", "-t", "" + nested.pid(), Tools.PROBE + "").ready()) {
        assertEquals(Proc.ns(nested.pid(), "user"), Proc.ns(entered.pid(), "user"));
      }
    }
  }

  @Test
  void aNamespacesId() throws Exception {
    try (Container box = Container.start()) {
      String file = "/proc/" + box.pid() + "/ns/net";
      Run id = Run.of(Tools.PROBE + "", "--ns-id", file);
      Assumptions.assumeTrue(id.succeeded(), "this kernel gives namespaces no id");
      String number = id.out().strip();
      Run run = Run.of(Tools.JNSENTER, "--net=:" + number, "readlink", "/proc/self/ns/net");
      String[] version = System.getProperty("os.version").split("[.-]");
      int kernel = 1000 * Integer.parseInt(version[0]) + Integer.parseInt(version[1]);
      if (kernel >= 6019) {
        assertEquals(Proc.ns(box.pid(), "net") + "\n", run.mustSucceed().out());
      } else {
        assertEquals("exited 1", run.status());
        assertEquals(
            "jnsenter: open_by_handle_at(net:"
                + number
                + "): ESTALE: Stale file handle\n"
                + "hint: no namespace that the caller may see has this id, or the kernel, before"
                + " 6.19, cannot look one up; name a file of it instead: /proc/PID/ns/TYPE\n",
            run.err());
      }
    }
  }
}
