package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What Docker's rules depend on: what the inventory has, and what only the rules themselves show.
 *
 * @param inventory the inventory
 * @param family which rules
 * @param generation their layout
 * @param userlandProxy whether docker-proxy serves what the rules do not
 * @param userChain whether DOCKER-USER is there
 * @param userReturn whether DOCKER-USER has Docker's own end
 * @param ingress the ports of swarm services; empty if there is no DOCKER-INGRESS
 * @param rawPerPort whether table raw protects ports, as of 28.0, instead of addresses
 * @param raw whether table raw protects anything: direct routing may have been allowed
 * @param ports the published ports, in the order in which Docker maps them
 */
record Circumstances(
    DockerInventory inventory,
    IpFamily family,
    Generation generation,
    boolean userlandProxy,
    boolean userChain,
    boolean userReturn,
    Optional<List<IngressPort>> ingress,
    boolean rawPerPort,
    boolean raw,
    List<PortMapping> ports) {

  /**
   * A port of a swarm service, which no inspection of a container shows.
   *
   * @param protocol {@code tcp}
   * @param port of the host, and of the ingress network's gateway
   * @param destination to where: {@code 172.18.0.2:8080}
   */
  record IngressPort(String protocol, int port, String destination) {}

  /** What a ruleset and an inventory tell. */
  static Circumstances of(
      Ruleset ruleset, IpFamily family, Generation generation, DockerInventory inventory) {
    Optional<Chain> user = ruleset.chain("filter", "DOCKER-USER");
    List<Rule> raw = rules(ruleset, "raw", "PREROUTING");
    boolean perPort =
        generation == Generation.BRIDGE_SET || raw.stream().anyMatch(Circumstances::guardsPort);
    boolean perAddress = raw.stream().anyMatch(Circumstances::guardsAddress);
    return new Circumstances(
        inventory,
        family,
        generation,
        inventory.settings().userlandProxy().orElse(showsUserlandProxy(ruleset)),
        user.isPresent() || family == IpFamily.IPV4 || generation.isAtLeast(Generation.BRIDGE_SET),
        user.isPresent() && user.get().rules().stream().anyMatch(Circumstances::isEnd),
        ruleset
            .chain("nat", "DOCKER-INGRESS")
            .map(
                chain ->
                    chain.rules().stream().flatMap(rule -> ingressPort(rule).stream()).toList()),
        perPort && !perAddress,
        perPort || perAddress,
        PortMapping.all(inventory, family));
  }

  private static List<Rule> rules(Ruleset ruleset, String table, String chain) {
    return ruleset.chain(table, chain).map(Chain::rules).orElse(List.of());
  }

  /**
   * Without docker-proxy the rules translate what comes from containers and loopback addresses,
   * too. One rule that was lost or changed does not decide.
   */
  private static boolean showsUserlandProxy(Ruleset ruleset) {
    int with = 0;
    int without = 0;
    for (Rule rule : rules(ruleset, "nat", "OUTPUT")) {
      if (rule.target().equals(Optional.of("DOCKER"))) {
        with += rule.destination().isPresent() ? 1 : 0;
        without += rule.destination().isPresent() ? 0 : 1;
      }
    }
    for (Rule rule : rules(ruleset, "nat", "DOCKER")) {
      with += rule.in().isPresent() ? 1 : 0;
      without += rule.in().isPresent() ? 0 : 1;
    }
    return with >= without;
  }

  private static boolean guardsAddress(Rule rule) {
    return drops(rule) && rule.protocol().isEmpty();
  }

  private static boolean guardsPort(Rule rule) {
    return drops(rule)
        && rule.protocol().isPresent()
        && rule.in().filter(in -> in.value().equals("lo")).isEmpty();
  }

  private static boolean drops(Rule rule) {
    return rule.target().equals(Optional.of("DROP"))
        && rule.destination().isPresent()
        && rule.in().filter(RuleOption::negated).isPresent();
  }

  static boolean isEnd(Rule rule) {
    return rule.arguments().equals(List.of("-j", "RETURN"));
  }

  private static Optional<IngressPort> ingressPort(Rule rule) {
    Optional<RuleOption> port = rule.option("--dport");
    Optional<RuleOption> destination = rule.option("--to-destination");
    if (rule.protocol().isEmpty() || port.isEmpty() || destination.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IngressPort(
            rule.protocol().get().value(),
            Integer.parseInt(port.get().value()),
            destination.get().value()));
  }

  /** The networks with rules of this family, in the order of their creation. */
  List<DockerNetwork> networks() {
    return inventory.bridges().stream().filter(network -> network.has(family)).toList();
  }

  /** Those of them that are not internal. */
  List<DockerNetwork> open() {
    return networks().stream().filter(network -> !network.internal()).toList();
  }

  /** What is inserted at the top stands the other way round. */
  static <T> List<T> reversed(List<T> list) {
    List<T> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }
}
