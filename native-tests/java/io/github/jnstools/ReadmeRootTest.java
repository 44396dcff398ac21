package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is run, and shows what the README shows. */
@RootTest
class ReadmeRootTest {
  private static final String PRELUDE =
      "import io.github.jnstools.*; import io.github.jnstools.container.*;"
          + " import io.github.jnstools.enter.*; import io.github.jnstools.netns.*;"
          + " import io.github.jnstools.enter.Command.Stdio;"
          + " import static java.nio.charset.StandardCharsets.US_ASCII;"
          + " import java.io.*; import java.net.*; import java.nio.channels.*;"
          + " public class Example { public static void main(String[] a) throws Exception {"
          + " String reference = a[0]; int pid = Integer.parseInt(reference);";

  @Test
  void consoleSessionsRunAsShown() throws Exception {
    ReadmeSession.assertShown("console", "BOX=$!; sleep 1", "kill -KILL $BOX");
  }

  @Test
  void installationRunsAsShownAndLeavesNothing() throws Exception {
    String script =
        "mount -t tmpfs tmpfs /usr/local; cd '"
            + Tools.PROJECT
            + "'\n"
            + ReadmeSession.blocks("sh install").get(0)
            + "find /usr/local -mindepth 1";
    assertEquals("", Run.of("unshare", "-m", "sh", "-euc", script).mustSucceed().out());
  }

  private static String runExample(int number, Path directory) throws Exception {
    Path source = directory.resolve("Example.java");
    Files.writeString(source, PRELUDE + ReadmeSession.blocks("java").get(number) + "}}");
    Run run =
        Run.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            Tools.PROJECT.resolve("target/jnstools.jar")
                + ":"
                + Tools.PROJECT.resolve("target/test-lib/*"),
            source.toString(),
            Long.toString(ProcessHandle.current().pid()));
    return run.mustSucceed().out();
  }

  @Test
  void enteringExampleCompilesAndRuns(@TempDir Path directory) throws Exception {
    String net = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    assertEquals(net + "\nExited[code=0]\n", runExample(0, directory));
  }

  @Test
  void containerExampleCompilesAndRuns(@TempDir Path directory) throws Exception {
    long pid = ProcessHandle.current().pid();
    Path link = Path.of("/run/netns/pid-" + pid);
    try {
      String out = runExample(1, directory);
      assertTrue(out.startsWith("lo [Address[address=127.0.0.1, prefix=8, "), out);
      assertEquals("/proc/" + pid + "/ns/net", Files.readSymbolicLink(link).toString());
    } finally {
      Files.deleteIfExists(link);
      Files.deleteIfExists(link.getParent());
    }
  }
}
