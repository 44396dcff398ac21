package io.github.jnstools.firewall;

import java.util.Optional;

/**
 * How often a rule or a policy was met, as iptables-save writes it: {@code [12:3456]}.
 *
 * @param packets how many
 * @param bytes in them
 */
public record Counters(long packets, long bytes) {

  /** Parses the text with its brackets; empty if it is no such text. */
  static Optional<Counters> parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || !text.startsWith("[") || !text.endsWith("]")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Counters(
              Long.parseLong(text.substring(1, colon)),
              Long.parseLong(text.substring(colon + 1, text.length() - 1))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "[" + packets + ":" + bytes + "]";
  }
}
