package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and arguments that are no text in the caller's locale, nor in UTF-8. */
@RootTest
class EncodingRootTest {
  /** Makes a directory and an entry in it whose names have bytes of their own. */
  private static final String SET_UP =
      """
      dir=$(printf '%s/d\\351' "$0")
      name=$(printf 'n\\377\\303\\251')
      mkdir "$dir"
      ln -s /proc/$$/ns/net "$dir/$name"
      word=$(printf '\\200\\351\\303')
      """;

  @TempDir Path directory;

  private Run run(String locale, String script) throws Exception {
    List<String> line = List.of("sh", "-c", SET_UP + script, directory.toString());
    return Run.of("", Map.of("LC_ALL", locale), line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8", "no_SUCH"})
  void passThroughJnetns(String locale) throws Exception {
    String exec = Tools.JNETNS + " --netns-dir \"$dir\" exec \"$name\" printf %s \"$word\"";
    assertEquals("\u0080\u00e9\u00c3", run(locale, exec).mustSucceed().out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8", "no_SUCH"})
  void passThroughJnsenter(String locale) throws Exception {
    String enter = Tools.JNSENTER + " -n=\"$dir/$name\" --env-set \"W=$word\" printenv W";
    assertEquals("\u0080\u00e9\u00c3\n", run(locale, enter).mustSucceed().out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8", "no_SUCH"})
  void areShownInMessagesAsTheyAre(String locale) throws Exception {
    Run run = run(locale, Tools.JNETNS + " --netns-dir \"$dir\" list \"$word\"");
    assertEquals("exited 1", run.status());
    assertTrue(run.err().contains("\\x80\\xe9\\xc3"), run.err());
    assertTrue(run.err().matches("[ -~\n]*"), run.err());
  }
}
