package io.github.jnstools.firewall;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The firewalls of captured hosts, and inventories of hosts of which only the rules are there. */
final class Hosts {
  private Hosts() {}

  /** A captured host, as it was. */
  static DockerFirewall firewall(String host) {
    return DockerFirewall.of(rules(host), inventory(host));
  }

  /** The rules of a captured host; of IPv6 as far as they were captured. */
  static HostRules rules(String host) {
    return new HostRules(
        ruleset(host, "iptables-save.txt"),
        ruleset(host, "ip6tables-save.txt"),
        Optional.empty(),
        Optional.empty(),
        Optional.of(nft(host)));
  }

  private static Optional<Ruleset> ruleset(String host, String file) {
    return has(host, file) ? Optional.of(Samples.ruleset(host, file)) : Optional.empty();
  }

  static boolean has(String host, String file) {
    return Files.exists(Samples.ROOT.resolve(host).resolve(file));
  }

  static NftTables nft(String host) {
    try {
      return NftTables.parse(Samples.text(host, "nft-list-ruleset.json"));
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DockerInventory inventory(String host) {
    try {
      return DockerInventory.parse(sources(host));
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DockerInventory.Sources sources(String host) {
    return new DockerInventory.Sources(
        Samples.text(host, "docker-network-inspect.json"),
        Samples.text(host, "docker-inspect.json"),
        Samples.text(host, "docker-version.json"),
        Samples.text(host, "docker-info.json"),
        "",
        has(host, "sysctl.txt") ? Samples.text(host, "sysctl.txt") : "");
  }

  /** What is on the hosts of replayed-*: web on docker0 with -p 8080:80, and a second network. */
  static DockerInventory replayed(boolean second) {
    DockerNetwork bridge = network("bridge", "docker0", "172.17.0.0/16", 1);
    DockerNetwork other = network("other", "br-1a2b3c4d5e6f", "172.18.0.0/16", 2);
    DockerContainer web =
        new DockerContainer(
            "c1",
            "web",
            1,
            Instant.ofEpochSecond(3),
            "bridge",
            List.of(
                new DockerContainer.Endpoint(
                    "bridge",
                    "bridge",
                    Optional.of("172.17.0.2"),
                    Optional.empty(),
                    Optional.of("172.17.0.1"),
                    Optional.empty(),
                    0)),
            List.of(
                new PublishedPort("0.0.0.0", 8080, "tcp", 80),
                new PublishedPort("::", 8080, "tcp", 80)),
            List.of());
    return new DockerInventory(
        second ? List.of(bridge, other) : List.of(bridge), List.of(web), settings(""));
  }

  /** A host of the experiments with real connects, with the rules of one of its files. */
  static DockerFirewall seed(String host, String config) {
    String bridge = host.contains("docker0") ? "docker0" : "h3seed0";
    String subnet = host.contains("docker0") ? "172.17.0" : "172.27.0";
    DockerNetwork plain = network("seed", bridge, subnet + ".0/16", 1);
    DockerNetwork network =
        new DockerNetwork(
            plain.id(),
            plain.name(),
            plain.driver(),
            plain.bridge(),
            plain.created(),
            true,
            false,
            plain.subnets(),
            false,
            true,
            true,
            "nat",
            "nat",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(attachment("server", subnet + ".2"), attachment("client", subnet + ".3")));
    DockerContainer server =
        new DockerContainer(
            "c1",
            "server",
            1,
            Instant.ofEpochSecond(2),
            "seed",
            List.of(
                new DockerContainer.Endpoint(
                    "seed",
                    "seed",
                    Optional.of(subnet + ".2"),
                    Optional.empty(),
                    Optional.of(subnet + ".1"),
                    Optional.empty(),
                    0)),
            List.of(new PublishedPort("0.0.0.0", 18080, "tcp", 80)),
            List.of());
    return DockerFirewall.of(
        only(Samples.ruleset(host, config + ".iptables-save-c.txt")),
        new DockerInventory(List.of(network), List.of(server), settings("20.10.24")));
  }

  private static DockerNetwork.Attachment attachment(String name, String ipv4) {
    return new DockerNetwork.Attachment(name, Optional.of(ipv4), Optional.empty());
  }

  static DockerNetwork network(String name, String bridge, String subnet, int created) {
    return new DockerNetwork(
        name,
        name,
        "bridge",
        Optional.of(bridge),
        Instant.ofEpochSecond(created),
        true,
        false,
        List.of(new DockerNetwork.Subnet(subnet, Optional.empty())),
        false,
        true,
        true,
        "nat",
        "nat",
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  static DockerSettings settings(String version) {
    return new DockerSettings(
        version,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static HostRules only(Ruleset ipv4) {
    return new HostRules(
        Optional.of(ipv4), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The rules of Docker's chains and built-in chains of a ruleset, as they stand. */
  static List<String> lines(Ruleset ruleset, String table, String chain) {
    return ruleset.chain(table, chain).map(Chain::rules).orElse(List.of()).stream()
        .map(Rule::text)
        .toList();
  }

  /** A captured host's inventory, with a container on one more of its networks. */
  static DockerInventory withSecond(String host, String container, String network) {
    DockerInventory known = inventory(host);
    String id =
        known.networks().stream()
            .filter(each -> each.name().equals(network))
            .map(DockerNetwork::id)
            .findFirst()
            .orElseThrow();
    List<DockerContainer> containers = new ArrayList<>();
    for (DockerContainer each : known.containers()) {
      List<DockerContainer.Endpoint> endpoints = new ArrayList<>(each.endpoints());
      if (each.name().equals(container)) {
        endpoints.add(
            new DockerContainer.Endpoint(
                network,
                id,
                Optional.of("172.18.0.9"),
                Optional.empty(),
                Optional.of("172.18.0.1"),
                Optional.empty(),
                0));
      }
      containers.add(
          new DockerContainer(
              each.id(),
              each.name(),
              each.pid(),
              each.started(),
              each.networkMode(),
              endpoints,
              each.ports(),
              each.asked()));
    }
    return new DockerInventory(known.networks(), containers, known.settings());
  }
}
