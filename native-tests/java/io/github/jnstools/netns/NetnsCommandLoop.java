package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A shell that runs jnetns again and again, each time a process of its own. */
final class NetnsCommandLoop implements AutoCloseable {
  // What each has told on its standard error is in one file: a hint would be the second line.
  private static final String SCRIPT =
      """
      i=0
      while [ -e "$GO" ]; do
        i=$((i + 1))
        case $((i % 5)) in
          0) set -- prune ;;
          1) set -- link --name="shared$((i * 7 % NAMES))" "$PID" ;;
          2) set -- link --bind --name="shared$((i * 7 % NAMES))" "$PID" ;;
          3) set -- unlink "shared$((i * 5 % NAMES))" ;;
          4) set -- list ;;
        esac
        "$JNETNS" -q "$@" >/dev/null 2>"$ERR"
        echo "$1: $? $(head -n 1 "$ERR")"
      done
      """;

  // What is no entry could be a container.
  private static final List<String> MORE =
      List.of("unlink: 1 container: there is no engine to ask");

  private final Path err;
  private final Running shell;

  private NetnsCommandLoop(Path err, Running shell) {
    this.err = err;
    this.shell = shell;
  }

  /**
   * Starts one, which goes on as long as a file is there.
   *
   * @param names how many names there are, {@code shared0} the first
   * @param pid the process whose namespace is linked and mounted
   */
  static NetnsCommandLoop start(Path go, int names, int pid) throws IOException {
    Path err = Files.createTempFile("jnstools-err", "");
    Map<String, String> variables =
        Map.of(
            "GO",
            go.toString(),
            "NAMES",
            "" + names,
            "PID",
            "" + pid,
            "JNETNS",
            Tools.JNETNS,
            "ERR",
            err.toString());
    return new NetnsCommandLoop(err, Running.start(variables, List.of("sh", "-c", SCRIPT)));
  }

  /** Waits for its end; what the command has not done, it has refused for a known reason. */
  void assertOnlyRefused(List<String> reasons) throws Exception {
    shell.status();
    assertEquals("", shell.err());
    List<String> lines = shell.out().lines().toList();
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("link: ")), shell::toString);
    List<String> known = new ArrayList<>(MORE);
    for (String reason : reasons) {
      for (String verb : List.of("link", "unlink", "prune")) {
        known.add(verb + ": 1 " + reason);
      }
    }
    Set<String> unknown = new TreeSet<>();
    for (String line : lines) {
      String told =
          line.replaceAll(" jnetns: (\\w+)\\([^)]*\\): ", " $1: ")
              .replaceAll("(docker|pid):.*", "another");
      if (!told.endsWith(": 0 ") && known.stream().noneMatch(told::startsWith)) {
        unknown.add(line);
      }
    }
    assertEquals(Set.of(), unknown);
  }

  @Override
  public void close() throws IOException {
    shell.close();
    Files.delete(err);
  }
}
