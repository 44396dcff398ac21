package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  private final List<Set<RuleOption>> takers = new ArrayList<>();
  private final Map<RuleOption, List<Integer>> byMatch = new HashMap<>();
  private Integer takesAll;

  private DeadRules() {}

  /**
   * Looks through a chain.
   *
   * @param found called with a rule's place, from 0, and the place of the one before that takes all
   */
  static void find(Chain chain, BiConsumer<Integer, Integer> found) {
    DeadRules earlier = new DeadRules();
    for (int i = 0; i < chain.rules().size(); i++) {
      Rule rule = chain.rules().get(i);
      Set<RuleOption> matches = matches(rule);
      Integer by = earlier.taker(matches);
      if (by != null && !Circumstances.isEnd(rule)) {
        found.accept(i, by);
      }
      earlier.add(i, isFinal(rule) ? matches : null);
    }
  }

  /** The place of the rule that takes all packets of these matches; null if there is none. */
  private Integer taker(Set<RuleOption> matches) {
    if (takesAll != null) {
      return takesAll;
    }
    for (RuleOption match : matches) {
      for (Integer place : byMatch.getOrDefault(match, List.of())) {
        if (matches.containsAll(takers.get(place))) {
          return place;
        }
      }
    }
    return null;
  }

  /** Filed under the rarest of its matches, so that few are looked at in vain. */
  private void add(int place, Set<RuleOption> matches) {
    takers.add(matches);
    if (matches == null) {
      return;
    }
    if (matches.isEmpty()) {
      takesAll = takesAll == null ? place : takesAll;
    } else {
      RuleOption rarest =
          Collections.min(
              matches, Comparator.comparingInt(one -> byMatch.getOrDefault(one, List.of()).size()));
      byMatch.computeIfAbsent(rarest, one -> new ArrayList<>()).add(place);
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
  private static Set<RuleOption> matches(Rule rule) {
    Set<RuleOption> matches = new HashSet<>();
    for (RuleOption option : rule.options()) {
      if (option.name().equals("-j") || option.name().equals("-g")) {
        break;
      }
      if (!option.name().equals("-m") && !option.module().equals("comment")) {
        matches.add(option);
      }
    }
    return matches;
  }
}
