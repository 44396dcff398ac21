package io.github.jnstools.firewall;

/** What Docker's rules do, in words. */
final class Roles {
  static final String USER = "sends every forwarded packet through the user's own rules first";
  static final String INGRESS =
      "sends every forwarded packet to the ports of swarm services, before isolation";
  static final String ISOLATION = "sends every forwarded packet through the isolation of networks";
  static final String DOCKER_FORWARD = "sends every forwarded packet through Docker's rules";
  static final String DOCKER_CT = "looks for answers first, which are let in";
  static final String DOCKER_INTERNAL = "sends every forwarded packet past the internal networks";
  static final String DOCKER_BRIDGE = "sends packets for containers to the list of published ports";
  static final String SET_ESTABLISHED = "lets answers in to containers of every network";
  static final String SET_PORTS = "sends packets for containers to the list of published ports";
  static final String END = "ends the chain: what was not decided goes on where it came from";
  static final String NAT_IN = "looks up packets for an address of the host among published ports";
  static final String NAT_OUT =
      "looks up the host's own packets for an address of the host among published ports";
  static final String NAT_INGRESS =
      "looks up packets for an address of the host among the ports of swarm services";

  private Roles() {}

  private static String of(DockerNetwork network) {
    return "network " + network.name();
  }

  static String established(DockerNetwork network) {
    return "lets answers in to containers of " + of(network);
  }

  static String ports(DockerNetwork network) {
    return "sends packets for containers of " + of(network) + " to the list of published ports";
  }

  static String out(DockerNetwork network) {
    return "lets containers of " + of(network) + " out to anywhere else";
  }

  static String from(DockerNetwork network) {
    return "lets containers of " + of(network) + " reach each other and anywhere else";
  }

  static String icc(DockerNetwork network) {
    return "lets containers of " + of(network) + " reach each other";
  }

  static String noIcc(DockerNetwork network) {
    return "keeps containers of " + of(network) + " from each other (icc=false)";
  }

  static String isolated(DockerNetwork from, DockerNetwork to) {
    return "drops what goes from " + of(from) + " to " + of(to);
  }

  static String stageOne(DockerNetwork network) {
    return "sends what leaves " + of(network) + " to the second stage of isolation";
  }

  static String stageTwo(DockerNetwork network) {
    return "drops what comes from another network to " + of(network);
  }

  static String accept(PortMapping mapping) {
    return "lets packets in to "
        + mapping.target()
        + ", published as "
        + mapping.source()
        + ", of "
        + of(mapping.network());
  }

  static String unpublished(DockerNetwork network) {
    return "drops what comes from outside to ports of " + of(network) + " that are not published";
  }

  static String unprotected(DockerNetwork network) {
    return "lets everything in to " + of(network) + " (nat-unprotected)";
  }

  static String icmp(DockerNetwork network) {
    return "lets ICMP in to containers of " + of(network) + ", which is routed";
  }

  static String masquerade(DockerNetwork network) {
    return "gives what leaves " + of(network) + " an address of the host";
  }

  static String masqueradeLocal(DockerNetwork network) {
    return "gives what the host sends to " + of(network) + " the bridge's own address";
  }

  static String hairpin(PortMapping mapping) {
    return "lets "
        + mapping.container()
        + " reach itself by its published port "
        + mapping.source();
  }

  static String skip(DockerNetwork network) {
    return "leaves packets from " + of(network) + " for published ports to docker-proxy";
  }

  static String translate(PortMapping mapping) {
    return "turns packets for port "
        + mapping.source()
        + " to "
        + mapping.target()
        + " ("
        + mapping.address()
        + ")";
  }

  static String ingress(Circumstances.IngressPort port) {
    return "serves port " + port.port() + "/" + port.protocol() + " of a swarm service";
  }

  static String ingressAnswers(Circumstances.IngressPort port) {
    return "lets answers from port " + port.port() + "/" + port.protocol() + " of a swarm service";
  }

  static String guard(DockerNetwork network, String address) {
    return "drops what is routed to " + address + " of " + of(network) + " from outside";
  }

  static String trusted(DockerNetwork network, String address, String from) {
    return "lets what is routed to " + address + " of " + of(network) + " in from " + from;
  }

  static String guardLoopback(PortMapping mapping) {
    return "keeps port " + mapping.source() + " for the host alone";
  }

  static String noEntry(DockerNetwork network) {
    return "drops what would enter " + of(network) + ", which is internal";
  }

  static String noExit(DockerNetwork network) {
    return "drops what would leave " + of(network) + ", which is internal";
  }

  static String routedAnswers(DockerNetwork network) {
    return "lets answers out of " + of(network) + ", which is routed";
  }

  static String routed(DockerNetwork network) {
    return "leaves packets for "
        + of(network)
        + ", which is routed, to the list of published ports";
  }

  static String checksum(PortMapping mapping) {
    return "fills in the checksums of what " + mapping.target() + " sends";
  }
}
