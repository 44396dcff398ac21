package io.github.jnstools.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads a command line as getopt_long(3) does for nsenter, and rewrites it for picocli, which reads
 * optional values and prefixes otherwise: every option as {@code --name} or {@code --name=value},
 * then {@code --} and the operands.
 *
 * <p>Options end at the first operand. A value that is optional must be attached. The text after a
 * short option with an optional value is more options if all its letters are options, and the value
 * otherwise; the name that the option's namespace has in {@code /proc/PID/ns} is the value.
 */
final class Getopt {
  /** Stands for the value that an option was not given; no argument can hold it. */
  static final String NO_VALUE = "\0";

  /** What follows one of these is not looked at. */
  private static final Set<String> LAST = Set.of("--help", "--version");

  private final CommandSpec spec;
  private final List<List<String>> generations;
  private final List<String> canonical = new ArrayList<>();
  private boolean ended;

  /**
   * For a set of options.
   *
   * @param generations long names; a prefix means the one option that has it in the first
   *     generation where any has, so that options added later take no prefix away
   */
  Getopt(CommandSpec spec, List<List<String>> generations) {
    this.spec = spec;
    this.generations = generations;
  }

  /** The rewritten command line. */
  List<String> rewrite(List<String> arguments) throws UsageException {
    int i = 0;
    while (i < arguments.size() && !ended) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        i++;
        break;
      }
      if (!argument.startsWith("-") || argument.equals("-")) {
        break;
      }
      String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
      boolean tookNext =
          argument.startsWith("--")
              ? longOption(argument, next)
              : cluster(argument.substring(1), next);
      i += tookNext ? 2 : 1;
    }
    canonical.add("--");
    if (!ended) {
      canonical.addAll(arguments.subList(i, arguments.size()));
    }
    return canonical;
  }

  private boolean longOption(String argument, String next) throws UsageException {
    int equals = argument.indexOf('=');
    String typed = equals < 0 ? argument : argument.substring(0, equals);
    String name = complete(typed);
    OptionSpec option = spec.findOption(name);
    if (equals >= 0) {
      if (option.arity().max() == 0) {
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
      OptionSpec option = spec.findOption(name);
      if (option == null) {
        throw new UsageException("no option '" + name + "'");
      }
      rest = rest.substring(1);
      boolean optional = option.arity().min() == 0;
      if (option.arity().max() > 0 && !rest.isEmpty() && !(optional && isCluster(option, rest))) {
        add(option, rest.startsWith("=") ? rest.substring(1) : rest);
        return false;
      }
      if (addWithoutAttached(option, name, rest.isEmpty() ? next : null)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCluster(OptionSpec owner, String text) {
    // In /proc/PID/ns, "-nnet" and "-mmnt" name the files there.
    String own = owner.longestName().equals("--mount") ? "mnt" : owner.longestName().substring(2);
    if (text.equals(own)) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      OptionSpec option = spec.findOption("-" + text.charAt(i));
      if (option == null) {
        return false;
      }
      if (option.arity().min() == 1) {
        return true;
      }
      if (option.arity().max() == 1 && text.startsWith("=", i + 1)) {
        return true;
      }
    }
    return true;
  }

  private boolean addWithoutAttached(OptionSpec option, String name, String next)
      throws UsageException {
    if (option.arity().min() == 0) {
      if (option.arity().max() == 0) {
        canonical.add(option.longestName());
        ended = LAST.contains(option.longestName());
      } else {
        add(option, NO_VALUE);
      }
      return false;
    }
    if (next == null) {
      throw new UsageException("option '" + name + "' needs a value");
    }
    add(option, next);
    return true;
  }

  private void add(OptionSpec option, String value) {
    canonical.add(option.longestName() + "=" + value);
  }

  private String complete(String typed) throws UsageException {
    if (spec.findOption(typed) != null) {
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
