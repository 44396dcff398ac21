package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Help.Ansi;

/** What is the same in the help of every command. */
class HelpTextTest {

  static List<Usage> usages() {
    Usage jnetns = new JnetnsOptions(null).usage();
    Usage jdocknet = new JdocknetOptions(null).usage();
    List<Usage> usages = new ArrayList<>(List.of(new JnsEnterOptions().usage(), jnetns, jdocknet));
    usages.addAll(jnetns.commands());
    usages.addAll(jdocknet.commands());
    return usages;
  }

  @ParameterizedTest
  @MethodSource("usages")
  void coloursNothingButTheText(Usage usage) {
    String plain = HelpText.of(usage, Ansi.OFF);
    String coloured = HelpText.of(usage, Ansi.ON);
    assertEquals(-1, plain.indexOf('\u001b'));
    assertTrue(coloured.contains("\u001b["), coloured);
    assertEquals(plain, coloured.replaceAll("\u001b\\[[0-9;]*m", ""));
  }

  @ParameterizedTest
  @MethodSource("usages")
  void hasNoColoursWhereStdoutIsNoTerminal(Usage usage) {
    assertEquals(HelpText.of(usage, Ansi.OFF), HelpText.of(usage));
  }

  @ParameterizedTest
  @MethodSource("usages")
  void endsWithExamplesThatHaveALineEach(Usage usage) {
    String help = HelpText.of(usage, Ansi.OFF);
    String examples = help.substring(help.indexOf("\nExamples:\n") + "\nExamples:\n".length());
    List<String> lines = examples.lines().toList();
    assertTrue(usage.examples().size() >= 1, usage.name());
    assertEquals(usage.examples().size(), lines.size(), examples);
    String tool = usage.name().split(" ")[0];
    assertTrue(lines.get(0).startsWith("  " + tool + " "), examples);
  }

  @ParameterizedTest
  @MethodSource("usages")
  void tellsEachExitStatus(Usage usage) {
    String help = HelpText.of(usage, Ansi.OFF);
    for (Usage.Item status : usage.status()) {
      String line = "\n  " + status.what() + " +" + Pattern.quote(status.text());
      assertTrue(Pattern.compile(line + "\n").matcher(help).find(), help);
    }
    assertTrue(usage.status().size() >= 3, help);
  }
}
