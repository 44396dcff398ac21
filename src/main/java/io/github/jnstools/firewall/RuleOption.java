package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One option of a rule, with what negates it and what it is given: {@code ! --dport 80}.
 *
 * @param module the match or target that it belongs to: {@code conntrack}, {@code DNAT}; "" for
 *     those of iptables itself: {@code -s}, {@code -i}, {@code -m}, {@code -j}
 * @param negated whether a {@code !} is before it
 * @param name as in the rule, but short where iptables has a short one: {@code -s}
 * @param values what follows it, without quotes
 */
public record RuleOption(String module, boolean negated, String name, List<String> values) {
  /** Of iptables itself, by all their names. */
  private static final Map<String, String> OWN =
      Map.ofEntries(
          Map.entry("--source", "-s"),
          Map.entry("--src", "-s"),
          Map.entry("--destination", "-d"),
          Map.entry("--dst", "-d"),
          Map.entry("--in-interface", "-i"),
          Map.entry("--out-interface", "-o"),
          Map.entry("--protocol", "-p"),
          Map.entry("--proto", "-p"),
          Map.entry("--match", "-m"),
          Map.entry("--jump", "-j"),
          Map.entry("--goto", "-g"),
          Map.entry("--fragment", "-f"),
          Map.entry("--ipv4", "-4"),
          Map.entry("--ipv6", "-6"));

  private static final Set<String> OWN_SHORT =
      Set.of("-s", "-d", "-i", "-o", "-p", "-m", "-j", "-g", "-f", "-4", "-6", "-c");

  /** Those that belong to the match of the protocol, whichever match was loaded last. */
  private static final Set<String> OF_PROTOCOL =
      Set.of(
          "--dport",
          "--destination-port",
          "--sport",
          "--source-port",
          "--tcp-flags",
          "--syn",
          "--icmp-type",
          "--icmpv6-type");

  /** Those that take the next word whatever it looks like. */
  private static final Set<String> OWN_WITH_VALUE =
      Set.of("-s", "-d", "-i", "-o", "-p", "-m", "-j", "-g");

  /** Those whose value is free text. */
  private static final Set<String> WITH_TEXT =
      Set.of("--comment", "--log-prefix", "--nflog-prefix", "--string", "--hex-string");

  /** Those of them that iptables-save quotes even if the text is one plain word. */
  private static final Set<String> QUOTED = Set.of("--string", "--hex-string");

  public RuleOption {
    values = List.copyOf(values);
  }

  /** The first of its values; "" if it has none. */
  public String value() {
    return values.isEmpty() ? "" : values.get(0);
  }

  private static boolean takesText(String name) {
    return WITH_TEXT.contains(name);
  }

  /** Joins words to a line as iptables-save would. */
  static void append(StringBuilder line, List<String> words) {
    String before = "";
    for (String word : words) {
      line.append(' ');
      if (QUOTED.contains(before)) {
        line.append(Words.quoted(word));
      } else if (takesText(before)) {
        line.append(Words.text(word));
      } else {
        line.append(Words.bare(word));
      }
      before = takesText(before) ? "" : word;
    }
  }

  /**
   * Parses what follows the chain's name in a rule.
   *
   * @throws IllegalArgumentException if a word belongs to no option
   */
  static List<RuleOption> parseAll(List<String> words) {
    List<RuleOption> options = new ArrayList<>();
    String protocol = "";
    String module = "";
    boolean negated = false;
    int i = 0;
    while (i < words.size()) {
      String word = words.get(i++);
      if (word.equals("!") && !negated) {
        negated = true;
      } else if (word.length() > 1 && word.charAt(0) == '-') {
        String name = OWN.getOrDefault(word, word);
        int end = end(words, i, name);
        List<String> values = words.subList(i, end);
        i = end;
        String of = OF_PROTOCOL.contains(name) && !protocol.isEmpty() ? protocol : module;
        boolean own = OWN_SHORT.contains(name);
        options.add(new RuleOption(own ? "" : of, negated, name, values));
        negated = false;
        switch (name) {
          case "-m", "-j", "-g" -> module = values.isEmpty() ? "" : values.get(0);
          case "-p" -> protocol = values.isEmpty() ? "" : values.get(0);
          default -> {}
        }
      } else {
        throw new IllegalArgumentException("the word " + word + " belongs to no option");
      }
    }
    if (negated) {
      throw new IllegalArgumentException("a negation of nothing");
    }
    return options;
  }

  private static int end(List<String> words, int start, String name) {
    boolean own = OWN_WITH_VALUE.contains(name);
    int end = start;
    if ((own || takesText(name)) && end < words.size()) {
      end++;
    }
    if (own) {
      return end;
    }
    while (end < words.size() && !words.get(end).equals("!") && !words.get(end).startsWith("-")) {
      end++;
    }
    return end;
  }
}
