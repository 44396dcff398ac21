package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.util.List;
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
      assertEquals(
          List.of("/bin/sleep 1000000", "top -b -n 1"),
          processes.lines().map(line -> line.replaceAll(".*% ", "")).sorted().toList());
    }
  }
}
