package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.DockerContainer;
import io.github.jnstools.firewall.DockerInventory;
import io.github.jnstools.firewall.DockerNetwork;
import io.github.jnstools.firewall.HostGraph;
import io.github.jnstools.firewall.HostGraph.Member;
import io.github.jnstools.firewall.HostGraph.Outside;
import io.github.jnstools.firewall.HostGraph.Segment;
import io.github.jnstools.firewall.HostGraph.Way;
import io.github.jnstools.firewall.Place;
import io.github.jnstools.firewall.PublishedPort;
import io.github.jnstools.firewall.Reach;

/** A host's graph for programs. */
final class GraphJson {
  private final HostGraph graph;
  private final DockerInventory inventory;
  private final ContainerNetns namespaces;
  private final JsonStringWriter json = JsonWriter.indent("  ").string();

  private GraphJson(HostGraph graph, DockerInventory inventory, ContainerNetns namespaces) {
    this.graph = graph;
    this.inventory = inventory;
    this.namespaces = namespaces;
  }

  static String of(HostGraph graph, DockerInventory inventory, ContainerNetns namespaces) {
    return new GraphJson(graph, inventory, namespaces).text();
  }

  private String text() {
    json.object().array("outside");
    for (Outside outside : graph.outside()) {
      json.object().value("name", outside.place().name()).array("subnets");
      outside.subnets().forEach(subnet -> json.value(subnet.toString()));
      json.end().end();
    }
    json.end().array("networks");
    graph.segments().forEach(this::write);
    json.end().array("elsewhere");
    for (DockerContainer container : graph.elsewhere()) {
      json.object()
          .value("name", container.name())
          .value("id", container.id())
          .value("network_mode", inventory.networkMode(container))
          .end();
    }
    json.end().array("ways");
    graph.ways().forEach(this::write);
    return json.end().end().done() + "\n";
  }

  private void write(Segment segment) {
    DockerNetwork network = segment.network();
    json.object()
        .value("name", network.name())
        .value("id", network.id())
        .value("bridge", network.bridge().orElse(null))
        .value("internal", network.internal())
        .value("icc", network.icc())
        .array("subnets");
    network.subnets().forEach(subnet -> json.value(subnet.prefix()));
    json.end().array("containers");
    for (Member member : segment.members()) {
      DockerContainer container = member.container();
      json.object()
          .value("name", container.name())
          .value("id", container.id())
          .value("ipv4", member.endpoint().ipv4().orElse(null))
          .value("ipv6", member.endpoint().ipv6().orElse(null))
          .value("host_veth", namespaces.hostInterface(container, member.endpoint()).orElse(null))
          .array("ports");
      for (PublishedPort port : container.ports()) {
        JdocknetJson.write(json, port);
      }
      json.end().end();
    }
    json.end().end();
  }

  private void write(Way way) {
    json.object()
        .object("from")
        .value("kind", kind(way.from()))
        .value("name", way.from().name())
        .end()
        .object("to")
        .value("kind", JdocknetJson.word(way.to().kind()))
        .value("name", way.to().name())
        .value("port", way.to().port().isEmpty() ? null : way.to().port())
        .end()
        .value("verdict", JdocknetJson.word(way.verdict()))
        .value("via", JdocknetJson.via(way.via()).orElse(null))
        .array("connections");
    for (Reach reach : way.reaches()) {
      json.object()
          .value("destination", reach.flow().destination().toString())
          .value("reason", reach.reason())
          .end();
    }
    json.end().end();
  }

  private static String kind(Place place) {
    return place.kind() == Place.Kind.ADDRESS ? "outside" : JdocknetJson.word(place.kind());
  }
}
