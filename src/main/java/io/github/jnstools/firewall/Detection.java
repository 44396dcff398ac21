package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which layout the rules of a family have.
 *
 * @param generation the layout
 * @param evidence what shows it, for a person
 */
record Detection(Generation generation, String evidence) {
  /** Chains that Docker fills; DOCKER-USER is the user's. */
  static final Set<String> CHAINS =
      Set.of(
          "DOCKER",
          "DOCKER-FORWARD",
          "DOCKER-CT",
          "DOCKER-BRIDGE",
          "DOCKER-INTERNAL",
          "DOCKER-INGRESS",
          "DOCKER-ISOLATION",
          "DOCKER-ISOLATION-STAGE-1",
          "DOCKER-ISOLATION-STAGE-2");

  static Detection of(HostRules rules, IpFamily family) {
    Optional<Ruleset> ruleset = rules.of(family);
    if (ruleset.isEmpty()) {
      return unknown("nobody read the rules of this family");
    }
    Set<String> unreadable = ruleset.get().unreadable();
    if (unreadable.contains("filter") || unreadable.contains("nat")) {
      return unknown("table " + unreadable.iterator().next() + " holds what nft made");
    }
    Detection chains = byChains(ruleset.get());
    return chains.generation() == Generation.NONE ? elsewhere(rules, family) : chains;
  }

  private static Detection byChains(Ruleset ruleset) {
    if (has(ruleset, "filter", "DOCKER-FORWARD")) {
      return has(ruleset, "filter", "DOCKER-INTERNAL")
          ? new Detection(Generation.INTERNAL_CHAIN, "chain DOCKER-INTERNAL")
          : new Detection(Generation.FORWARD_CHAIN, "chain DOCKER-FORWARD, no DOCKER-INTERNAL");
    }
    if (has(ruleset, "filter", "DOCKER-ISOLATION-STAGE-1")) {
      return usesSet(ruleset)
          ? new Detection(Generation.BRIDGE_SET, "the set docker-ext-bridges in FORWARD")
          : new Detection(Generation.STAGES, "chain DOCKER-ISOLATION-STAGE-1, no DOCKER-FORWARD");
    }
    if (has(ruleset, "filter", "DOCKER-ISOLATION")) {
      return has(ruleset, "filter", "DOCKER-USER")
          ? new Detection(Generation.USER, "chains DOCKER-ISOLATION and DOCKER-USER")
          : new Detection(Generation.ISOLATION, "chain DOCKER-ISOLATION, no DOCKER-USER");
    }
    if (has(ruleset, "filter", "DOCKER")) {
      return new Detection(Generation.FORWARD_ONLY, "chain DOCKER, none for isolation");
    }
    return has(ruleset, "nat", "DOCKER")
        ? unknown("table nat has chain DOCKER, table filter has not: rules were lost")
        : new Detection(Generation.NONE, "no chain of Docker");
  }

  /** That iptables-save prints nothing says nothing of nftables, nor of the other iptables. */
  private static Detection elsewhere(HostRules rules, IpFamily family) {
    if (rules.nft().isPresent() && rules.nft().get().hasDocker()) {
      return new Detection(Generation.NFTABLES, "table docker-bridges of nft");
    }
    Optional<Ruleset> legacy = rules.legacy(family);
    if (legacy.isPresent() && byChains(legacy.get()).generation() != Generation.NONE) {
      return unknown("Docker's chains are those of the other backend of iptables");
    }
    return rules.nft().isPresent()
        ? new Detection(Generation.NONE, "no chain of Docker, and no table of it in nft")
        : unknown("no chain of Docker, but nft was not asked");
  }

  private static boolean has(Ruleset ruleset, String table, String chain) {
    return ruleset.chain(table, chain).isPresent();
  }

  private static boolean usesSet(Ruleset ruleset) {
    List<Rule> forward = ruleset.chain("filter", "FORWARD").map(Chain::rules).orElse(List.of());
    return forward.stream()
        .flatMap(rule -> rule.option("--match-set").stream())
        .anyMatch(option -> option.value().startsWith("docker-ext-bridges"));
  }

  private static Detection unknown(String why) {
    return new Detection(Generation.UNKNOWN, why);
  }
}
