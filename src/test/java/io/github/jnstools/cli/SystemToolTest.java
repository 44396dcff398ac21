package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of the test's own, which end in every way. */
class SystemToolTest {
  @TempDir Path directory;

  private SystemTool tool(String script) throws IOException {
    Path file = Files.writeString(directory.resolve("some-save"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new SystemTool(file.toFile());
  }

  private NamespaceException failure(String script) throws IOException {
    SystemTool tool = tool(script);
    return assertThrows(NamespaceException.class, tool::run);
  }

  @Test
  void keepsBothStreamsApart() throws IOException {
    SystemTool.Output output = tool("echo \"$1\"; echo warned >&2; echo $LC_ALL").run("a b");
    assertEquals(new SystemTool.Output("a b\nC\n", "warned\n"), output);
  }

  @Test
  void takesMoreThanAPipeHolds() throws IOException {
    String loop = "i=0; while [ $i -lt 9999 ]; do echo 0123456789; i=$((i + 1)); done";
    SystemTool.Output output = tool("{ " + loop + "; } >&2; " + loop).run();
    assertEquals(9999 * 11, output.out().length());
    assertEquals(9999 * 11, output.err().length());
  }

  @Test
  void aFailureHasTheStatusAndTheFirstLine() throws IOException {
    NamespaceException failure = failure("echo; echo 'no such table' >&2; echo x >&2; exit 3");
    assertEquals("run(some-save): exit status 3: no such table", failure.getMessage());
    assertEquals(Optional.empty(), failure.hint());
    assertEquals("run(some-save): exit status 4", failure("exit 4").getMessage());
  }

  @Test
  void aFailureCountsMoreThanWhatItHasNotRead() throws IOException {
    String much = "x".repeat(200_000);
    SystemTool fails = tool("exec <&-; echo 'no luck' >&2; exit 1");
    assertEquals(
        "run(some-save): exit status 1: no luck",
        assertThrows(NamespaceException.class, () -> fails.runOn(much)).getMessage());
    SystemTool succeeds = tool("exec <&-; sleep 0.1");
    assertThrows(IOException.class, () -> succeeds.runOn(much));
    assertEquals("200000\n", tool("wc -c").runOn(much).out());
  }

  @Test
  void aMissingPermissionHasAHint() throws IOException {
    NamespaceException failure =
        failure("echo 'Fatal: cannot open lock: Permission denied' >&2; exit 4");
    assertEquals(Optional.of("run as root"), failure.hint());
  }

  @Test
  void aCrashIsAFailureWithItsSignal() throws IOException {
    assertEquals("run(some-save): killed by signal 11", failure("kill -SEGV $$").getMessage());
  }

  @Test
  void whatIsNotInstalledIsToldWithWhatToDo() {
    assertEquals(Optional.empty(), SystemTool.find("no-such-program"));
    NamespaceException failure =
        assertThrows(
            NamespaceException.class, () -> SystemTool.require("no-such-program", "install it"));
    assertEquals("run(no-such-program): not installed", failure.getMessage());
    assertEquals(Optional.of("install it"), failure.hint());
    assertTrue(SystemTool.find("sh").isPresent());
  }
}
