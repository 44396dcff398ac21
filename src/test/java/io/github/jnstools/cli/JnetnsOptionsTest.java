package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Help.Ansi;

class JnetnsOptionsTest {

  private static List<JnetnsOptions> models() {
    List<JnetnsOptions> models = new ArrayList<>(List.of(new JnetnsOptions(null)));
    for (JnetnsVerb verb : JnetnsVerb.values()) {
      models.add(new JnetnsOptions(verb));
    }
    return models;
  }

  @Test
  void showsEveryOptionOfACommandInItsHelp() {
    for (JnetnsOptions model : models()) {
      List<String> lines = HelpText.of(model.usage(), Ansi.OFF).lines().toList();
      for (Option option : model.all()) {
        String names = String.join(", ", option.names());
        long shown = lines.stream().filter(line -> line.strip().startsWith(names)).count();
        assertEquals(1, shown, names);
      }
    }
  }

  @Test
  void fitsTheHelpInto80Columns() {
    for (JnetnsOptions model : models()) {
      List<String> lines = HelpText.of(model.usage(), Ansi.OFF).lines().toList();
      assertTrue(lines.size() > model.all().size(), "" + lines.size());
      for (String line : lines) {
        assertTrue(line.length() <= 80, line);
        assertTrue(line.matches("[ -~]*"), line);
        assertFalse(line.matches(".*(pid|docker|podman|cri|containerd):"), line);
      }
    }
  }

  @Test
  void namesEachOptionOfACommandOnce() {
    for (JnetnsOptions model : models()) {
      Set<String> seen = new HashSet<>();
      for (Option option : model.all()) {
        for (String name : option.names()) {
          assertTrue(seen.add(name), name);
        }
      }
    }
  }

  @Test
  void listsEveryCommand() {
    String help = HelpText.of(new JnetnsOptions(null).usage(), Ansi.OFF);
    for (JnetnsVerb verb : JnetnsVerb.values()) {
      long lines = help.lines().filter(line -> line.startsWith("  " + verb.word() + " ")).count();
      assertEquals(1, lines, verb.word());
      assertTrue(help.contains(verb.text() + "\n"), verb.text());
    }
    assertTrue(help.startsWith("Usage: jnetns COMMAND "), help);
  }

  @ParameterizedTest
  @EnumSource
  void startsACommandsHelpWithItsUse(JnetnsVerb verb) {
    String help = HelpText.of(new JnetnsOptions(verb).usage(), Ansi.OFF);
    assertTrue(help.startsWith("Usage: jnetns " + verb.word() + " " + verb.synopsis() + "\n"));
    assertTrue(help.contains(verb.text().substring(1) + ".\n"), help);
  }

  @Test
  void takesTheOperandsOfAProgramAsTheyAre() throws UsageException {
    List<String> line = List.of("--all", "box", "--all", "-x", "@file", "--", "-y");
    Options options = new JnetnsOptions(JnetnsVerb.EXEC).parse(line);
    assertEquals(List.of("box", "--all", "-x", "@file", "--", "-y"), options.operands());
    assertTrue(options.has("--all"));
  }

  @Test
  void takesOptionsBehindOperandsElsewhere() throws UsageException {
    List<String> line = Arrays.asList("box", "--force", "--", "--all");
    Options options = new JnetnsOptions(JnetnsVerb.UNLINK).parse(line);
    assertEquals(List.of("box", "--all"), options.operands());
    assertTrue(options.has("--force") && !options.has("--all"));
  }
}
