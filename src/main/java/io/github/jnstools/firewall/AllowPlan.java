package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What has to be written for an allow-list to be in force on a host: DOCKER-USER of both families,
 * and nothing else.
 *
 * @param firewall the host as it is
 * @param list the list that is wanted
 */
public record AllowPlan(DockerFirewall firewall, AllowList list) {

  /** The chain as it should be; empty if this host has none of that family to write. */
  public Optional<UserChain> wanted(IpFamily family) {
    return firewall.generation(family).isIptables()
        ? UserChain.of(firewall.rules(), family)
            .map(chain -> chain.with(new AllowRules(firewall.inventory(), family).write(list)))
        : Optional.empty();
  }

  /** The chains that should be there. */
  public UserChainPlan chains() {
    SortedMap<IpFamily, UserChain> chains = new TreeMap<>();
    for (IpFamily family : IpFamily.values()) {
      Optional<UserChain> chain = wanted(family);
      if (chain.isPresent()) {
        chains.put(family, chain.get());
      }
    }
    return new UserChainPlan(firewall, chains);
  }

  /** Whether there is a place for the list, if there is one. */
  public boolean isPossible() {
    return list.isNone() || wanted(IpFamily.IPV4).isPresent();
  }

  /** What the list cannot do here, and what is wrong with the rules once it is written. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (list.isNone()) {
      return findings;
    }
    if (!isPossible()) {
      findings.add(noChain());
      return findings;
    }
    unwritten(findings);
    for (HostPort port : list.ports().keySet()) {
      ofPort(port, findings);
    }
    FirewallChange change = chains().change();
    List<Finding> fresh = change.findings();
    for (Finding finding : change.after().findings()) {
      boolean isNew = fresh.contains(finding);
      boolean past = finding.name().equals("ipv6-past-list");
      // A jump that is missing was so before, too, and makes the whole list void.
      if (past ? covered().contains(finding.where()) : isNew || isJump(finding)) {
        findings.add(finding);
      }
    }
    return findings;
  }

  private static boolean isJump(Finding finding) {
    return finding.name().startsWith("jump-")
        && finding.rule().flatMap(Rule::target).equals(Optional.of(UserChain.NAME));
  }

  /** Where findings about the ports are that the list is for. */
  private Set<String> covered() {
    Set<String> covered = new HashSet<>();
    for (DockerContainer container : firewall.inventory().containers()) {
      for (PublishedPort port : container.ports()) {
        HostPort own = new HostPort(port.hostPort(), port.protocol());
        if (list.all().isPresent() || list.ports().containsKey(own)) {
          covered.add(PortFindings.place(container, port));
        }
      }
    }
    return covered;
  }

  private Finding noChain() {
    Generation generation = firewall.generation();
    return Finding.of(
        Finding.Severity.ERROR,
        "no-user-chain",
        "IPv4 filter",
        "this host has no chain DOCKER-USER: " + generation.releases(),
        "there is no place for the list",
        generation == Generation.NFTABLES
            ? "write a table of nft with the list, and a mark for --bridge-accept-fwmark"
            : "upgrade to Docker 17.06 or later, and let it write its rules");
  }

  /** Addresses of a family for which there is no network or no chain. */
  private void unwritten(List<Finding> findings) {
    for (IpFamily family : IpFamily.values()) {
      SortedSet<AddressRange> sources = new TreeSet<>(list.all().orElse(new TreeSet<>()));
      list.ports().values().forEach(sources::addAll);
      sources.removeIf(source -> source.family() != family);
      boolean chain = wanted(family).isPresent();
      boolean networks =
          !AllowRules.networks(firewall.inventory(), family, Optional.empty()).isEmpty();
      if (!sources.isEmpty() && !(chain && networks)) {
        findings.add(
            Finding.of(
                Finding.Severity.WARNING,
                "addresses-unwritten",
                family.word(),
                chain
                    ? "no network of Docker has this family"
                    : "this host has no chain DOCKER-USER of this family",
                "not in any rule: " + sources,
                "take them off the list, or give a network this family, with Docker 23 or later"));
      }
    }
  }

  private void ofPort(HostPort port, List<Finding> findings) {
    List<PortMapping> mappings =
        PortMapping.all(firewall.inventory(), IpFamily.IPV4).stream()
            .filter(mapping -> AllowRules.hostPort(mapping).equals(port))
            .toList();
    if (mappings.isEmpty()) {
      findings.add(
          Finding.of(
              Finding.Severity.NOTE,
              "port-not-published",
              "port " + port,
              "no container publishes it now",
              "the list is written for every network, in case that one does later",
              "write it anew once the container runs"));
    }
    for (PortMapping mapping : mappings) {
      if (!firewall.generation().isAtLeast(Generation.BRIDGE_SET)
          && !mapping.network().isRouted(IpFamily.IPV4)) {
        findings.add(
            Finding.of(
                Finding.Severity.WARNING,
                "direct-routing-past-list",
                "container " + mapping.container() + " " + mapping.port(),
                "a list for a port goes by the host's port, and this layout lets who can route to "
                    + mapping.address()
                    + " do without",
                "who is a router's hop away reaches " + mapping.target() + " past the list",
                "write the list for all ports, or upgrade to Docker 28"));
      }
    }
  }
}
