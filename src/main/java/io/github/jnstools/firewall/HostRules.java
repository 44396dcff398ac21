package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All rules of a host; empty where nobody read them, which is not the same as no rules.
 *
 * @param ipv4 of iptables-save
 * @param ipv6 of ip6tables-save
 * @param legacyIpv4 of iptables-legacy-save, if iptables-save is that of nftables; or the other way
 *     round
 * @param legacyIpv6 of ip6tables-legacy-save, likewise
 * @param nft of {@code nft -j list ruleset}
 */
public record HostRules(
    Optional<Ruleset> ipv4,
    Optional<Ruleset> ipv6,
    Optional<Ruleset> legacyIpv4,
    Optional<Ruleset> legacyIpv6,
    Optional<NftTables> nft) {

  /** The rules of a family. */
  public Optional<Ruleset> of(IpFamily family) {
    return family == IpFamily.IPV4 ? ipv4 : ipv6;
  }

  /** The same with other rules of a family. */
  HostRules with(IpFamily family, Ruleset rules) {
    Optional<Ruleset> changed = Optional.of(rules);
    return family == IpFamily.IPV4
        ? new HostRules(changed, ipv6, legacyIpv4, legacyIpv6, nft)
        : new HostRules(ipv4, changed, legacyIpv4, legacyIpv6, nft);
  }

  Optional<Ruleset> legacy(IpFamily family) {
    return family == IpFamily.IPV4 ? legacyIpv4 : legacyIpv6;
  }

  /**
   * What a trace by these rules has to know: also what else there is that may decide.
   *
   * @param sets of {@code ipset save}
   */
  public Filters filters(IpSets sets) {
    List<String> others = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (legacy(family).filter(HostRules::hasRules).isPresent()) {
        others.add("the other backend of iptables has rules of " + family.word() + ", too");
      }
    }
    if (nft.isEmpty()) {
      others.add("nft was not asked, which may have rules of its own");
    } else {
      if (nft.get().hasDocker()) {
        others.add("the tables docker-bridges of nft decide, too");
      }
      for (NftTables.Hook hook : nft.get().foreign()) {
        others.add(
            "nft " + hook.table() + " has chain " + hook.chain() + " at hook " + hook.hook());
      }
    }
    return new Filters(ipv4, ipv6, sets, others);
  }

  static boolean hasRules(Ruleset ruleset) {
    return ruleset.tables().stream()
        .flatMap(table -> table.chains().stream())
        .anyMatch(chain -> !chain.rules().isEmpty());
  }
}
