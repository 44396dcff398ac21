package io.github.jnstools.firewall;

/** Rules of table filter that more than one layout has. */
final class CommonRules {
  /** What accepts answers, without saying whose. */
  static final String ANSWERS = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";

  private CommonRules() {}

  /** What lets answers in to the containers of a network. */
  static String established(DockerNetwork network) {
    return "-o " + network.interfaceName() + " " + ANSWERS;
  }

  /** What lets packets in to a published port. */
  static void port(RuleWriter chain, PortMapping mapping, IpFamily family) {
    String bridge = mapping.network().interfaceName();
    chain.port(
        mapping,
        "-d "
            + family.only(mapping.address())
            + " ! -i "
            + bridge
            + " -o "
            + bridge
            + " "
            + mapping.match()
            + " -j ACCEPT",
        Roles.accept(mapping));
  }

  /** What lets ICMP in to a routed network. */
  static void icmp(RuleWriter chain, DockerNetwork network, IpFamily family) {
    String protocol = family == IpFamily.IPV4 ? "icmp" : "ipv6-icmp";
    chain.network(
        network,
        "-o " + network.interfaceName() + " -p " + protocol + " -j ACCEPT",
        Roles.icmp(network));
  }

  /** What cuts an internal network off. */
  static void internal(RuleWriter chain, DockerNetwork network, IpFamily family) {
    String bridge = network.interfaceName();
    for (String prefix : network.prefixes(family)) {
      chain.network(
          network, "! -s " + prefix + " -o " + bridge + " -j DROP", Roles.noEntry(network));
      chain.network(
          network, "! -d " + prefix + " -i " + bridge + " -j DROP", Roles.noExit(network));
    }
  }

  /** What opens a routed network to other networks. */
  static void routed(RuleWriter chain, DockerNetwork network) {
    String bridge = network.interfaceName();
    chain.loose(network, "-i " + bridge + " " + ANSWERS, Roles.routedAnswers(network));
    chain.loose(network, "-o " + bridge + " -j RETURN", Roles.routed(network));
  }

  /** What sends packets that leave a network to the second stage of isolation. */
  static void stageOne(RuleWriter chain, DockerNetwork network) {
    String bridge = network.interfaceName();
    chain.network(
        network,
        "-i " + bridge + " ! -o " + bridge + " -j DOCKER-ISOLATION-STAGE-2",
        Roles.stageOne(network));
  }

  /** What drops packets that enter a network from another. */
  static void stageTwo(RuleWriter chain, DockerNetwork network) {
    chain.network(network, "-o " + network.interfaceName() + " -j DROP", Roles.stageTwo(network));
  }
}
