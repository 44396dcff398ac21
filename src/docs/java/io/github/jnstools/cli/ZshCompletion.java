package io.github.jnstools.cli;

import io.github.jnstools.cli.Option.Value;
import java.util.List;

/** A command's completion for zsh: what {@code _arguments} is to know of it. */
final class ZshCompletion {
  private static final String NAMES =
      """
      _NAME_entries() {
        local -a names=(${(f)"$(ENTRIES)"})
        compadd -a names
      }
      _NAME_containers() {
        local -a names=(${(f)"$(CONTAINERS)"})
        compadd -a names
      }
      _NAME_names() { _alternative 'names:name:_NAME_entries' 'containers:container:_NAME_containers' }
      """;

  private final Usage usage;
  private final StringBuilder text = new StringBuilder();

  ZshCompletion(Usage usage) {
    this.usage = usage;
  }

  String text() {
    text.append("#compdef NAME\n# zsh completion for NAME\n\n");
    text.append(NAMES.replace("ENTRIES", Words.ENTRIES).replace("CONTAINERS", Words.CONTAINERS));
    text.append("_NAME() {\n");
    if (usage.commands().isEmpty()) {
      addArguments("  ", usage, "-s -S");
      text.append("    '1:program:_command_names -e' \\\n    '*::argument:_normal'\n");
    } else {
      text.append("  local context state state_descr line\n  typeset -A opt_args\n");
      addArguments("  ", usage, "-C -s");
      text.append("    '1:command:->command' \\\n    '*::argument:->argument'\n");
      text.append("  case $state in\n    command)\n");
      addCommands();
      text.append("      ;;\n    argument)\n      case $line[1] in\n");
      for (Usage command : usage.commands()) {
        text.append("        ").append(command.word()).append(")\n");
        addArguments("          ", command, "-s");
        addOperands(command);
        text.append("          ;;\n");
      }
      text.append("      esac\n      ;;\n  esac\n");
    }
    text.append("}\n\n_NAME \"$@\"\n");
    return text.toString().replace("NAME", usage.name());
  }

  private void addCommands() {
    text.append("      local -a commands=(\n");
    for (Usage command : usage.commands()) {
      text.append("        ").append(quoted(command.word() + ":" + command.summary())).append('\n');
    }
    text.append("      )\n      _describe command commands\n");
  }

  private void addArguments(String indent, Usage command, String flags) {
    text.append(indent).append("_arguments ").append(flags).append(" \\\n");
    for (Option option : Words.options(command.sections())) {
      addOption(indent + "  ", option);
    }
  }

  /** For one with a short and a long name: {@code '(-t --target)'{-t+,--target=}'[whose]:...'}. */
  private void addOption(String indent, Option option) {
    List<String> names = option.names();
    String text = option.text().replace("[", "\\[").replace("]", "\\]");
    String rest = "[" + text + "]" + value(option);
    boolean repeated = text.contains("may be repeated");
    this.text.append(indent);
    if (names.size() == 1) {
      String name = (repeated ? "*" : "") + attached(names.get(0), option);
      this.text.append(quoted(name + rest));
    } else {
      this.text.append("'(").append(String.join(" ", names)).append(")'{");
      this.text.append(attached(names.get(0), option)).append(',');
      this.text.append(attached(names.get(1), option)).append('}').append(quoted(rest));
    }
    this.text.append(" \\\n");
  }

  /** How zsh is told where the value is: in the same word only, or in the next one as well. */
  private static String attached(String name, Option option) {
    boolean isLong = name.startsWith("--");
    return name
        + switch (option.value()) {
          case NONE -> "";
          case OPTIONAL -> isLong ? "=-" : "-";
          case REQUIRED -> isLong ? "=" : "+";
        };
  }

  private static String value(Option option) {
    if (option.value() == Value.NONE) {
      return "";
    }
    String action =
        switch (option.label()) {
          case "FILE" -> "_files";
          case "DIR" -> "_directories";
          case "UID" -> "_users";
          case "GID" -> "_groups";
          case "SIGNAL" -> "_signals";
          case "PID|REF" -> "_NAME_containers";
          default -> "";
        };
    return (option.value() == Value.OPTIONAL ? "::" : ":") + option.label() + ":" + action;
  }

  private void addOperands(Usage command) {
    String indent = "            ";
    boolean entries = Words.takes(command, "NAME");
    String names = entries && Words.takesContainer(command) ? "names" : entries ? "entries" : "";
    if (names.isEmpty() && Words.takesContainer(command)) {
      names = "containers";
    }
    if (Words.takes(command, "PROGRAM")) {
      text.append(indent).append("'1:name:_NAME_names' \\\n");
      text.append(indent).append("'2:program:_command_names -e' \\\n");
      text.append(indent).append("'*::argument:_normal' \\\n");
    } else if (!names.isEmpty()) {
      text.append(indent).append("'*:name:_NAME_").append(names).append("' \\\n");
    }
    List<String> actions = Words.actions(command);
    if (!actions.isEmpty()) {
      text.append(indent).append("'1:action:(").append(String.join(" ", actions)).append(")' \\\n");
    }
    if (Words.takes(command, "FILE")) {
      text.append(indent).append("'*:file:_files' \\\n");
    }
    // The line of the last option goes on, whether there are operands or not.
    text.append(indent).append("&& return\n");
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
