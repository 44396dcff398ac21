package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Place.Kind;
import io.github.jnstools.firewall.Place.Spot;
import io.github.jnstools.firewall.Reach.Via;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who reaches whom on a Docker host, by tracing: every network, this host and who is outside, to
 * every network, every container's ports, and every published port.
 *
 * <p>Containers of a network are alike to the rules that Docker writes, so a network stands for
 * them. One that is on several stands for itself; so do all, where rules of others ask for senders.
 */
public final class Isolation {
  private static final Set<String> SENDERS =
      Set.of("-s", "--src-range", "--match-set", "--ctorigsrc");

  private final DockerFirewall firewall;
  private final HostNetwork network;
  private final Filters filters;
  private final Places places;
  private final List<DockerContainer> containers;
  private final Map<String, Place> located = new HashMap<>();
  private final List<Reach> reaches = new ArrayList<>();

  private Isolation(DockerFirewall firewall, HostNetwork network, Filters filters) {
    this.firewall = firewall;
    this.network = network;
    this.filters = filters;
    this.places = Places.of(firewall.inventory(), network);
    this.containers = containers();
    for (DockerContainer container : containers) {
      located.put(container.name(), places.named(container.name()));
    }
  }

  /**
   * Traces all that there is.
   *
   * @param network with what the engine has in it: see {@link DockerFirewall#locate}
   */
  public static List<Reach> of(DockerFirewall firewall, HostNetwork network, Filters filters) {
    Isolation isolation = new Isolation(firewall, network, filters);
    for (Place from : isolation.sides()) {
      isolation.toNetworks(from);
      isolation.toContainers(from);
    }
    return isolation.reaches;
  }

  private List<DockerNetwork> networks() {
    return firewall.inventory().bridges().stream()
        .sorted(Comparator.comparing(DockerNetwork::name))
        .toList();
  }

  private List<DockerContainer> containers() {
    return firewall.inventory().containers().stream()
        .filter(DockerContainer::isRunning)
        .filter(container -> !firewall.inventory().bridged(container).isEmpty())
        .sorted(Comparator.comparing(DockerContainer::name))
        .toList();
  }

  private List<Place> sides() {
    List<Place> sides = new ArrayList<>(List.of(places.named(Places.HOST)));
    Set<String> bridges = new HashSet<>();
    networks().forEach(each -> bridges.add(each.interfaceName()));
    for (HostNetwork.Link link : network.links()) {
      if (!bridges.contains(link.name()) && !link.name().equals("lo")) {
        outside(link).ifPresent(sides::add);
      }
    }
    networks().forEach(each -> sides.add(places.named(each)));
    boolean each = asksForSenders();
    for (DockerContainer container : containers) {
      if (each || firewall.inventory().bridged(container).size() > 1) {
        sides.add(located.get(container.name()));
      }
    }
    return sides;
  }

  /** A neighbour on a link of this host. */
  private Optional<Place> outside(HostNetwork.Link link) {
    List<Spot> spots = new ArrayList<>();
    for (HostNetwork.LinkAddress own : link.addresses()) {
      if (!own.address().isLinkLocal() && own.subnet().length() < (own.address().v6() ? 127 : 31)) {
        IpAddress other = own.subnet().unused(Set.of(own.address()));
        spots.add(new Spot(Optional.of(link.name()), other, true));
      }
    }
    return spots.isEmpty()
        ? Optional.empty()
        : Optional.of(new Place("outside by " + link.name(), Kind.ADDRESS, spots));
  }

  private boolean asksForSenders() {
    for (IpFamily family : IpFamily.values()) {
      for (ExplainedRule each : firewall.explained(family)) {
        if (each.origin() == ExplainedRule.Origin.USER
            && each.rule().options().stream().anyMatch(one -> SENDERS.contains(one.name()))) {
          return true;
        }
      }
    }
    return false;
  }

  private void toNetworks(Place from) {
    int port = unpublished();
    for (DockerNetwork each : networks()) {
      Place to = places.named(each);
      // A network stands for each of its containers: here for two of them.
      boolean same = from.kind() == Kind.NETWORK && from.name().equals(to.name());
      trace(from, Aim.of(each), places.flows(same ? neighbour(from) : from, to, "tcp", port));
    }
  }

  private static Place neighbour(Place from) {
    List<Spot> spots = new ArrayList<>();
    for (Spot spot : from.spots()) {
      IpAddress own = spot.address();
      IpAddress next = new IpAddress(own.v6(), own.high(), own.low() - 1);
      spots.add(new Spot(spot.in(), next, spot.wayOut()));
    }
    return new Place(from.name(), from.kind(), spots);
  }

  /** A port that no container publishes. */
  private int unpublished() {
    Set<Integer> asked = new HashSet<>();
    firewall.inventory().containers().stream()
        .flatMap(container -> container.asked().stream())
        .forEach(port -> asked.add(port.number()));
    int port = 1;
    while (asked.contains(port)) {
      port++;
    }
    return port;
  }

  private void toContainers(Place from) {
    for (DockerContainer container : containers) {
      if (!container.name().equals(from.name())) {
        Place place = located.get(container.name());
        for (DockerContainer.AskedPort port : new LinkedHashSet<>(container.asked())) {
          trace(
              from,
              Aim.of(container, port),
              places.flows(from, place, port.protocol(), port.number()));
        }
      }
      for (PublishedPort port : container.ports()) {
        toPublished(from, container, port);
      }
    }
  }

  private void toPublished(Place from, DockerContainer container, PublishedPort port) {
    Place at =
        port.isOnAllAddresses() || port.hostAddress().isEmpty()
            ? places.named(Places.HOST)
            : places.address(port.hostAddress(), Optional.empty());
    boolean v6 = IpFamily.of(port.hostAddress()) == IpFamily.IPV6;
    List<Flow> flows =
        places.flows(from, at, port.protocol(), port.hostPort()).stream()
            .filter(flow -> flow.destination().v6() == v6)
            .toList();
    trace(from, Aim.of(container, port), flows);
  }

  private void trace(Place from, Aim to, List<Flow> flows) {
    for (Flow flow : flows) {
      PacketTrace trace = PacketTrace.of(filters, network, flow);
      Via via = via(from, flow, trace);
      reaches.add(new Reach(from, to, flow, trace.verdict(), trace.reason(), via));
    }
  }

  private Via via(Place from, Flow flow, PacketTrace trace) {
    if (trace.verdict() != Verdict.REACHABLE) {
      return Via.NONE;
    }
    if (trace.legs().stream().anyMatch(leg -> leg.name().startsWith("docker-proxy"))) {
      return Via.DOCKER_PROXY;
    }
    boolean bridged =
        flow.in().isPresent() && network.isNeighbour(flow.in().get(), flow.destination());
    if (bridged && from.spots().stream().map(Spot::in).distinct().count() > 1) {
      return Via.SEVERAL_NETWORKS;
    }
    return bridged ? Via.NETWORK : Via.RULES;
  }
}
