package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
