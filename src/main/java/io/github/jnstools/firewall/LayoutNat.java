package io.github.jnstools.firewall;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tables nat, raw and mangle, which changed less than filter did. */
final class LayoutNat {
  private static final String LOCAL = "-m addrtype --dst-type LOCAL -j ";

  private final Circumstances at;
  private final List<Wanted> out;

  LayoutNat(Circumstances at, List<Wanted> out) {
    this.at = at;
    this.out = out;
  }

  void write() {
    entries();
    postrouting();
    docker();
    if (at.generation().isAtLeast(Generation.BRIDGE_SET) && at.raw()) {
      raw();
    }
    checksums();
  }

  private void entries() {
    RuleWriter prerouting = new RuleWriter(out, "nat", "PREROUTING");
    RuleWriter output = new RuleWriter(out, "nat", "OUTPUT");
    if (at.ingress().isPresent()) {
      prerouting.common(LOCAL + "DOCKER-INGRESS", Roles.NAT_INGRESS);
      output.common(LOCAL + "DOCKER-INGRESS", Roles.NAT_INGRESS);
    }
    prerouting.common(LOCAL + "DOCKER", Roles.NAT_IN);
    String loopback = at.family() == IpFamily.IPV4 ? "! -d 127.0.0.0/8 " : "! -d ::1/128 ";
    output.common((at.userlandProxy() ? loopback : "") + LOCAL + "DOCKER", Roles.NAT_OUT);
  }

  private void postrouting() {
    RuleWriter chain = new RuleWriter(out, "nat", "POSTROUTING");
    for (DockerNetwork network : Circumstances.reversed(at.open())) {
      String bridge = network.interfaceName();
      String target =
          at.family() == IpFamily.IPV4 && network.hostIpv4().isPresent()
              ? "SNAT --to-source " + network.hostIpv4().get()
              : "MASQUERADE";
      boolean gateway = at.ingress().isPresent() && bridge.equals("docker_gwbridge");
      if (gateway || !at.userlandProxy() && !network.isRouted(at.family())) {
        chain.network(
            network,
            "-o " + bridge + " -m addrtype --src-type LOCAL -j " + target,
            Roles.masqueradeLocal(network));
      }
      if (network.ipMasquerade() && !network.isRouted(at.family())) {
        for (String prefix : network.prefixes(at.family())) {
          chain.network(
              network,
              "-s " + prefix + " ! -o " + bridge + " -j " + target,
              Roles.masquerade(network));
        }
      }
    }
    chain.behind();
    if (!at.generation().isAtLeast(Generation.BRIDGE_SET) || !at.userlandProxy()) {
      for (PortMapping mapping : translated()) {
        String address = at.family().only(mapping.address());
        chain.port(
            mapping,
            "-s " + address + " -d " + address + " " + mapping.match() + " -j MASQUERADE",
            Roles.hairpin(mapping));
      }
    }
  }

  private List<PortMapping> translated() {
    return at.ports().stream().filter(mapping -> !mapping.network().isRouted(at.family())).toList();
  }

  private void docker() {
    RuleWriter chain = new RuleWriter(out, "nat", "DOCKER");
    boolean returns =
        at.userlandProxy()
            && at.generation().isAtLeast(Generation.ISOLATION)
            && !at.generation().isAtLeast(Generation.INTERNAL_CHAIN);
    for (DockerNetwork network : Circumstances.reversed(at.open())) {
      if (returns && network.ipMasquerade()) {
        String words = "-i " + network.interfaceName() + " -j RETURN";
        if (network.isRouted(at.family())) {
          chain.perhaps(network, words, Roles.skip(network));
        } else {
          chain.network(network, words, Roles.skip(network));
        }
      }
    }
    chain.behind();
    for (PortMapping mapping : translated()) {
      chain.port(mapping, translation(mapping), Roles.translate(mapping));
    }
    if (at.ingress().isPresent()) {
      ingress();
    }
  }

