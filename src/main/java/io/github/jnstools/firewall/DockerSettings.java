package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;

/**
 * What a daemon and its kernel were told that the firewall depends on; empty where nobody tells.
 *
 * @param version the engine's: {@code 28.5.2}
 * @param firewallBackend {@code iptables}, {@code nftables} or {@code firewalld}, as the engine
 *     says; engines before 28 do not
 * @param userlandProxy whether docker-proxy takes what no rule translates
 * @param iptables whether the daemon writes IPv4 rules
 * @param ip6tables whether the daemon writes IPv6 rules
 * @param swarm whether the engine is part of a swarm
 * @param misspelled the members of daemon.json that have a string where a boolean is due: no daemon
 *     starts with them
 * @param bridgeNfIptables whether packets within a bridge pass iptables
 * @param bridgeNfIp6tables whether packets within a bridge pass ip6tables
 * @param ipForward whether the kernel forwards IPv4
 */
public record DockerSettings(
    String version,
    Optional<String> firewallBackend,
    Optional<Boolean> userlandProxy,
    Optional<Boolean> iptables,
    Optional<Boolean> ip6tables,
    boolean swarm,
    List<String> misspelled,
    Optional<Boolean> bridgeNfIptables,
    Optional<Boolean> bridgeNfIp6tables,
    Optional<Boolean> ipForward) {

  public DockerSettings {
    misspelled = List.copyOf(misspelled);
  }
}
