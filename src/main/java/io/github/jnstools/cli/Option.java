package io.github.jnstools.cli;

import java.util.List;

/**
 * An option that a command takes.
 *
 * <p>picocli's model of one costs a command's start-up 40 ms, and is made only to be shown.
 *
 * @param names with their dashes, the long one last
 * @param value whether it has one
 * @param label what stands for the value in the help; "" where it has none
 * @param text what it does
 */
record Option(List<String> names, Value value, String label, String text) {

  /** Whether an option has a value. */
  enum Value {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  /** One without a value. */
  static Option flag(String text, String... names) {
    return new Option(List.of(names), Value.NONE, "", text);
  }

  /** One whose value must be attached, if there is one. */
  static Option optional(String label, String text, String... names) {
    return new Option(List.of(names), Value.OPTIONAL, label, text);
  }

  /** One whose value is attached, or the next argument. */
  static Option required(String label, String text, String... names) {
    return new Option(List.of(names), Value.REQUIRED, label, text);
  }

  /** Its long name. */
  String name() {
    return names.get(names.size() - 1);
  }
}