  private String translation(PortMapping mapping) {
    PublishedPort port = mapping.port();
    // A link-local source cannot be answered through a bridge.
    boolean fromLinkLocal =
        at.family() == IpFamily.IPV4 || !at.generation().isAtLeast(Generation.BRIDGE_SET);
    return (fromLinkLocal ? "" : "! -s fe80::/10 ")
        + (port.isOnAllAddresses() ? "" : "-d " + at.family().only(port.hostAddress()) + " ")
        + (at.userlandProxy() ? "! -i " + mapping.network().interfaceName() + " " : "")
        + PortMapping.match(port.protocol(), "--dport", port.hostPort())
        + " -j DNAT --to-destination "
        + at.family().destination(mapping.address(), port.containerPort());
  }

  /** What a service publishes shows in the translation only; the filter has to agree with it. */
  private void ingress() {
    RuleWriter nat = new RuleWriter(out, "nat", "DOCKER-INGRESS");
    RuleWriter filter = new RuleWriter(out, "filter", "DOCKER-INGRESS");
    boolean state = !at.generation().isAtLeast(Generation.BRIDGE_SET);
    for (Circumstances.IngressPort port : at.ingress().orElseThrow()) {
      String protocol = port.protocol();
      String role = Roles.ingress(port);
      nat.common(
          PortMapping.match(protocol, "--dport", port.port())
              + " -j DNAT --to-destination "
              + port.destination(),
          role);
      filter.common(PortMapping.match(protocol, "--dport", port.port()) + " -j ACCEPT", role);
      filter.common(
          state
              ? "-p "
                  + protocol
                  + " -m state --state RELATED,ESTABLISHED -m "
                  + protocol
                  + " --sport "
                  + port.port()
                  + " -j ACCEPT"
              : PortMapping.match(protocol, "--sport", port.port())
                  + " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
          Roles.ingressAnswers(port));
    }
    nat.behind().common("-j RETURN", Roles.END);
    filter.behind().common("-j RETURN", Roles.END);
  }

  private void raw() {
    RuleWriter chain = new RuleWriter(out, "raw", "PREROUTING");
    Map<String, List<PortMapping>> ports =
        translated().stream().collect(Collectors.groupingBy(PortMapping::address));
    for (DockerNetwork network : at.open()) {
      for (DockerNetwork.Attachment attached : network.attached()) {
        attached
            .address(at.family())
            .ifPresent(
                address -> guard(chain, network, address, ports.getOrDefault(address, List.of())));
      }
    }
    // A network that was inspected a moment before may lack a container.
    translated().forEach(mapping -> guardLoopback(chain, mapping));
  }

  private void guard(
      RuleWriter chain, DockerNetwork network, String address, List<PortMapping> ports) {
    if (network.gatewayMode(at.family()).equals("nat")) {
      if (at.rawPerPort()) {
        ports.forEach(mapping -> guard(chain, network, address, mapping.match() + " "));
      } else {
        guard(chain, network, address, "");
      }
    }
    ports.forEach(mapping -> guardLoopback(chain, mapping));
  }

  private void guard(RuleWriter chain, DockerNetwork network, String address, String match) {
    String destination = "-d " + at.family().only(address) + " ";
    for (String trusted : network.trustedInterfaces()) {
      chain.inOrder(
          network,
          destination + match,
          destination + "-i " + trusted + " " + match + "-j ACCEPT",
          Roles.trusted(network, address, trusted));
    }
    chain.inOrder(
        network,
        destination + match,
        destination + "! -i " + network.interfaceName() + " " + match + "-j DROP",
        Roles.guard(network, address));
  }

  /** ::1 needs none: the kernel takes no packet for it from outside. */
  private void guardLoopback(RuleWriter chain, PortMapping mapping) {
    PublishedPort port = mapping.port();
    if (port.isLoopback() && at.family() == IpFamily.IPV4) {
      chain.port(
          mapping,
          "-d "
              + at.family().only(port.hostAddress())
              + " ! -i lo "
              + PortMapping.match(port.protocol(), "--dport", port.hostPort())
              + " -j DROP",
          Roles.guardLoopback(mapping));
    }
  }

  private void checksums() {
    RuleWriter chain = new RuleWriter(out, "mangle", "POSTROUTING");
    for (PortMapping mapping : at.ports()) {
      if (mapping.port().protocol().equals("sctp")) {
        chain.perhaps(
            mapping,
            PortMapping.match("sctp", "--sport", mapping.port().containerPort())
                + " -j CHECKSUM --checksum-fill",
            Roles.checksum(mapping));
      }
    }
  }
}
