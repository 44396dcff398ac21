package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

/** What a command does to the machine before its work: as little as can be. */
@RootTest
class StartRootTest {
  private static final Map<String, String> THIS_JDK =
      Map.of("JAVA_HOME", System.getProperty("java.home"));

  @TempDir Path directory;

  /** The first string of each call of a kind that succeeded. */
  private List<String> calls(String trace, String pattern, String... command) throws Exception {
    Path log = directory.resolve("log");
    List<String> all =
        new ArrayList<>(List.of("strace", "-f", "-qq", "-o", log.toString(), "-e", trace));
    all.addAll(List.of(command));
    Run.of("", THIS_JDK, all).mustSucceed();
    List<String> found = new ArrayList<>();
    Matcher call = Pattern.compile(pattern).matcher(Files.readString(log));
    while (call.find()) {
      found.add(call.group(1));
    }
    return found;
  }

  @Test
  void nothingElseIsRunThanTheLauncherJavaAndTheProgram() throws Exception {
    List<String> run =
        calls(
            "trace=execve",
            "execve\\(\"([^\"]*)\".*(?:= 0|<unfinished \\.\\.\\.>)\n",
            Tools.JNSENTER,
            "-n",
            "-t",
            Long.toString(ProcessHandle.current().pid()),
            "/bin/true");
    String java = System.getProperty("java.home") + "/bin/java";
    assertEquals(List.of(Tools.JNSENTER, java, "/bin/true"), run);
  }

  @Test
  void noFileIsMade() throws Exception {
    String made = "\"(/[^\"]*)\", [A-Z_|]*O_CREAT.*= \\d+\n";
    String[] list = {Tools.JNETNS, "--netns-dir", "/run/nothing", "list"};
    assertEquals(List.of(), calls("trace=openat,mkdir,mkdirat", made, list));
    String[] touch = {"touch", directory.resolve("file").toString()};
    assertEquals(List.of(touch[1]), calls("trace=openat", made, touch));
  }
}
