package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One simple command of a shell script, as far as it can be told without running it.
 *
 * @param line the number of the line that it begins in, from 1
 * @param words without quotes; variables are replaced if the script sets them before, and stay
 *     {@code $NAME} if not
 */
record ShellCommand(int line, List<String> words) {
  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_]\\w*)=(.*)", Pattern.DOTALL);
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:([A-Za-z_]\\w*)|\\{([A-Za-z_]\\w*)\\})");

  ShellCommand {
    words = List.copyOf(words);
  }

  /** All commands of a script; those that only set variables are left out. */
  static List<ShellCommand> parseAll(String script) {
    return new Reader(script).read();
  }

  /** Reads a script character by character. */
  private static final class Reader {
    private final String script;
    private final Map<String, String> variables = new HashMap<>();
    private final List<ShellCommand> commands = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private StringBuilder word;
    private int line = 1;
    private int begun = 1;
    private int next;

    Reader(String script) {
      this.script = script;
    }

    List<ShellCommand> read() {
      while (next < script.length()) {
        char c = script.charAt(next++);
        switch (c) {
          case ' ', '\t', '\r' -> endWord();
          case '\n', ';', '&', '|', '(', ')' -> end(c);
          case '\\' -> escape();
          case '"', '\'' -> quotation(c);
          default -> plain(c);
        }
      }
      endWord();
      endCommand();
      return commands;
    }

    private void end(char c) {
      if ((c == '(' || c == ')') && word != null) {
        // Of $(a command), whose output is not known.
        word.append(c);
        return;
      }
      endWord();
      endCommand();
      if (c == '\n') {
        line++;
      }
    }

    private void plain(char c) {
      if (c == '#' && word == null) {
        while (next < script.length() && script.charAt(next) != '\n') {
          next++;
        }
      } else {
        append(c);
      }
    }

    private void escape() {
      if (next == script.length()) {
        return;
      }
      char c = script.charAt(next++);
      if (c == '\r' && next < script.length() && script.charAt(next) == '\n') {
        c = script.charAt(next++);
      }
      if (c == '\n') {
        line++;
      } else {
        append(c);
      }
    }

    private void quotation(char quote) {
      begin();
      while (next < script.length() && script.charAt(next) != quote) {
        char c = script.charAt(next++);
        if (c == '\\' && quote == '"' && next < script.length()) {
          c = script.charAt(next++);
        }
        line += c == '\n' ? 1 : 0;
        word.append(c);
      }
      next++;
    }

    private void append(char c) {
      begin();
      word.append(c);
    }

    private void begin() {
      if (word == null) {
        word = new StringBuilder();
      }
      if (words.isEmpty() && word.isEmpty()) {
        begun = line;
      }
    }

    private void endWord() {
      if (word != null) {
        String text = word.toString();
        String known = replaced(text);
        // As in IPT="sudo iptables", by which scripts call it.
        boolean command = words.isEmpty() && text.startsWith("$");
        words.addAll(command ? List.of(known.strip().split("\\s+")) : List.of(known));
        word = null;
      }
    }

    private String replaced(String text) {
      Matcher matcher = VARIABLE.matcher(text);
      return matcher.replaceAll(
          found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            return Matcher.quoteReplacement(variables.getOrDefault(name, found.group()));
          });
    }

    private void endCommand() {
      List<String> command = words;
      words = new ArrayList<>();
      for (String each : command) {
        Matcher matcher = ASSIGNMENT.matcher(each);
        if (!matcher.matches()) {
          commands.add(new ShellCommand(begun, command));
          return;
        }
        variables.put(matcher.group(1), matcher.group(2));
      }
    }
  }
}
