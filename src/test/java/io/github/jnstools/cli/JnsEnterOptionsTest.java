package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class JnsEnterOptionsTest {
  private final JnsEnterOptions model = new JnsEnterOptions();

  @Test
  void showsEveryOptionInTheHelp() {
    List<String> lines = HelpText.of(model.usage(), Ansi.OFF).lines().toList();
    for (Option option : model.all()) {
      String names = String.join(", ", option.names());
      long shown = lines.stream().filter(line -> line.strip().startsWith(names)).count();
      assertTrue(shown >= 1, names);
      assertTrue(option.text().matches("[a-zA-Z].*[^.]"), names);
    }
  }

  @Test
  void fitsTheHelpInto80Columns() {
    List<String> lines = HelpText.of(model.usage(), Ansi.OFF).lines().toList();
    assertTrue(lines.size() > model.all().size(), "" + lines.size());
    for (String line : lines) {
      assertTrue(line.length() <= 80, line);
      assertTrue(line.matches("[ -~]*"), line);
      assertFalse(line.matches(".*(pid|docker|podman|cri|containerd):"), line);
    }
  }

  @Test
  void showsEachSectionUnderItsHeading() {
    String help = HelpText.of(model.usage(), Ansi.OFF);
    for (Section section : model.sections) {
      assertTrue(help.contains("\n\n" + section.heading() + ":\n"), section.heading());
    }
  }

  @Test
  void namesExactlyTheLongOptionsInItsGenerations() {
    Set<String> modelled = new TreeSet<>();
    for (Option option : model.all()) {
      modelled.add(option.name());
    }
    List<String> named = new ArrayList<>();
    JnsEnterOptions.GENERATIONS.forEach(named::addAll);
    assertEquals(modelled, new TreeSet<>(named));
    assertEquals(modelled.size(), named.size());
  }

  @Test
  void namesEachOptionOnce() {
    Set<String> seen = new HashSet<>();
    for (Option option : model.all()) {
      assertTrue(option.name().matches("--[a-z][a-z-]+"), option.name());
      for (String name : option.names()) {
        assertTrue(seen.add(name), name);
      }
    }
  }

  @Test
  void hasEveryOptionOfNsenterWithItsLetter() {
    // The short string of util-linux 2.42: a colon is a value, two an optional one.
    String known = "ahVt:m::u::i::n::N:p::C::U::T::S:G:r::w::W::ecFZ";
    for (int i = 0; i < known.length(); i++) {
      char letter = known.charAt(i);
      if (letter != ':') {
        Option option =
            model.all().stream()
                .filter(o -> o.names().contains("-" + letter))
                .findFirst()
                .orElseThrow(() -> new AssertionError("-" + letter));
        Option.Value value =
            known.startsWith("::", i + 1)
                ? Option.Value.OPTIONAL
                : known.startsWith(":", i + 1) ? Option.Value.REQUIRED : Option.Value.NONE;
        assertEquals(value, option.value(), "-" + letter);
      }
    }
  }
}
