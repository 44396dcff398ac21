package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.netns.NamedNetns.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of the manual, and the parts that they include. */
class DocumentsTest {
  private static final Path PAGES = Path.of("src/docs/man");
  private static final String OPTIONS = "tag=picocli-generated-man-section-options";
  private static final String STATUS = "tag=picocli-generated-man-section-exit-status";

  private static String page(Usage command) throws IOException {
    return Files.readString(PAGES.resolve(command.name() + ".adoc"));
  }

  @Test
  void knowsEveryCommandThatThereIs() {
    List<String> names = new ArrayList<>();
    for (Usage command : Documents.commands()) {
      names.add(command.name());
    }
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true);
    Main.run(new String[] {"none"}, new Console(stream, stream));
    String known = err.toString().replaceAll("(?s).*; there are (.*)\n", "$1");
    assertEquals(known, String.join(", ", names));
  }

  @Test
  void hasOnePageForEachCommand() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Usage command : Documents.commands()) {
      expected.add(command.name() + ".adoc");
    }
    try (var files = Files.list(PAGES)) {
      assertEquals(
          Set.copyOf(expected),
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @Test
  void includesTheOptionsOfEveryCommandUnderItsUse() throws IOException {
    for (Usage command : Documents.commands()) {
      String page = page(command);
      assertTrue(page.contains("\n\ninclude::{parts}/" + command.name() + ".adoc[" + STATUS + "]"));
      assertTrue(page.contains("\n\ninclude::{parts}/" + command.name() + ".adoc[" + OPTIONS));
      for (Usage each : command.commands()) {
        String part =
            "include::{parts}/" + each.name().replace(' ', '-') + ".adoc[" + OPTIONS + "]";
        String heading = "\n\n=== " + each.name() + " " + each.synopsis() + "\n\n";
        int at = page.indexOf(heading);
        assertTrue(at >= 0, heading);
        int next = page.indexOf("\n\n==", at + heading.length());
        assertTrue(page.substring(at, next).endsWith("\n\n" + part), part);
      }
    }
  }

  @Test
  void writesEachOptionIntoThePartOfItsCommand(@TempDir Path build) throws IOException {
    Documents.main(new String[] {build.toString()});
    for (Usage command : Documents.commands()) {
      List<Option> common = Words.options(command.sections());
      assertLists(build.resolve("man-parts/" + command.name() + ".adoc"), common);
      for (Usage each : command.commands()) {
        String file = each.name().replace(' ', '-') + ".adoc";
        List<Option> own = Words.options(each.sections());
        own.removeAll(common);
        assertLists(build.resolve("man-parts/" + file), own);
      }
    }
  }

  private static void assertLists(Path part, List<Option> options) throws IOException {
    List<String> expected = new ArrayList<>();
    for (Option option : options) {
      expected.add("*" + String.join("*, *", option.names()) + "*");
    }
    List<String> listed = new ArrayList<>();
    for (String line : Files.readAllLines(part)) {
      if (line.startsWith("*-")) {
        listed.add(line.replaceAll("(\\[?=.*)?::$", ""));
      }
    }
    assertEquals(expected, listed);
  }

  @Test
  void tellsEveryStateOfAnEntry() throws IOException {
    String page = page(new JnetnsOptions(null).usage());
    for (State state : State.values()) {
      assertTrue(page.contains("\n*" + NetnsJson.word(state) + "*::\n"), state.toString());
    }
  }

  @Test
  void tellsWhichFilesACapturedHostHas() throws IOException {
    String page = page(new JdocknetOptions(null).usage());
    for (HostText text : HostText.values()) {
      String file = text.files().get(text.files().size() - 1);
      assertTrue(page.contains("\n_" + file + "_::\n  *" + text.command() + "*"), file);
    }
  }

  @Test
  void hasTheSectionsThatAPageOfTheManualHas() throws IOException {
    for (Usage command : Documents.commands()) {
      String page = page(command);
      int last = 0;
      for (String section :
          List.of("Synopsis", "Description", "Options", "Security", "Environment", "Files")) {
        int at = page.indexOf("\n\n== " + section + "\n\n");
        assertTrue(at > last, command.name() + " " + section);
        last = at;
      }
      assertTrue(page.indexOf("\n\n== Examples\n\n") > last, command.name());
      assertTrue(page.indexOf("\n\n== See also\n\n") > last, command.name());
    }
  }
}
