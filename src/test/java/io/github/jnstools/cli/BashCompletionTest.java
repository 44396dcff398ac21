package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks the functions for bash as bash would, with names of the test's own. */
class BashCompletionTest {
  /** Its arguments are the words of a command line; the cursor is at the end of the last. */
  private static final String ASK =
      """
      . "$FOLDER/$1"
      command() {
        case $1 in
          ls) printf '%s\\n' blue wet ;;
          docker) printf '%s\\n' web db 'we$(touch "$FOLDER/expanded")' ;;
        esac
      }
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      cd "$FOLDER/files" && "_$1"
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeFunctions() throws IOException {
    for (Usage command : Documents.commands()) {
      Files.writeString(folder.resolve(command.name()), new BashCompletion(command).text());
    }
    Files.createDirectories(folder.resolve("files/first dir"));
    Files.createFile(folder.resolve("files/first"));
  }

  private String bash(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("bash", "--norc"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("FOLDER", folder.toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out;
  }

  private List<String> complete(String line) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("-c", ASK, "ask"));
    arguments.addAll(List.of(line.split(" ")));
    if (line.endsWith(" ")) {
      arguments.add("");
    }
    return bash(arguments.toArray(new String[0])).lines().distinct().toList();
  }

  @Test
  void isAScriptThatBashCanRead() throws Exception {
    for (Usage command : Documents.commands()) {
      assertEquals("", bash("-n", folder.resolve(command.name()).toString()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "jnsenter --mou|--mount,--mount-proc",
        "jnsenter -m --pre|--preserve-credentials,--preserve-fds",
        "jnsenter --target w|web,we\\$\\(touch\\ \\\"\\$FOLDER/expanded\\\"\\)",
        "jnsenter -t d|db",
        "jnsenter -mpt d|db",
        "jnsenter --target = d|db",
        "jnsenter --kill-child = K|KILL",
        "jnsenter --mount = f|first dir,first",
        "jnsenter --root = f|first dir",
        "jnsenter -r --setuid roo|root",
        "jnsenter -t web bas|bash,bashbug",
        "jnsenter -a -t web cat f|first dir,first",
        "jnsenter -t web cat -|",
        "jnsenter -- -|",
        "jnetns l|link,list",
        "jnetns --netns-dir x pr|prune",
        "jnetns -|--json,--netns-dir,-q,--quiet,-v,--verbose,--debug,-h,--help,-V,--version",
        "jnetns prune --d|--dry-run,--debug",
        "jnetns link d|db",
        "jnetns link -n d|",
        "jnetns link -n x d|db",
        "jnetns list |blue,wet",
        "jnetns unlink b|blue",
        "jnetns unlink d|db",
        "jnetns unlink blue w|wet,web,we\\$\\(touch\\ \\\"\\$FOLDER/expanded\\\"\\)",
        "jnetns exec b|blue",
        "jnetns exec --dns host d|db",
        "jnetns exec blue bas|bash,bashbug",
        "jnetns exec blue -|",
        "jnetns exec blue cat f|first dir,first",
        "jnetns prune |",
        "jnetns frob |",
        "jdocknet lint f|first dir,first",
        "jdocknet allow |list,add,remove,apply,rollback,confirm",
        "jdocknet allow --port 80 r|remove,rollback",
        "jdocknet allow apply f|first dir,first",
        "jdocknet allow apply --a|--auto-revert",
        "jdocknet allow apply --auto-revert 9 f|first dir,first"
      })
  void completes(String line, String expected) throws Exception {
    List<String> words = expected == null ? List.of("") : List.of(expected.split(","));
    List<String> found = complete(line);
    if (words.contains("bash")) {
      assertTrue(found.contains("bash") && !found.contains("first"), found.toString());
    } else {
      assertEquals(words.stream().sorted().toList(), found.stream().sorted().toList());
    }
    assertTrue(Files.notExists(folder.resolve("expanded")));
  }
}
