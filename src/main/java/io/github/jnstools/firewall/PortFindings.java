package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ways to published ports and containers that their owner may not expect. */
final class PortFindings {
  private final DockerFirewall firewall;
  private final List<Finding> findings = new ArrayList<>();

  PortFindings(DockerFirewall firewall) {
    this.firewall = firewall;
  }

  List<Finding> find() {
    pastList();
    directRouting();
    proxy();
    ingress();
    ignored();
    return findings;
  }

  /** An allow-list of IPv4 says nothing of IPv6, which docker-proxy turns into IPv4. */
  private void pastList() {
    if (!UserChainFindings.refuses(firewall, IpFamily.IPV4)) {
      return;
    }
    List<PortMapping> translated = PortMapping.all(firewall.inventory(), IpFamily.IPV6);
    for (DockerContainer container : firewall.inventory().containers()) {
      for (PublishedPort port : container.ports()) {
        if (container.isRunning() && IpFamily.of(port.hostAddress()) == IpFamily.IPV6) {
          boolean mapped =
              translated.stream()
                  .anyMatch(
                      one -> one.container().equals(container.name()) && one.port().equals(port));
          pastList(container, port, mapped);
        }
      }
    }
  }

  private void pastList(DockerContainer container, PublishedPort port, boolean mapped) {
    Generation generation = firewall.generation(IpFamily.IPV6);
    String where = place(container, port);
    if (mapped && generation == Generation.UNKNOWN) {
      add(
          Finding.Severity.UNKNOWN,
          "ipv6-past-list",
          where,
          "DOCKER-USER keeps IPv4 out, and the rules of IPv6 are not known",
          "the port may be open over IPv6",
          "read ip6tables-save, as root");
    } else if (mapped && generation.isIptables()) {
      if (!UserChainFindings.refuses(firewall, IpFamily.IPV6)) {
        add(
            Finding.Severity.WARNING,
            "ipv6-past-list",
            where,
            "DOCKER-USER keeps IPv4 out, and its twin of IPv6 keeps nobody out",
            "the port is open over IPv6",
            "write the same list with IPv6 addresses into DOCKER-USER of ip6tables");
      }
    } else if (firewall.usesUserlandProxy()) {
      add(
          Finding.Severity.WARNING,
          "ipv6-past-list",
          where,
          "DOCKER-USER keeps IPv4 out, and docker-proxy takes IPv6 for this port",
          "who comes over IPv6 reaches the container past the list, as if from the host",
          "publish on an IPv4 address only, such as 0.0.0.0, or filter INPUT of ip6tables");
    }
  }

  /** {@code container web [::]:8080->80/tcp}. */
  static String place(DockerContainer container, PublishedPort port) {
    return "container " + container.name() + " " + port;
  }

  /** Until Docker 27 the filter does not ask by which address of the host a packet came. */
  private void directRouting() {
    for (IpFamily family : IpFamily.values()) {
      Generation generation = firewall.generation(family);
      if (generation.isAtLeast(Generation.BRIDGE_SET) && generation.isIptables()) {
        unguarded(family);
      } else if (generation.isIptables()) {
        for (PortMapping mapping : PortMapping.all(firewall.inventory(), family)) {
          if (!mapping.port().isOnAllAddresses()) {
            add(
                Finding.Severity.WARNING,
                "direct-routing",
                "container " + mapping.container() + " " + mapping.port(),
                "this layout binds the translation to an address, not the filter",
                "who can route to "
                    + mapping.address()
                    + " reaches port "
                    + mapping.port().containerPort()
                    + " from outside",
                "drop what comes for "
                    + mapping.address()
                    + " from outside in table raw, or upgrade to Docker 28");
          }
        }
      }
    }
  }

  private void unguarded(IpFamily family) {
    boolean guards =
        firewall.expected(family).stream().anyMatch(rule -> rule.table().equals("raw"));
    String due =
        firewall.inventory().bridges().stream()
            .filter(network -> network.has(family) && !network.internal())
            .filter(network -> network.gatewayMode(family).equals("nat"))
            .filter(network -> !network.attached().isEmpty())
            .map(DockerNetwork::name)
            .collect(Collectors.joining(", "));
    if (!guards && !due.isEmpty()) {
      add(
          Finding.Severity.WARNING,
          "direct-routing",
          DriftFindings.place(family, "raw", "PREROUTING", 0),
          "no rule guards the addresses of containers on " + due,
          "who can route to a container reaches its published ports past their host address",
          "unless allow-direct-routing is set, restart the daemon");
    }
  }

  private void proxy() {
    Generation generation = firewall.generation();
    List<DockerNetwork> open =
        firewall.inventory().bridges().stream().filter(network -> !network.internal()).toList();
    boolean published =
        firewall.inventory().containers().stream()
            .anyMatch(container -> container.isRunning() && !container.ports().isEmpty());
    if (!published || !generation.isIptables() || !firewall.usesUserlandProxy()) {
      return;
    }
    if (open.size() > 1 && !generation.isAtLeast(Generation.INTERNAL_CHAIN)) {
      add(
          Finding.Severity.NOTE,
          "proxy-past-isolation",
          "docker-proxy",
          "containers reach ports that other networks published, by any address of the host",
          "neither isolation nor DOCKER-USER see it",
          "filter INPUT by the bridge, or set userland-proxy to false");
    }
    for (DockerNetwork network : open) {
      if (!network.icc() && network.attached().size() > 1) {
        add(
            Finding.Severity.NOTE,
            "proxy-past-icc",
            "network " + network.name(),
            "its containers reach each other's published ports, by any address of the host",
            "icc=false does not see it",
            "filter INPUT by the bridge, or publish nothing there");
      }
    }
  }

  private void ingress() {
    Optional<Circumstances> at = firewall.circumstances(IpFamily.IPV4);
    for (Circumstances.IngressPort port : at.flatMap(Circumstances::ingress).orElse(List.of())) {
      add(
          Finding.Severity.WARNING,
          "swarm-ingress",
          "IPv4 filter DOCKER-INGRESS",
          "port " + port.port() + "/" + port.protocol() + " is accepted whatever the interface",
          "every forwarded packet for a port of this number passes, before isolation",
          "keep out in DOCKER-USER what should not pass");
    }
  }

  private void ignored() {
    for (DockerContainer container : firewall.inventory().containers()) {
      boolean internal =
          PortMapping.wayOut(container, firewall.inventory(), IpFamily.IPV4).isEmpty()
              && container.endpoints().stream()
                  .flatMap(endpoint -> firewall.inventory().network(endpoint.networkId()).stream())
                  .anyMatch(DockerNetwork::internal);
      if (container.isRunning() && internal && !container.asked().isEmpty()) {
        add(
            Finding.Severity.NOTE,
            "port-of-internal",
            "container " + container.name(),
            "its ports were to be published, and its network is internal",
            "Docker publishes none of them, and does not say so",
            "connect it to a network that is not internal");
      }
    }
  }

  private void add(
      Finding.Severity severity,
      String name,
      String where,
      String what,
      String consequence,
      String cure) {
    findings.add(Finding.of(severity, name, where, what, consequence, cure));
  }
}
