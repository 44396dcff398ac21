package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fenced blocks of the README, and a shell that runs what they show. */
final class ReadmeSession {
  private ReadmeSession() {}

  /** The blocks of one kind. */
  static List<String> blocks(String language) throws Exception {
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

  /**
   * Runs the commands of all blocks of a kind in one shell, and compares what each shows.
   *
   * @param started what the shell does after a command that starts a container by unshare(1)
   * @param end what it does at the end
   */
  static void assertShown(String language, String started, String end) throws Exception {
    StringBuilder script = new StringBuilder("cd '" + Tools.PROJECT + "'\nexec 2>&1\n");
    List<String> expected = new ArrayList<>();
    for (String block : blocks(language)) {
      for (String line : block.split("\n")) {
        if (line.startsWith("$ ")) {
          expected.add("");
          script.append("printf '\\001'\n").append(line.substring(2)).append('\n');
          if (line.contains("unshare ")) {
            script.append(started).append('\n');
          }
        } else {
          int last = expected.size() - 1;
          expected.set(last, expected.get(last) + line + "\n");
        }
      }
    }
    script.append(end).append('\n');
    Run run = Run.of("", Map.of(), List.of("sh", "-c", script.toString()));
    String[] shown = run.mustSucceed().out().split("\001", -1);
    assertTrue(expected.size() > 5, "the README shows commands");
    assertEquals(expected.size() + 1, shown.length, run.toString());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(comparable(expected.get(i)), comparable(shown[i + 1]), run.toString());
    }
  }

  /** Without what differs from run to run: pids, inodes, names of veths, widths of columns. */
  private static String comparable(String text) {
    return text.replaceAll("veth[0-9a-f]{7}", "veth")
        .replaceAll("\\d+", "N")
        .replaceAll(" +", " ")
        .replaceAll(" ?\n", "\n")
        .strip();
  }
}
