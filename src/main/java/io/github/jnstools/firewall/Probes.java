package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The connections that tell what a change of rules does: from outside and from other networks to
 * each published port, from containers to the world and to each other.
 */
public final class Probes {
  /** Addresses that are nobody's, of the documentation's own prefixes. */
  private static final List<IpAddress> STRANGERS =
      List.of(IpAddress.parse("203.0.113.1"), IpAddress.parse("2001:db8::1"));

  private static final int HTTPS = 443;

  private final DockerInventory inventory;
  private final HostNetwork network;
  private final Set<IpAddress> outside = new LinkedHashSet<>();
  private final Set<Probe> probes = new LinkedHashSet<>();

  private Probes(DockerInventory inventory, HostNetwork network) {
    this.inventory = inventory;
    this.network = network;
  }

  /**
   * Those of a host.
   *
   * @param clients from which addresses outside, besides that of a stranger
   */
  public static List<Probe> of(
      DockerInventory inventory, HostNetwork network, List<IpAddress> clients) {
    Probes probes = new Probes(inventory, network);
    probes.outside.addAll(clients);
    probes.outside.addAll(STRANGERS);
    inventory.containers().stream()
        .filter(DockerContainer::isRunning)
        .forEach(container -> container.ports().forEach(probes::toPort));
    inventory.bridges().forEach(probes::fromNetwork);
    return List.copyOf(probes.probes);
  }

  private void toPort(PublishedPort port) {
    IpFamily family = IpFamily.of(port.hostAddress());
    Optional<IpAddress> address =
        port.isOnAllAddresses()
            ? hostAddress(family)
            : Optional.of(IpAddress.parse(port.hostAddress()));
    if (port.isLoopback() || address.isEmpty()) {
      return;
    }
    for (IpAddress client : outside) {
      if (client.v6() == address.get().v6() && !network.isLocal(client)) {
        add(
            client.toString(),
            Flow.ofOutside(client, address.get(), port.protocol(), port.hostPort()));
      }
    }
    for (DockerNetwork other : inventory.bridges()) {
      other.attached().stream()
          .flatMap(attached -> attached.address(family).stream())
          .findFirst()
          .ifPresent(
              from ->
                  add(
                      "network " + other.name(),
                      Flow.of(
                          other.interfaceName(),
                          IpAddress.parse(from),
                          address.get(),
                          port.protocol(),
                          port.hostPort())));
    }
  }

  /** One of its own to which the world comes, if there is any; else one of a bridge. */
  private Optional<IpAddress> hostAddress(IpFamily family) {
    Optional<IpAddress> ofBridge = Optional.empty();
    for (HostNetwork.Link link : network.links()) {
      Optional<IpAddress> own =
          network
              .address(link.name(), family == IpFamily.IPV6)
              .filter(address -> !address.isLoopback());
      if (own.isPresent() && !network.isBridge(link.name())) {
        return own;
      }
      ofBridge = ofBridge.or(() -> own);
    }
    return ofBridge;
  }

  /** The first of its containers, to the world and to the second. */
  private void fromNetwork(DockerNetwork from) {
    for (IpFamily family : IpFamily.values()) {
      List<IpAddress> attached =
          from.attached().stream()
              .flatMap(each -> each.address(family).stream())
              .map(IpAddress::parse)
              .toList();
      if (attached.isEmpty()) {
        continue;
      }
      List<IpAddress> peers = new ArrayList<>(attached.subList(1, Math.min(2, attached.size())));
      outside.stream().filter(client -> client.v6() == attached.get(0).v6()).forEach(peers::add);
      for (IpAddress peer : peers) {
        Flow flow = Flow.of(from.interfaceName(), attached.get(0), peer, "tcp", HTTPS);
        add("network " + from.name(), flow);
      }
    }
  }

  private void add(String from, Flow flow) {
    IpAddress to = flow.destination();
    probes.add(
        new Probe(
            from
                + " to "
                + (to.v6() ? "[" + to + "]" : to.toString())
                + ":"
                + flow.destinationPort()
                + "/"
                + flow.protocol(),
            flow));
  }
}
