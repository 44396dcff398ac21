package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd unit of {@code jnetns watch}. */
@RootTest
class JnetnsUnitRootTest {
  @TempDir Path directory;

  @Test
  void isOneThatSystemdUnderstands() throws Exception {
    String unit = Files.readString(Tools.PROJECT.resolve("scripts/jnetns-watch.service"));
    // Where it was installed to; the command is not installed here.
    String here =
        unit.replaceFirst(
            "(?m)^ExecStart=/\\S*/jnetns watch", "ExecStart=" + Tools.JNETNS + " watch");
    Path file = Files.writeString(directory.resolve("jnetns-watch.service"), here);
    Run run = Run.of("systemd-analyze", "verify", "--man=no", file.toString());
    assertEquals(new Run("exited 0", "", ""), run);
  }
}
