package io.github.jnstools.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command was given.
 *
 * @param given its options, in order
 * @param operands what else there was
 */
record Options(List<Given> given, List<String> operands) {

  /**
   * An option that was given.
   *
   * @param name its long name
   * @param value {@link Getopt#NO_VALUE} if it was left out; "" for an option that takes none
   */
  record Given(String name, String value) {}

  /** Whether the option was given. */
  boolean has(String name) {
    for (Given one : given) {
      if (one.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The values it was given, in order; {@link Getopt#NO_VALUE} for none. */
  List<String> values(String name) {
    List<String> values = new ArrayList<>();
    for (Given one : given) {
      if (one.name().equals(name)) {
        values.add(one.value());
      }
    }
    return values;
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
    for (Given one : given) {
      names.add(one.name());
    }
    return names;
  }

  /** Refuses two options that contradict each other. */
  void refuseTogether(String one, String other) throws UsageException {
    if (has(one) && has(other)) {
      throw new UsageException("options " + one + " and " + other + " cannot be combined");
    }
  }
}
