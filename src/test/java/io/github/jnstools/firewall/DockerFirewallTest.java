package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts, what rules are for, and drift, on captured hosts. */
class DockerFirewallTest {

  @ParameterizedTest
  @CsvSource({
    "20.10.24-icc-false, STAGES, UNKNOWN",
    "20.10.24-internal, STAGES, UNKNOWN",
    "20.10.24-ip-masq-false, STAGES, UNKNOWN",
    "20.10.24-ip6tables-icc-false-ip, STAGES, STAGES",
    "20.10.24-iptables-false, NONE, NONE",
    "20.10.24-ipv6-no-ip6tables, STAGES, UNKNOWN",
    "20.10.24-no-userland-proxy, STAGES, UNKNOWN",
    "20.10.24-port-host-ip, STAGES, UNKNOWN",
    "20.10.24-port-range, STAGES, UNKNOWN",
    "20.10.24-port-udp, STAGES, UNKNOWN",
    "20.10.24-seed-host, STAGES, UNKNOWN",
    "20.10.24-snat-and-binding, STAGES, UNKNOWN",
    "20.10.24-swarm-ingress, STAGES, NONE",
    "20.10.24-two-bridges, STAGES, UNKNOWN",
    "27.5.1-std, STAGES, STAGES",
    "28.5.2-std, FORWARD_CHAIN, FORWARD_CHAIN",
    "29.7.2-std, INTERNAL_CHAIN, INTERNAL_CHAIN",
    "29.7.2-nftables-std, NFTABLES, NFTABLES",
    "replayed-20.10.24-swarm-ingress, STAGES, UNKNOWN",
    "trace-20.10.24, STAGES, NONE",
  })
  void aCapturedHostIsRecognisedAndHasNotDrifted(String host, Generation ipv4, Generation ipv6) {
    DockerFirewall firewall = Hosts.firewall(host);
    assertEquals(ipv4, firewall.generation(), firewall.evidence(IpFamily.IPV4));
    assertEquals(ipv6, firewall.generation(IpFamily.IPV6), firewall.evidence(IpFamily.IPV6));
    assertEquals(List.of(), firewall.drift());
    // Every rule is due, and in the very order in which Docker wrote it.
    for (IpFamily family : IpFamily.values()) {
      Optional<Ruleset> ruleset = firewall.rules().of(family);
      if (firewall.generation(family).isIptables()) {
        assertEquals(written(ruleset.orElseThrow()), due(firewall, family), host + " " + family);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.6.2, FORWARD_ONLY, false",
    "1.9.1, FORWARD_ONLY, true",
    "1.13.1, ISOLATION, true",
    "17.06.2, USER, true",
    "18.03.1, STAGES, true"
  })
  void theRulesOfOldEnginesAreRecognisedAndHaveNotDrifted(
      String version, Generation generation, boolean second) {
    Ruleset ruleset = Samples.ruleset("replayed-" + version, "iptables-save.txt");
    DockerFirewall firewall = DockerFirewall.of(Hosts.only(ruleset), Hosts.replayed(second));
    assertEquals(generation, firewall.generation());
    assertEquals(List.of(), firewall.drift());
    assertEquals(written(ruleset), due(firewall, IpFamily.IPV4));
  }

  /** 46 dumps, each with other rules of the user; those that were appended are dead. */
  @ParameterizedTest
  @CsvSource({
    "seed-experiment-main-20.10.24, 20.10.24-seed-host",
    "seed-experiment-docker0-20.10.24, trace-20.10.24"
  })
  void rulesOfTheUserAreNoDriftUnlessTheyAreDead(String experiment, String host) {
    DockerInventory inventory = Hosts.inventory(host);
    int dumps = 0;
    for (Path file : Samples.rulesets()) {
      if (file.getParent().endsWith(experiment)) {
        String name = file.getFileName().toString();
        Ruleset ruleset = Samples.ruleset(experiment, name);
        List<Drift.Kind> kinds =
            DockerFirewall.of(Hosts.only(ruleset), inventory).drift().stream()
                .map(Drift::kind)
                .toList();
        boolean appended = name.matches("ex\\d-(a|c)-.*");
        assertEquals(appended ? List.of(Drift.Kind.DEAD) : List.of(), kinds, name);
        dumps++;
      }
    }
    assertEquals(23, dumps);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-A FORWARD -j DOCKER-USER | DOCKER | - | -"
            + " | sends every forwarded packet through the user's own rules first",
        "-A DOCKER-FORWARD -i br-2de748d71a26 -o br-2de748d71a26 -j DROP | DOCKER | noicc1 | -"
            + " | keeps containers of network noicc1 from each other (icc=false)",
        "-A DOCKER-INTERNAL ! -s 172.19.0.0/16 -o br-b26654e3f29b -j DROP | DOCKER | int1 | -"
            + " | drops what would enter network int1, which is internal",
        "-A DOCKER -d 172.18.0.2/32 ! -i br-ba6b8ae0417c -o br-ba6b8ae0417c -p tcp -m tcp --dport"
            + " 5432 -j ACCEPT | DOCKER | net1 | api 127.0.0.1:5432->5432/tcp"
            + " | lets packets in to api:5432/tcp, published as 5432/tcp of 127.0.0.1, of network"
            + " net1",
        "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80"
            + " | DOCKER | bridge | web 0.0.0.0:8080->80/tcp"
            + " | turns packets for port 8080/tcp to web:80/tcp (172.17.0.2)",
        "-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP | DOCKER | bridge | -"
            + " | drops what is routed to 172.17.0.2 of network bridge from outside"
      })
  void eachRuleIsToldWhatItServes(
      String rule, ExplainedRule.Origin origin, String network, String port, String role) {
    ExplainedRule explained =
        Hosts.firewall("29.7.2-std").explained(IpFamily.IPV4).stream()
            .filter(one -> one.rule().text().equals(rule))
            .findFirst()
            .orElseThrow();
    assertEquals(origin, explained.origin());
    assertEquals(network, explained.network().orElse("-"));
    assertEquals(
        port,
        explained.container().map(name -> name + " " + explained.port().orElseThrow()).orElse("-"));
    assertEquals(role, explained.role());
  }

