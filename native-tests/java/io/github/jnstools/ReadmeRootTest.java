package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is run, and shows what the README shows. */
@RootTest
class ReadmeRootTest {
  private static final String PRELUDE =
      "import io.github.jnstools.*; import io.github.jnstools.enter.*;"
          + " import io.github.jnstools.enter.Command.Stdio;"
          + " import static java.nio.charset.StandardCharsets.US_ASCII;"
          + " import java.io.*; import java.net.*; import java.nio.channels.*;"
          + " public class Example { public static void main(String[] a) throws Exception {"
          + " int pid = Integer.parseInt(a[0]);";

  @Test
  void consoleSessionsRunAsShown() throws Exception {
    StringBuilder script = new StringBuilder("cd '" + Tools.PROJECT + "'\nexec 2>&1\n");
    List<String> expected = new ArrayList<>();
    for (String block : blocks("console")) {
      for (String line : block.split("\n")) {
        if (line.startsWith("$ ")) {
          expected.add("");
          script.append("printf '\\001'\n").append(line.substring(2)).append('\n');
          if (line.contains("unshare ")) {
            script.append("BOX=$!; sleep 1\n");
          }
        } else {
          int last = expected.size() - 1;
          expected.set(last, expected.get(last) + line + "\n");
        }
      }
    }
    script.append("kill -KILL $BOX\n");
    Run run = Run.of("", Map.of(), List.of("sh", "-c", script.toString()));
    String[] shown = run.mustSucceed().out().split("\001", -1);
    assertTrue(expected.size() > 5, "the README shows commands");
    assertEquals(expected.size() + 1, shown.length, run.toString());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(comparable(expected.get(i)), comparable(shown[i + 1]), run.toString());
    }
  }

  @Test
  void libraryExampleCompilesAndRuns(@TempDir Path directory) throws Exception {
    Path source = directory.resolve("Example.java");
    Files.writeString(source, PRELUDE + blocks("java").get(0) + "}}");
    Run run =
        Run.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            Tools.PROJECT.resolve("target/jnstools.jar").toString(),
            source.toString(),
            Long.toString(ProcessHandle.current().pid()));
    String net = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    assertEquals(net + "\nExited[code=0]\n", run.mustSucceed().out());
  }

  private static List<String> blocks(String language) throws Exception {
    String readme = Files.readString(Tools.PROJECT.resolve("README.md"));
    Matcher fence =
        Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(readme);
    List<String> blocks = new ArrayList<>();
    while (fence.find()) {
      blocks.add(fence.group(1));
    }
    return blocks;
  }

  /** Without what differs from run to run: pids, inodes, widths of columns. */
  private static String comparable(String text) {
    return text.replaceAll("\\d+", "N").replaceAll(" +", " ").replaceAll(" ?\n", "\n").strip();
  }
}
