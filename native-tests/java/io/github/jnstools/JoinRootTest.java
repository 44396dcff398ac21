package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import org.junit.jupiter.api.Test;

@RootTest
class JoinRootTest {

  @Test
  void showsOnlyTheContainersProcesses() throws Exception {
    try (Container box = Container.start()) {
      Run ps = Run.of(Tools.JNSENTER, "-m", "-p", "-t", "" + box.pid(), "ps", "-o", "comm");
      assertEquals("COMMAND\nsleep\nps\n", ps.mustSucceed().out());
    }
  }

  @Test
  void topShowsOnlyTheContainersProcesses() throws Exception {
    try (Container box = Container.start()) {
      String pid = "" + box.pid();
      Run top = Run.of(Tools.JNSENTER, "-m", "-p", "-t", pid, "top", "-b", "-n", "1");
      String processes = top.mustSucceed().out().split("COMMAND\n")[1].strip();
      assertTrue(
          processes.matches("1 .* /bin/sleep 1000000\n *\\d+ .* top -b -n 1"), top::toString);
    }
  }
}