  @Test
  void aRuleOfTheUserIsNamedAsSuch() {
    List<ExplainedRule> own =
        Hosts.firewall("trace-20.10.24").explained(IpFamily.IPV4).stream()
            .filter(rule -> rule.origin() == ExplainedRule.Origin.USER)
            .toList();
    assertEquals(
        List.of(
            "hands back packets in state RELATED,ESTABLISHED",
            "drops packets not from 192.168.1.1/32, in by eth0"),
        own.stream().map(ExplainedRule::role).toList());
    assertEquals(List.of(1, 2), own.stream().map(ExplainedRule::number).toList());
  }

  /** What Docker wrote: all but the user's own rules. */
  private static Map<String, List<String>> written(Ruleset ruleset) {
    Map<String, List<String>> written = new LinkedHashMap<>();
    for (Table table : ruleset.tables()) {
      for (Chain chain : table.chains()) {
        List<String> rules = new ArrayList<>(Hosts.lines(ruleset, table.name(), chain.name()));
        if (chain.name().equals("DOCKER-USER")) {
          rules.removeIf(rule -> !rule.equals("-A DOCKER-USER -j RETURN"));
        }
        if (!rules.isEmpty()) {
          written.put(table.name() + " " + chain.name(), rules);
        }
      }
    }
    return written;
  }

  private static Map<String, List<String>> due(DockerFirewall firewall, IpFamily family) {
    Map<String, List<String>> due = new LinkedHashMap<>();
    for (DockerRule rule : firewall.expected(family)) {
      due.computeIfAbsent(rule.table() + " " + rule.rule().chain(), chain -> new ArrayList<>())
          .add(rule.rule().text());
    }
    return due;
  }
}
