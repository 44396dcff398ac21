package io.github.jnstools.firewall;

import io.github.jnstools.firewall.HostNetwork.Listener;
import io.github.jnstools.firewall.HostNetwork.Place;
import io.github.jnstools.firewall.HostNetwork.ProxiedPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an engine puts into a host's network, which none of the host's own tables shows. */
final class EngineAddresses {
  private EngineAddresses() {}

  static HostNetwork in(HostNetwork network, DockerInventory inventory, boolean proxy) {
    Map<IpAddress, Place> behind = new HashMap<>();
    List<ProxiedPort> proxied = new ArrayList<>();
    for (DockerContainer container : inventory.containers()) {
      for (DockerContainer.Endpoint endpoint : container.endpoints()) {
        inventory
            .network(endpoint.networkId())
            .flatMap(DockerNetwork::bridge)
            .ifPresent(
                bridge -> {
                  for (IpFamily family : IpFamily.values()) {
                    Place place = new Place(bridge, container.hasGateway(family));
                    endpoint
                        .address(family)
                        .ifPresent(own -> behind.put(IpAddress.parse(own), place));
                  }
                });
      }
      if (proxy && container.isRunning()) {
        for (PublishedPort port : container.ports()) {
          proxied(container, port, inventory).ifPresent(proxied::add);
        }
      }
    }
    return network.withContainers(behind).withProxies(proxied);
  }

  /** A port of IPv6 leads to an IPv4 address where the container has no other. */
  private static Optional<ProxiedPort> proxied(
      DockerContainer container, PublishedPort port, DockerInventory inventory) {
    IpFamily family = IpFamily.of(port.hostAddress());
    Optional<IpAddress> bound =
        port.isOnAllAddresses() || port.hostAddress().isEmpty()
            ? Optional.empty()
            : Optional.of(IpAddress.parse(port.hostAddress()));
    boolean v6 = family == IpFamily.IPV6;
    Listener listener = new Listener(port.protocol(), bound, !v6, v6, port.hostPort());
    return address(container, inventory, family)
        .or(() -> address(container, inventory, IpFamily.IPV4))
        .map(target -> new ProxiedPort(listener, target, port.containerPort()));
  }

  private static Optional<IpAddress> address(
      DockerContainer container, DockerInventory inventory, IpFamily family) {
    return PortMapping.wayOut(container, inventory, family)
        .flatMap(endpoint -> endpoint.address(family))
        .map(IpAddress::parse);
  }
}
