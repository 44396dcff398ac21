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
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code jdocknet ls}: a line for each container and network that it is on. */
final class JdocknetLs {
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
          .sorted(Comparator.comparing(inventory::networkMode).thenComparing(DockerContainer::name))
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

  private void print(List<DockerContainer> containers) {
    Table table = new Table("NAME", "NETWORK", "ADDRESS", "PORTS", "NETNS", "HOST_VETH", "BRIDGE");
    for (DockerContainer container : containers) {
      String inode = namespaces.of(container.id()).map(seen -> "" + seen.inode()).orElse("");
      String ports =
          container.ports().stream().map(PublishedPort::toString).collect(Collectors.joining(","));
      List<Endpoint> endpoints = container.addressed();
      if (endpoints.isEmpty()) {
        table.add(container.name(), inventory.networkMode(container), "", ports, inode, "", "");
      }
      for (Endpoint endpoint : endpoints) {
        table.add(
            container.name(),
            endpoint.network(),
            Stream.of(endpoint.ipv4(), endpoint.ipv6())
                .flatMap(Optional::stream)
                .collect(Collectors.joining(",")),
            ports,
            inode,
            namespaces.hostInterface(container, endpoint).orElse(""),
            bridge(endpoint).orElse(""));
      }
    }
    table.text().forEach(call::line);
  }

  private Optional<String> bridge(Endpoint endpoint) {
    return inventory.network(endpoint.networkId()).flatMap(DockerNetwork::bridge);
  }

  private String json(List<DockerContainer> containers) {
    JsonStringWriter json = JsonWriter.indent("  ").string().array();
    for (DockerContainer container : containers) {
      json.object()
          .value("name", container.name())
          .value("id", container.id())
          .value("pid", container.pid())
          .value("network_mode", inventory.networkMode(container))
          .value("netns", namespaces.of(container.id()).map(Seen::inode).orElse(null))
          .array("networks");
      for (Endpoint endpoint : container.endpoints()) {
        Optional<Interface> inside = namespaces.inside(container, endpoint);
        json.object()
            .value("network", endpoint.network())
            .value("ipv4", endpoint.ipv4().orElse(null))
            .value("ipv6", endpoint.ipv6().orElse(null))
            .value("bridge", bridge(endpoint).orElse(null))
            .value("interface", inside.map(Interface::name).orElse(null))
            .value("host_veth", namespaces.hostInterface(container, endpoint).orElse(null))
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
