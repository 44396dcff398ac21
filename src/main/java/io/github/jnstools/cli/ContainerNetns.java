package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.container.Container;
import io.github.jnstools.container.ContainerResolver;
import io.github.jnstools.container.ContainerResolver.Inventory;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.firewall.DockerContainer;
import io.github.jnstools.firewall.DockerContainer.Endpoint;
import io.github.jnstools.netns.HostLinks;
import io.github.jnstools.netns.NetnsView;
import io.github.jnstools.netns.NetnsView.Interface;
import io.github.jnstools.netns.NetnsView.Peer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The network namespaces of Docker's containers, looked into. */
final class ContainerNetns {
  private final Map<String, Seen> seen = new HashMap<>();

  /**
   * What was seen of a container's.
   *
   * @param inode its number
   * @param interfaces what is in it
   */
  record Seen(long inode, List<Interface> interfaces) {

    /** The interface that has an address. */
    Optional<Interface> with(String address) {
      return interfaces.stream()
          .filter(each -> each.addresses().stream().anyMatch(own -> own.address().equals(address)))
          .findFirst();
    }
  }

  private ContainerNetns() {}

  /** Of no container. */
  static ContainerNetns none() {
    return new ContainerNetns();
  }

  /** Of all that run on this host. What may not be looked into is told to the report. */
  static ContainerNetns ofHost(JdocknetReport report) throws NamespaceException {
    ContainerNetns all = new ContainerNetns();
    Inventory inventory = ContainerResolver.ofHost().running("docker");
    inventory.problems().forEach(report::failure);
    try (HostLinks host = HostLinks.open()) {
      for (Container container : inventory.containers()) {
        all.look(container, host, report);
      }
    }
    return all;
  }

  private void look(Container container, HostLinks host, JdocknetReport report) {
    try (Target target = Containers.pin(container);
        Namespace namespace = target.namespace(NamespaceType.NET)) {
      List<Interface> interfaces = NetnsView.of(namespace, host).interfaces();
      seen.put(container.id(), new Seen(namespace.id().inode(), interfaces));
    } catch (NamespaceException e) {
      report.failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The container's own end of its way to a network. */
  Optional<Interface> inside(DockerContainer container, Endpoint endpoint) {
    Optional<String> address = endpoint.ipv4().or(endpoint::ipv6);
    return of(container.id()).flatMap(found -> address.flatMap(found::with));
  }

  /** The host's end of a container's way to a network. */
  Optional<String> hostInterface(DockerContainer container, Endpoint endpoint) {
    return inside(container, endpoint).flatMap(Interface::peer).map(Peer::hostInterface);
  }

  /** What was seen of a container. */
  Optional<Seen> of(String id) {
    return Optional.ofNullable(seen.get(id));
  }
}
