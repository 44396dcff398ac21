package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of the manual as the build made them, read by man(1). */
@RootTest
class ManualRootTest {
  private static final Path PAGES = Tools.PROJECT.resolve("target/man");

  static List<Usage> commands() {
    return Documents.commands();
  }

  private static Run man(Usage command, String... options) throws Exception {
    List<String> line = new ArrayList<>(List.of("man"));
    line.addAll(List.of(options));
    line.addAll(List.of("-l", PAGES.resolve(command.name() + ".1").toString()));
    Map<String, String> variables =
        Map.of("LC_ALL", "C.UTF-8", "MANROFFSEQ", "", "MANWIDTH", "80", "MAN_KEEP_FORMATTING", "");
    return Run.of("", variables, line).mustSucceed();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void hasNothingToWarnOf(Usage command) throws Exception {
    assertEquals("", man(command, "--warnings", "-E", "UTF-8", "-Tutf8", "-Z").err());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void showsEveryOptionOfTheHelp(Usage command) throws Exception {
    String page = man(command, "-E", "ascii").out();
    List<Usage> all = new ArrayList<>(List.of(command));
    all.addAll(command.commands());
    for (Usage usage : all) {
      List<String> line = new ArrayList<>(List.of(Tools.PROJECT + "/scripts/" + command.name()));
      line.addAll(usage == command ? List.of() : List.of(usage.word()));
      line.add("--help");
      int options = 0;
      for (String shown : Run.of("", Map.of(), line).mustSucceed().out().lines().toList()) {
        var names = Pattern.compile("^ {2,6}((-\\w, )?--[a-z-]+)").matcher(shown);
        if (names.find()) {
          options++;
          String entry = "(?m)^ {7}" + Pattern.quote(names.group(1)) + "(\\[?=.*)?$";
          assertTrue(Pattern.compile(entry).matcher(page).find(), usage.name() + ": " + shown);
        }
      }
      assertTrue(options >= 5, usage.name() + ": " + options);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void saysWhatItIsWhereWhatisLooks(Usage command) throws Exception {
    String page = man(command, "-E", "ascii").out().replaceAll("\\s+", " ");
    assertTrue(page.contains(" NAME " + command.name() + " - " + command.summary() + " SYNOPSIS "));
    assertTrue(page.startsWith(command.name().toUpperCase(Locale.ROOT) + "(1) "));
  }
}
