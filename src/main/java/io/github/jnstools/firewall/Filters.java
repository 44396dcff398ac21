package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;

/**
 * All that may stop or turn a packet on a host.
 *
 * @param ipv4 what iptables-save printed; empty if that is not known
 * @param ipv6 what ip6tables-save printed; empty if that is not known
 * @param sets what ipset saves
 * @param others what else there is that is not in those texts, a sentence each: rules of nft(8), a
 *     second backend
 */
public record Filters(
    Optional<Ruleset> ipv4, Optional<Ruleset> ipv6, IpSets sets, List<String> others) {
  public Filters {
    others = List.copyOf(others);
  }

  /** Rules of IPv4 and nothing else that is known. */
  public static Filters of(Ruleset ipv4) {
    return new Filters(Optional.of(ipv4), Optional.empty(), IpSets.NONE, List.of());
  }

  /** Rules of both families. */
  public static Filters of(Ruleset ipv4, Ruleset ipv6) {
    return new Filters(Optional.of(ipv4), Optional.of(ipv6), IpSets.NONE, List.of());
  }

  Optional<Ruleset> of(boolean v6) {
    return v6 ? ipv6 : ipv4;
  }
}
