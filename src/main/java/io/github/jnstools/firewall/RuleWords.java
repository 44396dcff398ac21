package io.github.jnstools.firewall;

import java.util.Map;

/** What a rule does, in words, if nothing is known but the rule itself. */
final class RuleWords {
  private static final Map<String, String> TARGETS =
      Map.of(
          "ACCEPT", "accepts",
          "DROP", "drops",
          "REJECT", "refuses",
          "RETURN", "hands back",
          "LOG", "logs",
          "MASQUERADE", "gives an address of the host to",
          "SNAT", "gives another source to",
          "DNAT", "gives another destination to",
          "MARK", "marks");

  private static final Map<String, String> MATCHES =
      Map.ofEntries(
          Map.entry("-i", "in by"),
          Map.entry("-o", "out by"),
          Map.entry("-s", "from"),
          Map.entry("-d", "to"),
          Map.entry("-p", "of protocol"),
          Map.entry("--dport", "to port"),
          Map.entry("--sport", "from port"),
          Map.entry("--ctstate", "in state"),
          Map.entry("--state", "in state"),
          Map.entry("--ctorigdstport", "first sent to port"),
          Map.entry("--ctorigdst", "first sent to"),
          Map.entry("--ctdir", "in direction"),
          Map.entry("--src-range", "from"),
          Map.entry("--dst-range", "to"));

  private RuleWords() {}

  /** One sentence: {@code drops packets in by eth0, not from 192.168.1.1/32}. */
  static String of(Rule rule) {
    String target = rule.target().orElse("");
    String verb = target.isEmpty() ? "counts" : TARGETS.getOrDefault(target, "sends to " + target);
    StringBuilder words = new StringBuilder(verb).append(" packets");
    String separator = " ";
    for (RuleOption option : rule.options()) {
      if (option.name().equals("-j") || option.name().equals("-g")) {
        break;
      }
      if (!option.name().equals("-m") && !option.name().equals("--comment")) {
        words
            .append(separator)
            .append(option.negated() ? "not " : "")
            .append(MATCHES.getOrDefault(option.name(), "with " + option.name()))
            .append(' ')
            .append(String.join(" ", option.values()));
        separator = ", ";
      }
    }
    return words.toString();
  }
}
