package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
