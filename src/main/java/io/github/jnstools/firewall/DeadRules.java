package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Finds rules behind one that takes all of their packets.
 *
 * <p>The matches of a rule are all required, so a rule with fewer of the same takes more packets.
 * Only matches whose answer depends on nothing but the packet count: two equal limits do not.
 */
final class DeadRules {
  private static final Set<String> FINAL =
      Set.of("ACCEPT", "DROP", "REJECT", "RETURN", "DNAT", "SNAT", "MASQUERADE", "REDIRECT");

  private static final Set<String> OF_THE_PACKET =
      Set.of(
          "tcp",
          "udp",
          "udplite",
          "sctp",
          "dccp",
          "icmp",
          "icmp6",
          "conntrack",
          "state",
          "addrtype",
          "iprange",
          "multiport",
          "comment");

  /** With more matches than that all subsets are too many; Docker's rules have at most six. */
  private static final int MOST = 12;

  private DeadRules() {}

  /**
   * Looks through a chain.
   *
   * @param found called with a rule's place, from 0, and the place of the one before that takes all
   */
  static void find(Chain chain, BiConsumer<Integer, Integer> found) {
    Map<Set<RuleOption>, Integer> taken = new HashMap<>();
    List<Rule> rules = chain.rules();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      List<RuleOption> matches = matches(rule);
      Optional<Integer> by = by(taken, matches);
      if (by.isPresent() && !Circumstances.isEnd(rule)) {
        found.accept(i, by.get());
      }
      if (isFinal(rule)) {
        taken.putIfAbsent(Set.copyOf(matches), i);
      }
    }
  }

  private static boolean isFinal(Rule rule) {
    boolean known =
        rule.options().stream()
            .filter(option -> option.name().equals("-m"))
            .allMatch(option -> OF_THE_PACKET.contains(option.value()));
    return known && (rule.isGoto() || FINAL.contains(rule.target().orElse("")));
  }

  /** What is before the target, without what only loads a match or comments. */
  private static List<RuleOption> matches(Rule rule) {
    Set<RuleOption> matches = new HashSet<>();
    for (RuleOption option : rule.options()) {
      if (option.name().equals("-j") || option.name().equals("-g")) {
        break;
      }
      if (!option.name().equals("-m") && !option.module().equals("comment")) {
        matches.add(option);
      }
    }
    return new ArrayList<>(matches);
  }

  private static Optional<Integer> by(
      Map<Set<RuleOption>, Integer> taken, List<RuleOption> matches) {
    if (matches.size() > MOST) {
      return taken.entrySet().stream()
          .filter(entry -> matches.containsAll(entry.getKey()))
          .map(Map.Entry::getValue)
          .findFirst();
    }
    for (int subset = 0; subset < 1 << matches.size(); subset++) {
      Set<RuleOption> some = new HashSet<>();
      for (int i = 0; i < matches.size(); i++) {
        if ((subset >> i & 1) != 0) {
          some.add(matches.get(i));
        }
      }
      Integer place = taken.get(some);
      if (place != null) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }
}
