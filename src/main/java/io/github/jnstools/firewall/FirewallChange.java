package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A change of a Docker host's rules.
 *
 * @param before the host as it is
 * @param after the host as it would be
 */
public record FirewallChange(DockerFirewall before, DockerFirewall after) {

  /** A change to other rules of the same engine. */
  public static FirewallChange of(DockerFirewall before, HostRules after) {
    return new FirewallChange(before, DockerFirewall.of(after, before.inventory()));
  }

  /** What is wrong afterwards, and was not before. */
  public List<Finding> findings() {
    Set<Complaint> known =
        before.findings().stream().map(Complaint::of).collect(Collectors.toSet());
    return after.findings().stream()
        .filter(finding -> !known.contains(Complaint.of(finding)))
        .toList();
  }

  /** A finding without its place in a chain, which moves as rules come and go. */
  record Complaint(String name, String where, String rule) {
    static Complaint of(Finding finding) {
      String where = finding.rule().isPresent() ? "" : finding.where();
      return new Complaint(
          finding.name(), where, finding.rule().map(Rule::text).orElse(finding.what()));
    }
  }

  /**
   * What becomes of connections.
   *
   * @param sets what ipset saves
   */
  public List<Effect> effects(HostNetwork network, IpSets sets, List<Probe> probes) {
    Filters then = filters(before.rules(), sets);
    Filters now = filters(after.rules(), sets);
    List<Effect> effects = new ArrayList<>();
    for (Probe probe : probes) {
      effects.add(
          new Effect(
              probe,
              PacketTrace.of(then, network, probe.flow()),
              PacketTrace.of(now, network, probe.flow()),
              PacketTrace.of(then, now, network, probe.flow())));
    }
    return effects;
  }

  /** By these rules alone: what else there may be is the same before and after. */
  private static Filters filters(HostRules rules, IpSets sets) {
    return new Filters(rules.ipv4(), rules.ipv6(), sets, List.of());
  }

  /**
   * Why nobody should make it unasked: connections that are open would break, or who manages the
   * host would lose a way to it. Empty if there is no reason.
   *
   * @param effects of this change
   * @param management from where the host is managed
   */
  public static List<Finding> objections(List<Effect> effects, Set<IpAddress> management) {
    List<Finding> objections = new ArrayList<>();
    for (Effect effect : effects) {
      Optional<IpAddress> source = effect.probe().flow().source();
      if (effect.cutsOpen()) {
        objections.add(
            objection(
                effect,
                "cuts-established",
                "a connection that is open would break: " + effect.open().reason(),
                "let answers pass first: -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"));
      } else if (effect.closes() && source.filter(management::contains).isPresent()) {
        objections.add(
            objection(
                effect,
                "cuts-management",
                "this host is managed from " + source.get() + ": " + effect.after().reason(),
                "allow " + source.get() + ", too"));
      }
    }
    return objections;
  }

  private static Finding objection(Effect effect, String name, String what, String cure) {
    return Finding.of(
        Finding.Severity.ERROR,
        name,
        effect.probe().what(),
        what,
        "it is " + effect.before().verdict() + " and would not be any more",
        cure);
  }
}
