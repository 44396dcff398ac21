package io.github.jnstools.cli;

import io.github.jnstools.cli.GraphPart.Kind;
import io.github.jnstools.firewall.Aim;
import io.github.jnstools.firewall.DockerContainer;
import io.github.jnstools.firewall.DockerInventory;
import io.github.jnstools.firewall.DockerNetwork;
import io.github.jnstools.firewall.HostGraph;
import io.github.jnstools.firewall.HostGraph.Member;
import io.github.jnstools.firewall.HostGraph.Outside;
import io.github.jnstools.firewall.HostGraph.Segment;
import io.github.jnstools.firewall.HostGraph.Way;
import io.github.jnstools.firewall.Place;
import io.github.jnstools.firewall.Places;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The parts of a host's graph, and which of them its ways lead to and from. */
final class GraphParts {
  private final HostGraph graph;
  private final DockerInventory inventory;
  private final ContainerNetns namespaces;
  private final Map<Aim, String> aims = new HashMap<>();
  private final Map<End, String> ends = new HashMap<>();
  private GraphPart host;
  private int count;

  /** Where ways come from. */
  private record End(Place.Kind kind, String name) {}

  private GraphParts(HostGraph graph, DockerInventory inventory, ContainerNetns namespaces) {
    this.graph = graph;
    this.inventory = inventory;
    this.namespaces = namespaces;
  }

  /** Those of a graph. */
  static GraphParts of(HostGraph graph, DockerInventory inventory, ContainerNetns namespaces) {
    GraphParts parts = new GraphParts(graph, inventory, namespaces);
    parts.host = parts.host();
    return parts;
  }

  /** What all others are in. */
  GraphPart root() {
    return host;
  }

  List<Way> ways() {
    return graph.ways();
  }

  /** The part that a way leads to. */
  String id(Aim aim) {
    return aims.get(aim);
  }

  /** The part that a way comes from. */
  String id(Place place) {
    return ends.get(new End(place.kind(), place.name()));
  }

  /** The one part that is a container, whichever network it was met on. */
  String container(String name) {
    return ends.get(new End(Place.Kind.CONTAINER, name));
  }

  private String next() {
    return "p" + count++;
  }

  private String next(Place.Kind kind, String name) {
    String id = next();
    ends.put(new End(kind, name), id);
    return id;
  }

  private List<String> outgoing(Place.Kind kind, String name) {
    return GraphWords.to(graph.waysFrom(kind, name));
  }

  private GraphPart host() {
    String id = next(Place.Kind.HOST, Places.HOST);
    List<GraphPart> parts = new ArrayList<>();
    for (Outside each : graph.outside()) {
      parts.add(part(each));
    }
    for (Segment segment : graph.segments()) {
      parts.add(part(segment));
    }
    for (DockerContainer container : graph.elsewhere()) {
      parts.add(
          new GraphPart(
              next(),
              Kind.ELSEWHERE,
              container.name(),
              List.of("network " + inventory.networkMode(container)),
              List.of(),
              List.of(),
              List.of()));
    }
    return new GraphPart(
        id,
        Kind.HOST,
        Places.HOST,
        List.of(),
        List.of(),
        outgoing(Place.Kind.HOST, Places.HOST),
        parts);
  }

  private GraphPart part(Outside each) {
    String name = each.place().name();
    return new GraphPart(
        next(Place.Kind.ADDRESS, name),
        Kind.OUTSIDE,
        name,
        each.subnets().stream().map(Object::toString).toList(),
        List.of(),
        outgoing(Place.Kind.ADDRESS, name),
        List.of());
  }

  private GraphPart part(Segment segment) {
    DockerNetwork network = segment.network();
    String id = next(Place.Kind.NETWORK, network.name());
    Aim aim = Aim.of(network);
    aims.put(aim, id);
    List<GraphPart> parts = new ArrayList<>();
    for (Member member : segment.members()) {
      parts.add(part(member));
    }
    return new GraphPart(
        id,
        Kind.NETWORK,
        network.name(),
        GraphWords.facts(network),
        GraphWords.from(graph.waysTo(aim)),
        outgoing(Place.Kind.NETWORK, network.name()),
        parts);
  }

  private GraphPart part(Member member) {
    DockerContainer container = member.container();
    List<String> facts =
        Stream.of(
                member.endpoint().ipv4(),
                member.endpoint().ipv6(),
                namespaces.hostInterface(container, member.endpoint()))
            .flatMap(Optional::stream)
            .toList();
    if (!member.home()) {
      return new GraphPart(
          next(), Kind.AGAIN, container.name(), facts, List.of(), List.of(), List.of());
    }
    String id = next(Place.Kind.CONTAINER, container.name());
    List<GraphPart> ports = new ArrayList<>();
    for (Aim port : graph.ports(container)) {
      ports.add(part(port));
    }
    return new GraphPart(
        id,
        Kind.CONTAINER,
        container.name(),
        facts,
        List.of(),
        outgoing(Place.Kind.CONTAINER, container.name()),
        ports);
  }

  private GraphPart part(Aim port) {
    String id = next();
    aims.put(port, id);
    Kind kind = port.kind() == Aim.Kind.PUBLISHED ? Kind.PUBLISHED : Kind.PORT;
    List<String> incoming = GraphWords.from(graph.waysTo(port));
    return new GraphPart(id, kind, port.port(), List.of(), incoming, List.of(), List.of());
  }
}
