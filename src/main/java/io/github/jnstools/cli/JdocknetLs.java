package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.cli.ContainerNetns.Seen;
import io.github.jnstools.firewall.DockerContainer;
import io.github.jnstools.firewall.DockerContainer.Endpoint;
import io.github.jnstools.firewall.DockerInventory;
import io.github.jnstools.firewall.DockerNetwork;
import io.github.jnstools.firewall.PublishedPort;
import io.github.jnstools.netns.NetnsView.Interface;
import io.github.jnstools.netns.NetnsView.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code jdocknet ls}: a line for each container and network that it is on. */
final class JdocknetLs {
  private static final String SHARED = "container:";

  private final JdocknetCall call;
  private final JdocknetReport report;
  private DockerInventory inventory;
  private ContainerNetns namespaces;

  JdocknetLs(JdocknetCall call) {
    this.call = call;
    this.report = new JdocknetReport(call);
  }

  int run() throws IOException, UsageException {
    inventory = new HostReading(call.host(), report).inventory();
    List<DockerContainer> wanted = wanted();
    namespaces = call.isLive() ? ContainerNetns.ofHost(report) : ContainerNetns.none();
    if (call.json()) {
      call.console().print(json(wanted));
    } else {
      print(wanted);
    }
    return report.failed() ? 1 : 0;
  }

  private List<DockerContainer> wanted() {
    if (call.operands().isEmpty()) {
      return inventory.containers().stream()
          .filter(DockerContainer::isRunning)
          .sorted(Comparator.comparing(this::network).thenComparing(DockerContainer::name))
          .toList();
    }
    List<DockerContainer> wanted = new ArrayList<>();
    for (String operand : call.operands()) {
      inventory
          .container(operand)
          .ifPresentOrElse(
              wanted::add, () -> report.failure(JdocknetReport.unknown("ls", operand)));
    }
    return wanted;
  }

  /** The network mode as people call it: another container by its name. */
  private String network(DockerContainer container) {
    String mode = container.networkMode();
    if (!mode.startsWith(SHARED)) {
      return mode;
    }
    String id = mode.substring(SHARED.length());
    String name = inventory.container(id).map(DockerContainer::name).orElse(id);
    return SHARED + name.substring(0, name.equals(id) ? Math.min(id.length(), 12) : name.length());
  }

  private void print(List<DockerContainer> containers) {
    Table table = new Table("NAME", "NETWORK", "ADDRESS", "PORTS", "NETNS", "HOST_VETH", "BRIDGE");
    for (DockerContainer container : containers) {
      String inode = namespaces.of(container.id()).map(seen -> "" + seen.inode()).orElse("");
      String ports =
          container.ports().stream().map(PublishedPort::toString).collect(Collectors.joining(","));
      List<Endpoint> endpoints = onBridges(container);
      if (endpoints.isEmpty()) {
        table.add(container.name(), network(container), "", ports, inode, "", "");
      }
      for (Endpoint endpoint : endpoints) {
        Optional<Peer> peer = inside(container, endpoint).flatMap(Interface::peer);
        table.add(
            container.name(),
            endpoint.network(),
            Stream.of(endpoint.ipv4(), endpoint.ipv6())
                .flatMap(Optional::stream)
                .collect(Collectors.joining(",")),
            ports,
            inode,
            peer.map(Peer::hostInterface).orElse(""),
            bridge(endpoint).orElse(""));
      }
    }
    table.text().forEach(call::line);
  }

  /** Of host and none the engine has an endpoint, too, which has no address. */
  private static List<Endpoint> onBridges(DockerContainer container) {
    return container.endpoints().stream()
        .filter(endpoint -> endpoint.ipv4().isPresent() || endpoint.ipv6().isPresent())
        .toList();
  }

  private Optional<String> bridge(Endpoint endpoint) {
    return inventory.network(endpoint.networkId()).flatMap(DockerNetwork::bridge);
  }

  /** The container's own end of its way to a network. */
  private Optional<Interface> inside(DockerContainer container, Endpoint endpoint) {
    Optional<Seen> seen = namespaces.of(container.id());
    Optional<String> address = endpoint.ipv4().or(endpoint::ipv6);
    return seen.isEmpty() || address.isEmpty() ? Optional.empty() : seen.get().with(address.get());
  }

  private String json(List<DockerContainer> containers) {
    JsonStringWriter json = JsonWriter.indent("  ").string().array();
    for (DockerContainer container : containers) {
      json.object()
          .value("name", container.name())
          .value("id", container.id())
          .value("pid", container.pid())
          .value("network_mode", network(container))
          .value("netns", namespaces.of(container.id()).map(Seen::inode).orElse(null))
          .array("networks");
      for (Endpoint endpoint : container.endpoints()) {
        Optional<Interface> inside = inside(container, endpoint);
        json.object()
            .value("network", endpoint.network())
            .value("ipv4", endpoint.ipv4().orElse(null))
            .value("ipv6", endpoint.ipv6().orElse(null))
            .value("bridge", bridge(endpoint).orElse(null))
            .value("interface", inside.map(Interface::name).orElse(null))
            .value(
                "host_veth", inside.flatMap(Interface::peer).map(Peer::hostInterface).orElse(null))
            .end();
      }
      json.end().array("ports");
      for (PublishedPort port : container.ports()) {
        JdocknetJson.write(json, port);
      }
      json.end().end();
    }
    return json.end().done() + "\n";
  }
}
