package io.github.jnstools.firewall;

import java.util.List;

/** Table filter until Docker 27: a block of rules in FORWARD for each network, the newest first. */
final class LayoutInForward {
  private final Circumstances at;
  private final List<Wanted> out;

  LayoutInForward(Circumstances at, List<Wanted> out) {
    this.at = at;
    this.out = out;
  }

  void write() {
    forward();
    RuleWriter docker = new RuleWriter(out, "filter", "DOCKER");
    ports(docker);
    switch (at.generation()) {
      case ISOLATION, USER -> pairs();
      case STAGES -> stages();
      default -> {}
    }
  }

  private void forward() {
    RuleWriter forward = new RuleWriter(out, "filter", "FORWARD");
    jumps(forward);
    forward.behind();
    for (DockerNetwork network : Circumstances.reversed(at.networks())) {
      block(forward, network);
    }
    forward.behind();
    for (DockerNetwork network : at.networks()) {
      if (!network.icc()) {
        String bridge = network.interfaceName();
        forward.network(
            network, "-i " + bridge + " -o " + bridge + " -j DROP", Roles.noIcc(network));
      }
    }
  }

  private void jumps(RuleWriter forward) {
    if (at.generation() == Generation.FORWARD_ONLY) {
      subnetPairs(forward);
      return;
    }
    if (at.generation().isAtLeast(Generation.USER) && at.userChain()) {
      forward.common("-j DOCKER-USER", Roles.USER);
    }
    if (at.ingress().isPresent()) {
      forward.common("-j DOCKER-INGRESS", Roles.INGRESS);
    }
    forward.common(
        at.generation() == Generation.STAGES
            ? "-j DOCKER-ISOLATION-STAGE-1"
            : "-j DOCKER-ISOLATION",
        Roles.ISOLATION);
  }

  /** Docker 1.9 isolates by subnets; engines before have one network only. */
  private void subnetPairs(RuleWriter forward) {
    for (DockerNetwork from : at.open()) {
      for (DockerNetwork to : at.open()) {
        if (from != to) {
          String words =
              "-s " + from.prefixes(at.family()).get(0) + " -d " + to.prefixes(at.family()).get(0);
          forward.loose(to, words + " -j DROP", Roles.isolated(from, to));
        }
      }
    }
  }

  private void block(RuleWriter forward, DockerNetwork network) {
    String bridge = network.interfaceName();
    if (!network.internal()) {
      String established = CommonRules.established(network);
      String docker = "-o " + bridge + " -j DOCKER";
      if (at.generation().isAtLeast(Generation.USER)) {
        forward.network(network, established, Roles.established(network));
        forward.network(network, docker, Roles.ports(network));
      } else {
        // Engines before 17.04 and after have the two in different orders.
        forward.loose(network, docker, Roles.ports(network));
        forward.loose(network, established, Roles.established(network));
      }
      forward.network(
          network, "-i " + bridge + " ! -o " + bridge + " -j ACCEPT", Roles.out(network));
    }
    if (network.icc()) {
      forward.network(network, "-i " + bridge + " -o " + bridge + " -j ACCEPT", Roles.icc(network));
    }
  }

  private void ports(RuleWriter docker) {
    for (PortMapping mapping : at.ports()) {
      CommonRules.port(docker, mapping, at.family());
    }
    for (DockerNetwork network : at.open()) {
      if (network.isRouted(at.family())) {
        CommonRules.icmp(docker, network, at.family());
      }
    }
  }

  private void pairs() {
    RuleWriter isolation = new RuleWriter(out, "filter", "DOCKER-ISOLATION");
    for (DockerNetwork from : at.networks()) {
      internal(isolation, from);
      for (DockerNetwork to : at.open()) {
        if (from != to && !from.internal()) {
          isolation.loose(
              to,
              "-i " + from.interfaceName() + " -o " + to.interfaceName() + " -j DROP",
              Roles.isolated(from, to));
        }
      }
    }
    isolation.behind().common("-j RETURN", Roles.END);
  }

  private void stages() {
    RuleWriter first = new RuleWriter(out, "filter", "DOCKER-ISOLATION-STAGE-1");
    RuleWriter second = new RuleWriter(out, "filter", "DOCKER-ISOLATION-STAGE-2");
    for (DockerNetwork network : Circumstances.reversed(at.inventory().bridges())) {
      if (network.internal()) {
        internal(first, network);
      } else {
        if (network.isRouted(at.family())) {
          CommonRules.routed(first, network);
        }
        CommonRules.stageOne(first, network);
        CommonRules.stageTwo(second, network);
      }
    }
    first.behind().common("-j RETURN", Roles.END);
    second.behind().common("-j RETURN", Roles.END);
  }

  private void internal(RuleWriter chain, DockerNetwork network) {
    if (network.internal()) {
      CommonRules.internal(chain, network, at.family());
    }
  }
}
