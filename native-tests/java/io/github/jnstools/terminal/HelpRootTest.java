package io.github.jnstools.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When the help is in colours. */
@RootTest
class HelpRootTest {
  private static final List<String> COMMANDS =
      List.of(Tools.JNSENTER + " --help", Tools.JNETNS + " --help", Tools.JNETNS + " link --help");

  /** In a terminal of its own, whose line ends are taken back. */
  private static String onTerminal(String command, Map<String, String> variables) throws Exception {
    List<String> line = List.of("script", "-q", "-e", "-c", command, "/dev/null");
    return Run.of("", variables, line).mustSucceed().out().replace("\r\n", "\n");
  }

  private static String piped(String command) throws Exception {
    return Run.of("sh", "-c", command).mustSucceed().out();
  }

  @Test
  void hasColoursOnATerminal() throws Exception {
    for (String command : COMMANDS) {
      String help = onTerminal(command, Map.of("TERM", "xterm"));
      assertTrue(help.contains("\u001b["), help);
      assertEquals(piped(command), help.replaceAll("\u001b\\[[0-9;]*m", ""));
    }
  }

  @Test
  void hasNoneWithNoColorOnADumbTerminalAndElsewhere() throws Exception {
    for (String command : COMMANDS) {
      String plain = piped(command);
      assertEquals(-1, plain.indexOf('\u001b'), plain);
      assertEquals(plain, onTerminal(command, Map.of("TERM", "xterm", "NO_COLOR", "1")));
      assertEquals(plain, onTerminal(command, Map.of("TERM", "dumb")));
    }
  }
}
