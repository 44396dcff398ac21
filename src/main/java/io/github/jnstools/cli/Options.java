package io.github.jnstools.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options that a command was given.
 *
 * @param parsed what picocli made of them
 */
record Options(ParseResult parsed) {

  /** Whether the option was given. */
  boolean has(String name) {
    return parsed.hasMatchedOption(name);
  }

  /** The values it was given, in order; {@link Getopt#NO_VALUE} for none. */
  List<String> values(String name) {
    return has(name) ? parsed.matchedOption(name).originalStringValues() : List.of();
  }

  /** The last of its values: the one that counts. */
  String last(String name) {
    List<String> values = values(name);
    return values.get(values.size() - 1);
  }

  /** Whether it was given, and the last time without a value. */
  boolean lacksValue(String name) {
    return has(name) && last(name).equals(Getopt.NO_VALUE);
  }

  /** Whether it asks for what the target has: as in nsenter, one use without a value is enough. */
  boolean isOfTarget(String name) {
    return values(name).contains(Getopt.NO_VALUE);
  }

  /** The long names of all that were given. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      names.add(option.longestName());
    }
    return names;
  }

  /** The program and its arguments. */
  List<String> operands() {
    return parsed.matchedPositionals().isEmpty()
        ? List.of()
        : parsed.matchedPositional(0).originalStringValues();
  }

  /** Refuses two options that contradict each other. */
  void refuseTogether(String one, String other) throws UsageException {
    if (has(one) && has(other)) {
      throw new UsageException("options " + one + " and " + other + " cannot be combined");
    }
  }
}
