package io.github.jnstools.firewall;

import java.util.Optional;

/**
 * All rules of a host; empty where nobody read them, which is not the same as no rules.
 *
 * @param ipv4 of iptables-save
 * @param ipv6 of ip6tables-save
 * @param legacyIpv4 of iptables-legacy-save, if iptables-save is that of nftables
 * @param legacyIpv6 of ip6tables-legacy-save
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
}
