package io.github.jnstools.cli;

import static io.github.jnstools.cli.Result.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Help.Ansi;

/** Runs the command in this JVM: what any user may do. */
class JnetnsTest {
  @TempDir Path directory;

  /** A command line, with a directory of the test's own after the command's name. */
  private Result line(String line) {
    List<String> arguments = new ArrayList<>(List.of("jnetns", "--netns-dir", directory + "/net"));
    String self = Long.toString(ProcessHandle.current().pid());
    for (String word : line.split(" ")) {
      if (!word.isEmpty()) {
        arguments.add(word.replace("SELF", self).replace("EMPTY", ""));
      }
    }
    return run(arguments.toArray(new String[0]));
  }

  private void assertUntouched() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "                    | no command given; one of link, unlink, list, show, exec, pids,"
            + " identify, prune, watch",
        "frob                | no command 'frob'; one of link, unlink, list, show, exec, pids,"
            + " identify, prune, watch",
        "LINK SELF           | no command 'LINK'; one of link, unlink, list, show, exec, pids,"
            + " identify, prune, watch",
        "EMPTY               | no command ''; one of link, unlink, list, show, exec, pids,"
            + " identify, prune, watch",
        "link                | link takes containers, or --all",
        "link --all SELF     | link takes containers, or --all",
        "link -n x SELF SELF | --name is for one container",
        "link --all -n x     | --name is for one container",
        "unlink              | unlink takes names or containers, or --all",
        "unlink --all x      | unlink takes names or containers, or --all",
        "pids                | pids takes one name or container",
        "pids a b            | pids takes one name or container",
        "identify a b        | identify takes one pid or container",
        "prune a             | prune takes no names; unlink does",
        "link --frob SELF    | no option '--frob'",
        "link -x SELF        | no option '-x'",
        "prune --bind        | no option '--bind'",
        "link --name         | option '--name' needs a value",
        "link --all=yes      | option '--all' takes no value"
      })
  void tellsAUsageErrorInOneLine(String line, String message) throws IOException {
    assertEquals(
        new Result(2, "", "jnetns: " + message + "\nTry 'jnetns --help' for more information.\n"),
        line(line == null ? "" : line));
    assertUntouched();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "link 2147483647              | 2147483647",
        "link -n 12 SELF --force      | name(12): ip would take it for a pid",
        "link -n ../x SELF --force    | name(../x): it has a slash or a control character, or means",
        "link -n EMPTY SELF --force   | name(): it is empty",
        "link -n .jnetns-x SELF --force | name(.jnetns-x): such names are for entries that are being",
        "link SELF                    | link(pid:SELF): it is on the host's network",
        "unlink --force 2147483647    | 2147483647",
        "pids 2147483647              | 2147483647",
        "identify 2147483647          | 2147483647"
      })
  void tellsAFailureInOneLineAndAHint(String line, String message) throws IOException {
    Result result = line(line);
    assertEquals(1, result.status(), result::toString);
    assertEquals("", result.out());
    List<String> lines = result.err().lines().toList();
    String self = Long.toString(ProcessHandle.current().pid());
    assertTrue(lines.get(0).startsWith("jnetns: "), result.err());
    assertTrue(lines.get(0).contains(message.replace("SELF", self)), result.err());
    assertTrue(lines.size() == 1 || lines.get(1).startsWith("hint: "), result.err());
    assertTrue(lines.size() <= 2, result.err());
    assertUntouched();
  }

  @Test
  void escapesWhatWouldMoveATerminalsCursor() {
    String err = run("jnetns", "\u001b[2J\n").err();
    assertTrue(err.startsWith("jnetns: no command '\\x1b[2J\\x0a'; "), err);
  }

  @Test
  void findsNothingWhereThereIsNoDirectory() throws IOException {
    Result nothing = new Result(0, "", "");
    assertEquals(nothing, line("prune"));
    assertEquals(nothing, line("prune --dry-run"));
    assertEquals(nothing, line("identify"));
    assertEquals(nothing, line("unlink --all"));
    assertUntouched();
  }

  @Test
  void answersProgramsWithAnArrayEvenOfNothing() {
    for (String line : new String[] {"prune --json", "identify --json", "unlink --all --json"}) {
      assertEquals(new Result(0, "[]\n", ""), line(line));
    }
  }

  @Test
  void refusesADirectoryWithoutAName() {
    for (String verb : new String[] {"prune", "identify", "list"}) {
      Result result = run("jnetns", "--netns-dir=", verb);
      assertEquals(1, result.status());
      assertEquals("jnetns: open(): the directory's name is empty\n", result.err());
    }
  }

  @Test
  void refusesADirectoryThatIsNone() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Result result = run("jnetns", "--netns-dir", file.toString(), "prune");
    assertEquals(1, result.status());
    assertEquals("jnetns: openat(" + file + "): ENOTDIR: Not a directory\n", result.err());
  }

  @ParameterizedTest
  @EnumSource
  void helpsWithEveryCommand(JnetnsVerb verb) {
    Result expected = new Result(0, HelpText.of(new JnetnsOptions(verb).usage(), Ansi.OFF), "");
    assertEquals(expected, run("jnetns", verb.word(), "--help"));
    assertEquals(expected, run("jnetns", "--help", verb.word()));
    assertEquals(expected, run("jnetns", "--netns-dir", "link", verb.word(), "-h"));
  }

  @Test
  void helpsWithoutACommand() {
    assertEquals(
        new Result(0, HelpText.of(new JnetnsOptions(null).usage(), Ansi.OFF), ""),
        run("jnetns", "--help"));
    assertTrue(run("jnetns", "-V").out().matches("jnetns from jnstools .+\n"));
    assertTrue(run("jnetns", "link", "--version").out().matches("jnetns from jnstools .+\n"));
  }

  @Test
  void showsATraceOnlyWithDebug() {
    assertFalse(line("pids 2147483647").err().contains("\tat "));
    assertTrue(line("pids --debug 2147483647").err().contains("\tat "));
  }
}
