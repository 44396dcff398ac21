package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Place.Kind;
import io.github.jnstools.firewall.Place.Spot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who is on a Docker host and around it, and the connections that they might open. */
public final class Places {
  /** The name of the host itself. */
  public static final String HOST = "host";

  private final DockerInventory inventory;
  private final HostNetwork network;

  private Places(DockerInventory inventory, HostNetwork network) {
    this.inventory = inventory;
    this.network = network;
  }

  /** Those of a host. */
  public static Places of(DockerInventory inventory, HostNetwork network) {
    return new Places(inventory, network);
  }

  /**
   * Who is called so: {@code host}, a running container by its name or the start of its id, a
   * network by its name, an address.
   *
   * @throws IllegalArgumentException if nobody is, or if this host's rules say nothing of it
   */
  public Place named(String name) {
    if (name.equals(HOST)) {
      return new Place(HOST, Kind.HOST, List.of());
    }
    Optional<DockerContainer> container = inventory.container(name);
    if (container.isPresent()) {
      return of(name, container.get());
    }
    Optional<DockerNetwork> known =
        inventory.networks().stream().filter(each -> each.name().equals(name)).findFirst();
    return known.isPresent() ? named(known.get()) : address(name, Optional.empty());
  }

  /**
   * Who has an address.
   *
   * @param in the interface that its packets come in by; empty if the route to it is to decide
   * @throws IllegalArgumentException if it is no address
   */
  public Place address(String text, Optional<String> in) {
    IpAddress address;
    try {
      address = IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "no running container, no network and no address is called so", e);
    }
    return new Place(text, Kind.ADDRESS, List.of(new Spot(in, address, true)));
  }

  private Place of(String name, DockerContainer container) {
    String mode = container.networkMode();
    if (mode.equals("host")) {
      return new Place(name, Kind.HOST, List.of());
    }
    if (mode.startsWith("container:")) {
      String id = mode.substring("container:".length());
      return inventory
          .container(id)
          .map(other -> of(name, other))
          .orElseThrow(
              () ->
                  new IllegalArgumentException("it is on the network of a container that is gone"));
    }
    List<Spot> spots = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      Optional<DockerContainer.Endpoint> wayOut = PortMapping.wayOut(container, inventory, family);
      for (DockerContainer.Endpoint endpoint : container.endpoints()) {
        Optional<String> bridge =
            inventory.network(endpoint.networkId()).flatMap(DockerNetwork::bridge);
        Optional<String> address = endpoint.address(family);
        if (bridge.isPresent() && address.isPresent()) {
          boolean out = wayOut.equals(Optional.of(endpoint));
          spots.add(new Spot(bridge, IpAddress.parse(address.get()), out));
        }
      }
    }
    if (spots.isEmpty()) {
      throw new IllegalArgumentException(
          "it is on no bridge network (its network is "
              + mode
              + "): these rules say nothing of it");
    }
    return new Place(name, Kind.CONTAINER, spots);
  }

  /**
   * Some container on a network.
   *
   * @throws IllegalArgumentException if it has no bridge
   */
  Place named(DockerNetwork known) {
    if (known.bridge().isEmpty()) {
      throw new IllegalArgumentException(
          "the network has the driver " + known.driver() + ": these rules say nothing of it");
    }
    List<Spot> spots = new ArrayList<>();
    for (DockerNetwork.Subnet subnet : known.subnets()) {
      spots.add(new Spot(known.bridge(), unused(known, subnet), true));
    }
    return new Place(known.name(), Kind.NETWORK, spots);
  }

  private static IpAddress unused(DockerNetwork known, DockerNetwork.Subnet subnet) {
    Set<IpAddress> used = new HashSet<>();
    subnet.gateway().ifPresent(gateway -> used.add(IpAddress.parse(gateway)));
    for (DockerNetwork.Attachment attached : known.attached()) {
      attached.ipv4().ifPresent(address -> used.add(IpAddress.parse(address)));
      attached.ipv6().ifPresent(address -> used.add(IpAddress.parse(address)));
    }
    return Subnet.parse(subnet.prefix()).unused(used);
  }

  /**
   * The connections from one to another, one for each pair of addresses that can meet; none if they
   * have no address of the same family.
   *
   * @param protocol {@code tcp}, {@code udp}, {@code sctp}, {@code icmp}
   */
  public List<Flow> flows(Place from, Place to, String protocol, int port) {
    List<Flow> flows = new ArrayList<>();
    if (from.kind() == Kind.HOST) {
      for (IpAddress target : asked(to)) {
        flows.add(Flow.ofHost(target, of(protocol, target), port));
      }
    } else if (isOwn(from)) {
      IpAddress own = from.spots().get(0).address();
      for (IpAddress target : asked(to)) {
        if (target.v6() == own.v6()) {
          flows.add(Flow.ofHost(own, target, of(protocol, target), port));
        }
      }
    } else if (to.kind() == Kind.HOST) {
      for (Spot spot : from.spots()) {
        ownAddress(spot).ifPresent(own -> flows.add(flow(spot, own, protocol, port)));
      }
    } else {
      for (Spot target : to.spots()) {
        sender(from, target)
            .ifPresent(spot -> flows.add(flow(spot, target.address(), protocol, port)));
      }
    }
    return flows;
  }

  /** Whether it is an address that this host sends from. */
  private boolean isOwn(Place from) {
    return from.kind() == Kind.ADDRESS
        && from.spots().get(0).in().isEmpty()
        && network.isLocal(from.spots().get(0).address());
  }

  /** Where this host looks for somebody. */
  private static List<IpAddress> asked(Place to) {
    return to.kind() == Kind.HOST
        ? List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"))
        : to.spots().stream().map(Spot::address).toList();
  }

  /** The address of this host that one finds at its end of the wire. */
  private Optional<IpAddress> ownAddress(Spot spot) {
    boolean v6 = spot.address().v6();
    Optional<String> in =
        spot.in()
            .or(
                () -> {
                  Routing.Decision back =
                      new Routing(network).decide(Optional.empty(), spot.address());
                  return back.kind() == Routing.Kind.OUT
                      ? Optional.of(back.device())
                      : Optional.empty();
                });
    return in.flatMap(name -> network.address(name, v6));
  }

  /** From which of its addresses one sends: on the same bridge, or else by its way out. */
  private static Optional<Spot> sender(Place from, Spot target) {
    List<Spot> own =
        from.spots().stream()
            .filter(spot -> spot.address().v6() == target.address().v6())
            .filter(spot -> !spot.address().equals(target.address()))
            .toList();
    return own.stream()
        .filter(spot -> spot.in().isPresent() && spot.in().equals(target.in()))
        .findFirst()
        .or(() -> own.stream().filter(Spot::wayOut).findFirst())
        .or(() -> own.stream().findFirst());
  }

  private static Flow flow(Spot from, IpAddress target, String protocol, int port) {
    String kind = of(protocol, target);
    return from.in().isPresent()
        ? Flow.of(from.in().get(), from.address(), target, kind, port)
        : Flow.ofOutside(from.address(), target, kind, port);
  }

  private static String of(String protocol, IpAddress target) {
    return protocol.equals("icmp") && target.v6() ? "ipv6-icmp" : protocol;
  }
}
