package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A published port, and the address to which the rules lead its packets.
 *
 * @param container the container's name
 * @param network by which the container is reached
 * @param address the container's own on that network
 * @param port the port
 */
record PortMapping(String container, DockerNetwork network, String address, PublishedPort port) {

  /** Docker sorts the ports of a container, the highest of the host first. */
  private static final Comparator<PublishedPort> ORDER =
      Comparator.comparingInt(PublishedPort::hostPort)
          .reversed()
          .thenComparingInt(PublishedPort::containerPort)
          .thenComparing(PublishedPort::protocol)
          .thenComparing(PublishedPort::hostAddress);

  /**
   * The mappings of a family in the order in which Docker makes them. A port of {@code ::} whose
   * container has no IPv6 address is none: docker-proxy alone takes it.
   */
  static List<PortMapping> all(DockerInventory inventory, IpFamily family) {
    List<PortMapping> mappings = new ArrayList<>();
    for (DockerContainer container : inventory.containers()) {
      Optional<DockerContainer.Endpoint> endpoint = wayOut(container, inventory, family);
      if (container.isRunning() && endpoint.isPresent()) {
        DockerNetwork network = inventory.network(endpoint.get().networkId()).orElseThrow();
        String address = endpoint.get().address(family).orElseThrow();
        ports(container, network, family).stream()
            .sorted(ORDER)
            .forEach(
                port -> mappings.add(new PortMapping(container.name(), network, address, port)));
      }
    }
    return mappings;
  }

  /** On a routed network a port is reached at the container's own address, by its own number. */
  private static List<PublishedPort> ports(
      DockerContainer container, DockerNetwork network, IpFamily family) {
    if (!network.isRouted(family)) {
      return container.ports().stream()
          .filter(port -> IpFamily.of(port.hostAddress()) == family)
          .toList();
    }
    String all = family == IpFamily.IPV4 ? "0.0.0.0" : "::";
    return container.asked().stream()
        .map(port -> new PublishedPort(all, port.number(), port.protocol(), port.number()))
        .toList();
  }

  /** Ports are mapped on the network by which the container reaches the world. */
  static Optional<DockerContainer.Endpoint> wayOut(
      DockerContainer container, DockerInventory inventory, IpFamily family) {
    return container.endpoints().stream()
        .filter(endpoint -> endpoint.address(family).isPresent())
        .filter(
            endpoint ->
                inventory
                    .network(endpoint.networkId())
                    .filter(network -> network.isBridge() && !network.internal())
                    .isPresent())
        .min(
            Comparator.comparingInt(DockerContainer.Endpoint::gatewayPriority)
                .reversed()
                .thenComparing(DockerContainer.Endpoint::network));
  }

  /** {@code web:80/tcp}. */
  String target() {
    return container + ":" + port.containerPort() + "/" + port.protocol();
  }

  /** {@code 8080/tcp of 127.0.0.1}. */
  String source() {
    String text = port.hostPort() + "/" + port.protocol();
    return port.isOnAllAddresses() ? text : text + " of " + port.hostAddress();
  }

  /** The match of packets for the container's port: {@code -p tcp -m tcp --dport 80}. */
  String match() {
    return match(port.protocol(), "--dport", port.containerPort());
  }

  /** The match of a port, as iptables-save writes it. */
  static String match(String protocol, String option, int number) {
    return "-p " + protocol + " -m " + protocol + " " + option + " " + number;
  }
}
