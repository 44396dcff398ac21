package io.github.jnstools.cli;

import io.github.jnstools.cli.Option.Value;
import io.github.jnstools.cli.Options.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a command line as getopt_long(3) does.
 *
 * <p>Options end at {@code --}, and for a command that runs others at the first operand, as they do
 * for nsenter. A value that is optional must be attached. The text after a short option with an
 * optional value is more options if all its letters are options, and the value otherwise; the name
 * that the option's namespace has in {@code /proc/PID/ns} is the value.
 */
final class Getopt {
  /** Stands for the value that an option was not given; no argument can hold it. */
  static final String NO_VALUE = "\0";

  /** What follows one of these is not looked at. */
  private static final Set<String> LAST = Set.of("--help", "--version");

  private final List<Option> known;
  private final List<List<String>> generations;
  private final boolean mixed;
  private final List<Given> given = new ArrayList<>();
  private boolean ended;

  /**
   * For a set of options.
   *
   * @param mixed whether options may follow operands
   * @param generations long names; a prefix means the one option that has it in the first
   *     generation where any has, so that options added later take no prefix away
   */
  Getopt(List<Option> known, boolean mixed, List<List<String>> generations) {
    this.known = known;
    this.mixed = mixed;
    this.generations = generations;
  }

  /** What the command line gives. */
  Options parse(List<String> arguments) throws UsageException {
    List<String> operands = new ArrayList<>();
    int i = 0;
    while (i < arguments.size() && !ended) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        i++;
        break;
      }
      if (!argument.startsWith("-") || argument.equals("-")) {
        if (!mixed) {
          break;
        }
        operands.add(argument);
        i++;
        continue;
      }
      String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
      boolean tookNext =
          argument.startsWith("--")
              ? longOption(argument, next)
              : cluster(argument.substring(1), next);
      i += tookNext ? 2 : 1;
    }
    if (!ended) {
      operands.addAll(arguments.subList(i, arguments.size()));
    }
    return new Options(given, operands);
  }

  private boolean longOption(String argument, String next) throws UsageException {
    int equals = argument.indexOf('=');
    String typed = equals < 0 ? argument : argument.substring(0, equals);
    String name = complete(typed);
    Option option = find(name);
    if (equals >= 0) {
      if (option.value() == Value.NONE) {
        throw new UsageException("option '" + name + "' takes no value");
      }
      add(option, argument.substring(equals + 1));
      return false;
    }
    return addWithoutAttached(option, name, next);
  }

  /** Returns whether the next argument was the value. */
  private boolean cluster(String letters, String next) throws UsageException {
    String rest = letters;
    while (!rest.isEmpty() && !ended) {
      String name = "-" + rest.charAt(0);
      Option option = find(name);
      if (option == null) {
        throw new UsageException("no option '" + name + "'");
      }
      rest = rest.substring(1);
      boolean whole = option.value() == Value.OPTIONAL && isCluster(option, rest);
      if (option.value() != Value.NONE && !rest.isEmpty() && !whole) {
        add(option, rest.startsWith("=") ? rest.substring(1) : rest);
        return false;
      }
      if (addWithoutAttached(option, name, rest.isEmpty() ? next : null)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCluster(Option owner, String text) {
    // In /proc/PID/ns, "-nnet" and "-mmnt" name the files there.
    String own = owner.name().equals("--mount") ? "mnt" : owner.name().substring(2);
    if (text.equals(own)) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      Option option = find("-" + text.charAt(i));
      if (option == null) {
        return false;
      }
      if (option.value() == Value.REQUIRED) {
        return true;
      }
      if (option.value() == Value.OPTIONAL && text.startsWith("=", i + 1)) {
        return true;
      }
    }
    return true;
  }

  private boolean addWithoutAttached(Option option, String name, String next)
      throws UsageException {
    if (option.value() != Value.REQUIRED) {
      add(option, option.value() == Value.OPTIONAL ? NO_VALUE : "");
      ended = LAST.contains(option.name());
      return false;
    }
    if (next == null) {
      throw new UsageException("option '" + name + "' needs a value");
    }
    add(option, next);
    return true;
  }

  private void add(Option option, String value) {
    given.add(new Given(option.name(), value));
  }

  /** The option with a name, short or long; null if there is none. */
  private Option find(String name) {
    for (Option option : known) {
      if (option.names().contains(name)) {
        return option;
      }
    }
    return null;
  }

  private String complete(String typed) throws UsageException {
    if (find(typed) != null) {
      return typed;
    }
    for (List<String> generation : generations) {
      List<String> found = new ArrayList<>();
      for (String name : generation) {
        if (name.startsWith(typed)) {
          found.add(name);
        }
      }
      if (found.size() == 1) {
        return found.get(0);
      }
      if (!found.isEmpty()) {
        throw new UsageException("option '" + typed + "' could be " + String.join(" or ", found));
      }
    }
    throw new UsageException("no option '" + typed + "'");
  }
}
