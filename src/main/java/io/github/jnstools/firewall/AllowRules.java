package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** The rules of an allow-list for the networks of one family. */
final class AllowRules {
  private static final List<String> ANSWERS =
      List.of("-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED");

  private final DockerInventory inventory;
  private final IpFamily family;
  private final List<Rule> rules = new ArrayList<>();

  AllowRules(DockerInventory inventory, IpFamily family) {
    this.inventory = inventory;
    this.family = family;
  }

  /** From the first to the last; none if there is no list. */
  List<Rule> write(AllowList list) {
    if (!list.isNone()) {
      // Docker lets answers in behind DOCKER-USER only, and the list would refuse them.
      add(ANSWERS, OwnTag.ANSWERS.match(), List.of("-j", "RETURN"));
      list.ports().forEach((port, sources) -> write(Optional.of(port), sources));
      list.all().ifPresent(sources -> write(Optional.empty(), sources));
    }
    return rules;
  }

  private void write(Optional<HostPort> port, SortedSet<AddressRange> sources) {
    for (DockerNetwork network : networks(inventory, family, port)) {
      String bridge = network.interfaceName();
      // What comes from elsewhere, by whichever interface; not what containers send each other.
      List<String> ways = List.of("!", "-i", bridge, "-o", bridge);
      List<String> what = port.map(AllowRules::original).orElse(List.of());
      for (AddressRange source : sources) {
        if (source.family() == family) {
          add(
              source.source(),
              ways,
              port.map(one -> List.of("-p", one.protocol())).orElse(List.of()),
              source.sourceRange(),
              what,
              OwnTag.of(port).match(),
              List.of("-j", "RETURN"));
        }
      }
      add(
          ways,
          port.map(one -> List.of("-p", one.protocol())).orElse(List.of()),
          what,
          OwnTag.of(port).match(),
          List.of("-j", "DROP"));
    }
  }

  /** DNAT comes first: of the host's port only connection tracking knows. */
  private static List<String> original(HostPort port) {
    return List.of(
        "-m",
        "conntrack",
        "--ctorigdstport",
        Integer.toString(port.number()),
        "--ctdir",
        "ORIGINAL");
  }

  /** Those on which the port is published, or all if it is on none. */
  static List<DockerNetwork> networks(
      DockerInventory inventory, IpFamily family, Optional<HostPort> port) {
    List<DockerNetwork> open =
        inventory.bridges().stream()
            .filter(network -> network.has(family) && !network.internal())
            .toList();
    if (port.isEmpty()) {
      return open;
    }
    List<String> publishing =
        PortMapping.all(inventory, family).stream()
            .filter(mapping -> port.get().equals(hostPort(mapping)))
            .map(mapping -> mapping.network().id())
            .toList();
    List<DockerNetwork> with =
        open.stream().filter(network -> publishing.contains(network.id())).toList();
    return with.isEmpty() ? open : with;
  }

  static HostPort hostPort(PortMapping mapping) {
    return new HostPort(mapping.port().hostPort(), mapping.port().protocol());
  }

  @SafeVarargs
  private void add(List<String>... parts) {
    List<String> words = new ArrayList<>();
    for (List<String> part : parts) {
      words.addAll(part);
    }
    rules.add(Rule.of(UserChain.NAME, words));
  }
}
