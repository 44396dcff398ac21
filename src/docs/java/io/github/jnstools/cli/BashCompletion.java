package io.github.jnstools.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A command's completion for bash: it walks the words before the cursor as the command would. */
final class BashCompletion {
  private static final String FUNCTIONS =
      """
      # bash completion for NAME

      # Adds the lines that begin with the word at the cursor; the shell expands nothing in them.
      _NAME_add() {
        local line
        while IFS= read -r line; do
          if [[ $line == "$cur"* ]]; then
            COMPREPLY+=("$(printf %q "$line")")
          fi
        done
      }
      _NAME_files() {
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
      }
      _NAME_entries() { _NAME_add < <(ENTRIES); }
      _NAME_containers() { _NAME_add < <(CONTAINERS); }
      """;

  private static final String WALK =
      """
      _NAME() {
        local cur=${COMP_WORDS[COMP_CWORD]} context at=1 operands=0 end word options required
        COMPREPLY=()
        _NAME_options
        while ((at < COMP_CWORD)); do
          word=${COMP_WORDS[at++]}
          if [[ $end || $word != -?* ]]; then
            _NAME_operand || return 0
          elif [[ $word == -- ]]; then
            end=yes
          elif [[ ${COMP_WORDS[at]} == = ]]; then
            # bash takes an equals sign for a word.
            if ((at + 1 >= COMP_CWORD)); then
              cur=${cur#=}
              _NAME_value
              return 0
            fi
            ((at += 2))
          else
            # Of several letters the last one may have the next word for its value: -mpt 6806.
            [[ $word == --* ]] || word=-${word: -1}
            if [[ " $required " == *" $word "* ]]; then
              if ((at == COMP_CWORD)); then
                _NAME_value
                return 0
              fi
              ((at += 1))
            fi
          fi
        done
        if [[ -z $end && $cur == -* ]]; then
          mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
        else
          _NAME_names
        fi
      }
      complete -F _NAME NAME
      """;

  private final Usage usage;
  private final StringBuilder text = new StringBuilder();

  BashCompletion(Usage usage) {
    this.usage = usage;
  }

  String text() {
    text.append(
        FUNCTIONS.replace("ENTRIES", Words.ENTRIES).replace("CONTAINERS", Words.CONTAINERS));
    text.append("# Sets the options that are known, and those whose value may be the next word.\n");
    text.append("_NAME_options() {\n  case $context in\n");
    for (Usage command : usage.commands()) {
      addOptions(command.word(), command);
    }
    addOptions("*", usage);
    text.append("  esac\n}\n");
    text.append("# Completes the value of the option in $word.\n");
    text.append("_NAME_value() {\n  case $word in\n");
    addValues();
    text.append("  esac\n}\n");
    text.append("# Takes the operand in $word; fails if what follows is not the command's own.\n");
    text.append("_NAME_operand() {\n  case $context:$operands in\n");
    if (!usage.commands().isEmpty()) {
      text.append("    :0)\n      context=$word\n      _NAME_options\n      return 0\n      ;;\n");
    }
    for (String program : programs()) {
      text.append("    ").append(program).append(")\n      _NAME_files -f\n      return 1\n");
      text.append("      ;;\n");
    }
    for (Usage command : usage.commands()) {
      // Where a program is run, options end at the first operand.
      if (Words.takes(command, "PROGRAM")) {
        text.append("    ").append(command.word()).append(":0) end=yes ;;\n");
      }
    }
    text.append("  esac\n  ((operands += 1))\n}\n");
    text.append("# Completes an operand.\n_NAME_names() {\n  case $context:$operands in\n");
    addNames();
    text.append("  esac\n}\n").append(WALK);
    return text.toString().replace("NAME", usage.name());
  }

  private void addOptions(String context, Usage command) {
    List<Option> options = Words.options(command.sections());
    List<String> names = new ArrayList<>();
    for (Option option : options) {
      names.addAll(option.names());
    }
    text.append("    ").append(context).append(")\n");
    text.append("      options='").append(String.join(" ", names)).append("'\n");
    text.append("      required='").append(String.join(" ", Words.takeNext(options)));
    text.append("'\n      ;;\n");
  }

  private void addValues() {
    Set<Option> options = new LinkedHashSet<>(Words.options(usage.sections()));
    for (Usage command : usage.commands()) {
      options.addAll(Words.options(command.sections()));
    }
    for (Option option : options) {
      String action =
          switch (option.label()) {
            case "FILE" -> "_NAME_files -f";
            case "DIR" -> "_NAME_files -d";
            case "UID" -> "_NAME_files -u";
            case "GID" -> "_NAME_files -g";
            case "PID|REF" -> "_NAME_containers";
            case "SIGNAL" -> "mapfile -t COMPREPLY < <(compgen -W 'HUP INT KILL TERM' -- \"$cur\")";
            default -> "";
          };
      if (!action.isEmpty()) {
        text.append("    ").append(String.join(" | ", option.names()));
        text.append(") ").append(action).append(" ;;\n");
      }
    }
  }

  /** Where a program is an operand: the context, and how many operands come before it. */
  private List<String> programs() {
    List<String> programs = new ArrayList<>();
    if (Words.takes(usage, "PROGRAM")) {
      programs.add(":0");
    }
    for (Usage command : usage.commands()) {
      if (Words.takes(command, "PROGRAM")) {
        programs.add(command.word() + ":1");
      }
    }
    return programs;
  }

  private void addNames() {
    if (!usage.commands().isEmpty()) {
      List<String> words = new ArrayList<>();
      for (Usage command : usage.commands()) {
        words.add(command.word());
      }
      text.append("    :0) mapfile -t COMPREPLY < <(compgen -W '").append(String.join(" ", words));
      text.append("' -- \"$cur\") ;;\n");
    }
    for (String program : programs()) {
      text.append("    ").append(program).append(") _NAME_files -c ;;\n");
    }
    for (Usage command : usage.commands()) {
      List<String> actions = Words.actions(command);
      if (!actions.isEmpty()) {
        text.append("    ")
            .append(command.word())
            .append(":0) mapfile -t COMPREPLY < <(compgen -W '");
        text.append(String.join(" ", actions)).append("' -- \"$cur\") ;;\n");
      }
      if (Words.takes(command, "FILE")) {
        text.append("    ").append(command.word()).append(":*) _NAME_files -f ;;\n");
      }
      boolean entries = Words.takes(command, "NAME");
      boolean containers = Words.takesContainer(command);
      if (entries || containers) {
        text.append("    ").append(command.word()).append(":*)\n");
        text.append(entries ? "      _NAME_entries\n" : "");
        text.append(containers ? "      _NAME_containers\n" : "").append("      ;;\n");
      }
    }
  }
}
