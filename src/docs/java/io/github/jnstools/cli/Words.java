package io.github.jnstools.cli;

import io.github.jnstools.cli.Option.Value;
import java.util.ArrayList;
import java.util.List;

/** What the completion of every shell needs to know of a command. */
final class Words {
  /** Prints the names of entries. */
  static final String ENTRIES = "command ls -A /run/netns 2>/dev/null";

  /** Prints the names of Docker's containers; the other engines' clients are too slow for a key. */
  static final String CONTAINERS = "command docker ps --format '{{.Names}}' 2>/dev/null";

  private Words() {}

  /** All options. */
  static List<Option> options(List<Section> sections) {
    List<Option> options = new ArrayList<>();
    for (Section section : sections) {
      options.addAll(section.options());
    }
    return options;
  }

  /** The names of the options whose value may be the next word. */
  static List<String> takeNext(List<Option> options) {
    List<String> names = new ArrayList<>();
    for (Option option : options) {
      if (option.value() == Value.REQUIRED) {
        names.addAll(option.names());
      }
    }
    return names;
  }

  /** Whether an operand, as the synopsis calls it, may follow. */
  static boolean takes(Usage usage, String operand) {
    return List.of(usage.synopsis().split("[^A-Z]+")).contains(operand);
  }

  /** The words one of which comes first: {@code list|add|remove}; none where anything may. */
  static List<String> actions(Usage usage) {
    for (String word : usage.synopsis().split(" ")) {
      if (word.matches("[a-z]+(\\|[a-z]+)+")) {
        return List.of(word.split("\\|"));
      }
    }
    return List.of();
  }

  /** Whether the name of a container may follow. */
  static boolean takesContainer(Usage usage) {
    return takes(usage, "REF") || takes(usage, "FROM");
  }
}
