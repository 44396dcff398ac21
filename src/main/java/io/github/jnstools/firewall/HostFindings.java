package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with a host as a whole: its settings, its backends. */
final class HostFindings {
  private final DockerFirewall firewall;
  private final DockerSettings settings;
  private final List<Finding> findings = new ArrayList<>();

  HostFindings(DockerFirewall firewall) {
    this.firewall = firewall;
    this.settings = firewall.inventory().settings();
  }

  List<Finding> find() {
    misspelled();
    unknownLayout();
    rulesOfNft();
    backends();
    iptablesOff();
    ip6tablesOff();
    forwarding();
    policy();
    interContainer();
    return findings;
  }

  private void misspelled() {
    for (String member : settings.misspelled()) {
      add(
          Finding.Severity.ERROR,
          "daemon-json",
          "daemon.json",
          member + " is a string where a boolean is due",
          "dockerd does not start with it; one that runs was started before",
          "write " + member + " without quotes around its value");
    }
  }

  private void unknownLayout() {
    for (IpFamily family : IpFamily.values()) {
      boolean matters = family == IpFamily.IPV4 || hasIpv6();
      if (matters && firewall.generation(family) == Generation.UNKNOWN) {
        add(
            Finding.Severity.UNKNOWN,
            "layout-unknown",
            family.word(),
            "whether there are rules of Docker is not known: " + firewall.evidence(family),
            "nothing can be said of what these rules let through",
            "read all of iptables-save, iptables-legacy-save and nft -j list ruleset, as root");
      }
    }
  }

  private void rulesOfNft() {
    if (firewall.generation() == Generation.NFTABLES) {
      add(
          Finding.Severity.UNKNOWN,
          "rules-of-nft",
          "nft ip docker-bridges",
          "Docker's rules are in tables of nft, which are not compared",
          "what these rules let through is not known here",
          "look at them: nft list table ip docker-bridges");
    }
  }

  private boolean hasIpv6() {
    return firewall.inventory().bridges().stream().anyMatch(DockerNetwork::ipv6);
  }

  private void backends() {
    for (IpFamily family : IpFamily.values()) {
      boolean legacy = firewall.rules().legacy(family).filter(HostRules::hasRules).isPresent();
      if (legacy && firewall.rules().of(family).filter(HostRules::hasRules).isPresent()) {
        add(
            Finding.Severity.UNKNOWN,
            "two-backends",
            family.word(),
            "both iptables-legacy and iptables-nft have rules",
            "a packet has to pass both, and each shows its own only",
            "move the rules of one to the other, then flush it");
      }
    }
    firewall.rules().nft().ifPresent(this::nft);
  }

  private void nft(NftTables nft) {
    for (NftTables.Hook hook : nft.foreign()) {
      add(
          Finding.Severity.UNKNOWN,
          "foreign-hook",
          "nft " + hook.table() + " " + hook.chain(),
          "another program has a chain at hook " + hook.hook(),
          "it may drop what the rules here accept; iptables-save does not show it",
          "look at it: nft list table " + hook.table());
    }
    if (nft.hasDocker() && firewall.generation().isIptables()) {
      add(
          Finding.Severity.WARNING,
          "two-layouts",
          "IPv4",
          "Docker has tables in nft and chains in iptables",
          "the rules of the one that the daemon does not use are leftovers, and still decide",
          "reboot, or delete the leftovers");
    }
    if (!nft.hasDocker()
        && firewall.generation().isIptables()
        && settings.firewallBackend().equals(Optional.of("nftables"))) {
      add(
          Finding.Severity.WARNING,
          "backend-differs",
          "IPv4",
          "the engine says that it uses nftables, and its rules are those of iptables",
          "this engine does not know nftables, or has not been restarted",
          "set firewall-backend to iptables, or upgrade to Docker 29");
    }
    if (nft.hasDocker() && hasRules(userChain())) {
      add(
          Finding.Severity.WARNING,
          "user-chain-of-iptables",
          "IPv4 filter DOCKER-USER",
          "Docker uses nftables, which has no DOCKER-USER",
          "what this chain accepts Docker's own tables may still drop",
          "move its rules to a table of nft, with a mark for --bridge-accept-fwmark");
    }
  }

