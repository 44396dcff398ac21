package io.github.jnstools.firewall;

import java.util.List;

/** Table filter since Docker 28: chains that are written once, to which networks are appended. */
final class LayoutInChains {
  private final Circumstances at;
  private final List<Wanted> out;

  LayoutInChains(Circumstances at, List<Wanted> out) {
    this.at = at;
    this.out = out;
  }

  void write() {
    RuleWriter forward = new RuleWriter(out, "filter", "FORWARD");
    forward.common("-j DOCKER-USER", Roles.USER);
    if (at.generation() == Generation.BRIDGE_SET) {
      ingressJump(forward);
      bySet(forward);
      accepts(forward.behind());
    } else {
      forward.common("-j DOCKER-FORWARD", Roles.DOCKER_FORWARD);
      byChains();
    }
    ports();
    if (at.generation() == Generation.INTERNAL_CHAIN) {
      RuleWriter internal = new RuleWriter(out, "filter", "DOCKER-INTERNAL");
      internals(internal);
    } else {
      stages();
    }
  }

  private void ingressJump(RuleWriter chain) {
    if (at.ingress().isPresent()) {
      chain.common("-j DOCKER-INGRESS", Roles.INGRESS);
    }
  }

  private void bySet(RuleWriter forward) {
    String set =
        "-m set --match-set docker-ext-bridges-"
            + (at.family() == IpFamily.IPV4 ? "v4" : "v6")
            + " dst";
    forward.common(set + " " + CommonRules.ANSWERS, Roles.SET_ESTABLISHED);
    forward.common("-j DOCKER-ISOLATION-STAGE-1", Roles.ISOLATION);
    forward.common(set + " -j DOCKER", Roles.SET_PORTS);
  }

  private void byChains() {
    RuleWriter forward = new RuleWriter(out, "filter", "DOCKER-FORWARD");
    ingressJump(forward);
    forward.common("-j DOCKER-CT", Roles.DOCKER_CT);
    if (at.generation() == Generation.INTERNAL_CHAIN) {
      forward.common("-j DOCKER-INTERNAL", Roles.DOCKER_INTERNAL);
    } else {
      forward.common("-j DOCKER-ISOLATION-STAGE-1", Roles.ISOLATION);
    }
    forward.common("-j DOCKER-BRIDGE", Roles.DOCKER_BRIDGE);
    accepts(forward.behind());
    RuleWriter bridge = new RuleWriter(out, "filter", "DOCKER-BRIDGE");
    RuleWriter tracked = new RuleWriter(out, "filter", "DOCKER-CT");
    for (DockerNetwork network : at.open()) {
      String name = network.interfaceName();
      bridge.network(network, "-o " + name + " -j DOCKER", Roles.ports(network));
      tracked.network(network, CommonRules.established(network), Roles.established(network));
    }
  }

  private void accepts(RuleWriter forward) {
    for (DockerNetwork network : at.networks()) {
      String bridge = network.interfaceName();
      String within = "-i " + bridge + " -o " + bridge;
      if (!network.icc()) {
        forward.network(network, within + " -j DROP", Roles.noIcc(network));
        if (!network.internal()) {
          forward.network(
              network, "-i " + bridge + " ! -o " + bridge + " -j ACCEPT", Roles.out(network));
        }
      } else if (network.internal()) {
        forward.network(network, within + " -j ACCEPT", Roles.icc(network));
      } else {
        forward.network(network, "-i " + bridge + " -j ACCEPT", Roles.from(network));
      }
    }
  }

  private void ports() {
    RuleWriter docker = new RuleWriter(out, "filter", "DOCKER");
    for (PortMapping mapping : Circumstances.reversed(at.ports())) {
      if (!isUnprotected(mapping.network())) {
        CommonRules.port(docker, mapping, at.family());
      }
    }
    docker.behind();
    for (DockerNetwork network : at.open()) {
      String bridge = network.interfaceName();
      if (network.isRouted(at.family())) {
        CommonRules.icmp(docker, network, at.family());
      }
      String rest = "! -i " + bridge + " -o " + bridge;
      if (isUnprotected(network)) {
        docker.network(network, rest + " -j ACCEPT", Roles.unprotected(network));
      } else {
        docker.network(network, rest + " -j DROP", Roles.unpublished(network));
      }
    }
  }

  private boolean isUnprotected(DockerNetwork network) {
    return network.gatewayMode(at.family()).equals("nat-unprotected");
  }

  private void stages() {
    RuleWriter first = new RuleWriter(out, "filter", "DOCKER-ISOLATION-STAGE-1");
    internals(first);
    for (DockerNetwork network : Circumstances.reversed(at.open())) {
      if (network.isRouted(at.family())) {
        CommonRules.routed(first, network);
      }
    }
    first.behind();
    for (DockerNetwork network : at.open()) {
      CommonRules.stageOne(first, network);
    }
    RuleWriter second = new RuleWriter(out, "filter", "DOCKER-ISOLATION-STAGE-2");
    for (DockerNetwork network : Circumstances.reversed(at.open())) {
      CommonRules.stageTwo(second, network);
    }
  }

  private void internals(RuleWriter chain) {
    for (DockerNetwork network : Circumstances.reversed(at.networks())) {
      if (network.internal()) {
        CommonRules.internal(chain, network, at.family());
      }
    }
  }
}
