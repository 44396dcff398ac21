package io.github.jnstools.cli;

import io.github.jnstools.cli.Option.Value;
import java.util.List;

/** A command's completion for fish: a line for each option. */
final class FishCompletion {
  private final Usage usage;
  private final StringBuilder text = new StringBuilder();

  FishCompletion(Usage usage) {
    this.usage = usage;
  }

  String text() {
    text.append("# fish completion for ").append(usage.name()).append("\n\n");
    for (Option option : Words.options(usage.sections())) {
      addOption("", option);
    }
    if (Words.takes(usage, "PROGRAM")) {
      String required = String.join(" ", Words.takeNext(Words.options(usage.sections())));
      add("", "-x -a '(__fish_complete_subcommand " + required + ")'");
    }
    for (Usage command : usage.commands()) {
      String summary = quoted(command.summary());
      add("__fish_use_subcommand", "-f -a " + command.word() + " -d " + summary);
      String seen = "__fish_seen_subcommand_from " + command.word();
      for (Option option : Words.options(Documents.own(command, usage))) {
        addOption(seen, option);
      }
      addNames(command, seen);
    }
    return text.toString();
  }

  private void add(String condition, String rest) {
    text.append("complete -c ").append(usage.name());
    if (!condition.isEmpty()) {
      text.append(" -n '").append(condition).append('\'');
    }
    text.append(' ').append(rest).append('\n');
  }

  private void addOption(String condition, Option option) {
    StringBuilder line = new StringBuilder();
    for (String name : option.names()) {
      boolean isLong = name.startsWith("--");
      line.append(isLong ? "-l " : "-s ").append(name.substring(isLong ? 2 : 1)).append(' ');
    }
    line.append(value(option)).append("-d ").append(quoted(option.text()));
    add(condition, line.toString());
  }

  private static String value(Option option) {
    String candidates =
        switch (option.label()) {
          case "FILE" -> "-F ";
          case "DIR" -> "-f -a '(__fish_complete_directories)' ";
          case "UID" -> "-f -a '(__fish_complete_users)' ";
          case "GID" -> "-f -a '(__fish_complete_groups)' ";
          case "SIGNAL" -> "-f -a 'HUP INT KILL TERM' ";
          case "PID|REF" -> "-f -a " + quoted("(" + Words.CONTAINERS + ")") + " ";
          default -> "-f ";
        };
    return (option.value() == Value.REQUIRED ? "-r " : "") + candidates;
  }

  private void addNames(Usage command, String seen) {
    if (Words.takes(command, "PROGRAM")) {
      String words = "test (count (commandline -opc))";
      add(seen + "; and " + words + " -gt 2", "-x -a '(__fish_complete_subcommand --fcs-skip=3)'");
      seen = seen + "; and " + words + " -le 2";
    }
    List<String> actions = Words.actions(command);
    if (!actions.isEmpty()) {
      String none = seen + "; and not __fish_seen_subcommand_from " + String.join(" ", actions);
      add(none, "-f -a " + quoted(String.join(" ", actions)));
    }
    add(seen, Words.takes(command, "FILE") ? "-F" : "-f");
    if (Words.takes(command, "NAME")) {
      add(seen, "-f -a " + quoted("(" + Words.ENTRIES + ")"));
    }
    if (Words.takesContainer(command)) {
      add(seen, "-f -a " + quoted("(" + Words.CONTAINERS + ")"));
    }
  }

  private static String quoted(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