  private List<Rule> userChain() {
    return firewall
        .rules()
        .ipv4()
        .flatMap(ruleset -> ruleset.chain("filter", "DOCKER-USER"))
        .map(Chain::rules)
        .orElse(List.of());
  }

  private static boolean hasRules(List<Rule> rules) {
    return rules.stream().anyMatch(rule -> !Circumstances.isEnd(rule));
  }

  private void iptablesOff() {
    boolean off = settings.iptables().equals(Optional.of(false));
    if (off && firewall.generation().isIptables()) {
      add(
          Finding.Severity.WARNING,
          "iptables-off-leftovers",
          "daemon.json",
          "iptables is false, and Docker's chains are there",
          "either the daemon was not restarted since, or they are leftovers of an earlier start",
          "restart the daemon, then remove the chains or reboot");
    }
    if (firewall.generation() == Generation.NONE && !firewall.inventory().bridges().isEmpty()) {
      add(
          off ? Finding.Severity.WARNING : Finding.Severity.ERROR,
          off ? "iptables-off" : "no-rules",
          "IPv4",
          off
              ? "iptables is false: Docker writes no rules"
              : "Docker has bridge networks and no rules: iptables is false, or somebody flushed",
          "networks are not isolated, containers leave with their own addresses,"
              + " and published ports work by docker-proxy alone",
          off
              ? "set iptables to true, unless other rules do all this"
              : "look for \"iptables\": false in daemon.json, else restart the daemon");
    }
  }

  private void ip6tablesOff() {
    if (firewall.generation().isIptables()
        && firewall.generation(IpFamily.IPV6) == Generation.NONE
        && hasIpv6()) {
      add(
          Finding.Severity.WARNING,
          "no-ipv6-rules",
          "IPv6",
          "Docker has networks with IPv6 and no rules for it",
          "whoever can route to a container's IPv6 address reaches all of its ports",
          "set ip6tables to true; before Docker 27 it is off, and needs experimental");
    }
  }

  private void forwarding() {
    if (settings.ipForward().equals(Optional.of(false))) {
      add(
          Finding.Severity.ERROR,
          "ip-forward",
          "net.ipv4.ip_forward",
          "the kernel does not forward IPv4",
          "containers reach the host only, and published ports work by docker-proxy alone",
          "sysctl -w net.ipv4.ip_forward=1");
    }
  }

  /** Since Docker 28 each bridge has a DROP of its own. */
  private void policy() {
    for (IpFamily family : IpFamily.values()) {
      Generation generation = firewall.generation(family);
      Optional<String> policy =
          firewall
              .rules()
              .of(family)
              .flatMap(ruleset -> ruleset.chain("filter", "FORWARD"))
              .flatMap(Chain::policy);
      if (generation.isIptables()
          && !generation.isAtLeast(Generation.BRIDGE_SET)
          && policy.equals(Optional.of("ACCEPT"))) {
        add(
            Finding.Severity.WARNING,
            "forward-policy",
            DriftFindings.place(family, "filter", "FORWARD", 0),
            "the policy of FORWARD is ACCEPT",
            "who can route to a container's address reaches its ports that are not published, too",
            (family == IpFamily.IPV4 ? "iptables" : "ip6tables") + " -P FORWARD DROP");
      }
    }
  }

  private void interContainer() {
    for (DockerNetwork network : firewall.inventory().bridges()) {
      if (!network.icc() && !settings.bridgeNfIptables().equals(Optional.of(true))) {
        boolean known = settings.bridgeNfIptables().isPresent();
        add(
            known ? Finding.Severity.ERROR : Finding.Severity.UNKNOWN,
            "icc-without-bridge-nf",
            "network " + network.name(),
            known
                ? "icc is false, and packets within a bridge do not pass iptables"
                : "icc is false; whether packets within a bridge pass iptables is not known",
            "without it the containers of this network reach each other",
            "sysctl -w net.bridge.bridge-nf-call-iptables=1 (module br_netfilter)");
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
