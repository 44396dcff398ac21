package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.DockerInventory;
import io.github.jnstools.firewall.Filters;
import io.github.jnstools.firewall.HostNetwork;
import io.github.jnstools.firewall.HostRules;
import io.github.jnstools.firewall.IpSets;
import io.github.jnstools.firewall.NftTables;
import io.github.jnstools.firewall.Ruleset;
import java.io.IOException;
import java.util.Optional;

/**
 * A host's firewall, networks and containers, read as a command needs them. What cannot be read is
 * told and stays unknown; without Docker's own answers there is nothing to tell.
 */
final class HostReading {
  private final HostTexts host;
  private final JdocknetReport report;
  private Optional<String> settings;

  /** Makes something of a text. */
  private interface Parser<T> {
    T parse(String text) throws IOException;
  }

  HostReading(HostTexts host, JdocknetReport report) {
    this.host = host;
    this.report = report;
  }

  /** What the engine has. */
  DockerInventory inventory() throws IOException {
    return DockerInventory.parse(
        new DockerInventory.Sources(
            host.read(HostText.NETWORKS).orElse(""),
            host.read(HostText.CONTAINERS).orElse(""),
            host.read(HostText.VERSION).orElse(""),
            host.read(HostText.INFO).orElse(""),
            parsed(HostText.DAEMON, text -> text).orElse(""),
            settings().orElse("")));
  }

  /** The rules, and what the engine has. */
  DockerFirewall firewall() throws IOException {
    refuseRootless(host.read(HostText.INFO).orElse(""));
    DockerInventory inventory = inventory();
    HostRules rules =
        new HostRules(
            parsed(HostText.RULES, Ruleset::parse),
            parsed(HostText.RULES_V6, Ruleset::parse),
            parsed(HostText.OTHER_RULES, Ruleset::parse),
            parsed(HostText.OTHER_RULES_V6, Ruleset::parse),
            parsed(HostText.NFT, NftTables::parse));
    return DockerFirewall.of(rules, inventory);
  }

  private static void refuseRootless(String info) throws NamespaceException {
    if (info.contains("\"name=rootless\"")) {
      throw new NamespaceException(
          "docker",
          "info",
          "a rootless daemon has its networks and rules in a network namespace of its own",
          "run jdocknet in that, or set DOCKER_HOST to the system's daemon");
    }
  }

  /** All that may stop or turn a packet. */
  Filters filters(DockerFirewall firewall) {
    return firewall.rules().filters(parsed(HostText.SETS, IpSets::parse).orElse(IpSets.NONE));
  }

  /** What decides besides where packets go. */
  HostNetwork network(DockerFirewall firewall) throws IOException {
    HostNetwork network =
        HostNetwork.parse(
            host.read(HostText.ADDRESSES).orElse(""),
            host.read(HostText.ROUTES).orElse(""),
            host.read(HostText.LINKS).orElse(""));
    network = parsed(HostText.ROUTING_RULES, network::withRules).orElse(network);
    network = parsed(HostText.SOCKETS, network::withListeners).orElse(network);
    network = settings().map(network::withSysctls).orElse(network);
    return firewall.locate(network);
  }

  /** Asked for by several, and read once. */
  private Optional<String> settings() {
    if (settings == null) {
      settings = parsed(HostText.SYSCTLS, text -> text);
    }
    return settings;
  }

  private <T> Optional<T> parsed(HostText text, Parser<T> parser) {
    try {
      Optional<String> read = host.read(text);
      return read.isEmpty() ? Optional.empty() : Optional.of(parser.parse(read.get()));
    } catch (IOException e) {
      report.failure(e);
      return Optional.empty();
    }
  }
}
