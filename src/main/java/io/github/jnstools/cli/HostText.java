package io.github.jnstools.cli;

import java.util.List;

/** One of the texts that a host's firewall and network are read from. */
enum HostText {
  RULES("iptables-save -c", "iptables-save-c.txt", "iptables-save.txt"),
  RULES_V6("ip6tables-save -c", "ip6tables-save-c.txt", "ip6tables-save.txt"),
  OTHER_RULES("iptables-legacy-save -c", "iptables-legacy-save.txt"),
  OTHER_RULES_V6("ip6tables-legacy-save -c", "ip6tables-legacy-save.txt"),
  NFT("nft -j list ruleset", "nft-list-ruleset.json"),
  SETS("ipset save", "ipset-save.txt"),
  ADDRESSES("ip -j addr", "ip-addr.json"),
  LINKS("ip -j -d link", "ip-link.json"),
  ROUTES("ip -j route show table all; ip -j -6 route show table all", "ip-route.json"),
  ROUTING_RULES("ip -j rule", "ip-rule.json"),
  SOCKETS("ss -lntu", "ss-listen.txt"),
  SYSCTLS("sysctl -a", "sysctl.txt"),
  NETWORKS("docker network inspect $(docker network ls -q)", "docker-network-inspect.json"),
  CONTAINERS("docker inspect $(docker ps -q)", "docker-inspect.json"),
  VERSION("docker version --format json", "docker-version.json"),
  INFO("docker info --format json", "docker-info.json"),
  DAEMON("cat /etc/docker/daemon.json", "daemon.json");

  private final String command;
  private final List<String> files;

  HostText(String command, String... files) {
    this.command = command;
    this.files = List.of(files);
  }

  /** What prints it, in a shell. */
  String command() {
    return command;
  }

  /** The files of a captured host that it may be in, the best first. */
  List<String> files() {
    return files;
  }
}
