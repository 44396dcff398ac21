package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The firewall of a Docker host: how its rules are laid out, what each is for, what Docker should
 * have written, and the difference.
 */
public final class DockerFirewall {
  private final HostRules rules;
  private final DockerInventory inventory;
  private final Map<IpFamily, Detection> detections = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, Circumstances> circumstances = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, List<Wanted>> due = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, Comparison> comparisons = new EnumMap<>(IpFamily.class);

  private DockerFirewall(HostRules rules, DockerInventory inventory) {
    this.rules = rules;
    this.inventory = inventory;
    for (IpFamily family : IpFamily.values()) {
      detections.put(family, Detection.of(rules, family));
      due.put(family, due(family));
      rules.of(family).ifPresent(ruleset -> comparisons.put(family, compare(family, ruleset)));
    }
  }

  /** Compares the rules of a host with what its engine has. */
  public static DockerFirewall of(HostRules rules, DockerInventory inventory) {
    return new DockerFirewall(rules, inventory);
  }

  private List<Wanted> due(IpFamily family) {
    Generation generation = generation(family);
    List<Wanted> due = new ArrayList<>();
    if (generation.isIptables()) {
      Circumstances at =
          Circumstances.of(rules.of(family).orElseThrow(), family, generation, inventory);
      circumstances.put(family, at);
      if (generation.isAtLeast(Generation.BRIDGE_SET)) {
        new LayoutInChains(at, due).write();
      } else {
        new LayoutInForward(at, due).write();
      }
      if (at.userReturn()) {
        new RuleWriter(due, "filter", "DOCKER-USER").common("-j RETURN", Roles.END);
      }
      new LayoutNat(at, due).write();
    }
    return due;
  }

  private Comparison compare(IpFamily family, Ruleset ruleset) {
    Set<String> bridges =
        inventory.bridges().stream()
            .map(DockerNetwork::interfaceName)
            .collect(Collectors.toCollection(TreeSet::new));
    return new Comparison(family, ruleset, due.get(family), bridges);
  }

  /** How the IPv4 rules are laid out. */
  public Generation generation() {
    return generation(IpFamily.IPV4);
  }

  /** How the rules of a family are laid out: an engine may write those of one only. */
  public Generation generation(IpFamily family) {
    return detections.get(family).generation();
  }

  /** What shows the layout, for a person: {@code chain DOCKER-INTERNAL}. */
  public String evidence(IpFamily family) {
    return detections.get(family).evidence();
  }

  /** What was read. */
  public HostRules rules() {
    return rules;
  }

  /** What the engine has. */
  public DockerInventory inventory() {
    return inventory;
  }

  /**
   * What Docker should have written in this layout, chain by chain, in the order of a host on which
   * nothing was ever restarted; none if the layout is not one of iptables.
   */
  public List<DockerRule> expected(IpFamily family) {
    return due.get(family).stream().map(Wanted::rule).toList();
  }

  /** The rules that are there, and what each is for. */
  public List<ExplainedRule> explained(IpFamily family) {
    return comparison(family).map(Comparison::explained).map(List::copyOf).orElse(List.of());
  }

  /** What differs between the rules that are there and those that are due, of both families. */
  public List<Drift> drift() {
    List<Drift> drift = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      comparison(family).ifPresent(comparison -> drift.addAll(comparison.drift()));
    }
    return drift;
  }

  /** What the owner of this firewall should know, drift included; nothing if all is well. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(new HostFindings(this).find());
    findings.addAll(DriftFindings.of(drift()));
    findings.addAll(new PortFindings(this).find());
    for (IpFamily family : IpFamily.values()) {
      findings.addAll(new UserChainFindings(this, family).find());
    }
    return findings;
  }

  /** A host's network with what the engine has in it: its containers, the ports of docker-proxy. */
  public HostNetwork locate(HostNetwork network) {
    return EngineAddresses.in(network, inventory, usesUserlandProxy());
  }

  /** Whether docker-proxy serves what the rules do not; unless it is told, the rules show it. */
  boolean usesUserlandProxy() {
    return circumstances(IpFamily.IPV4)
        .map(Circumstances::userlandProxy)
        .or(() -> inventory.settings().userlandProxy())
        .orElse(true);
  }

  Optional<Circumstances> circumstances(IpFamily family) {
    return Optional.ofNullable(circumstances.get(family));
  }

  private Optional<Comparison> comparison(IpFamily family) {
    return Optional.ofNullable(comparisons.get(family));
  }
}
