package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the owner of a captured host is told. */
class FindingsTest {

  @ParameterizedTest
  @CsvSource({
    "20.10.24-two-bridges, proxy-past-isolation",
    "20.10.24-internal, port-of-internal proxy-past-isolation",
    "20.10.24-icc-false, proxy-past-icc proxy-past-isolation",
    "20.10.24-ipv6-no-ip6tables, layout-unknown proxy-past-isolation",
    "20.10.24-no-userland-proxy, direct-routing",
    "20.10.24-iptables-false, no-rules",
    "20.10.24-port-host-ip, direct-routing proxy-past-isolation",
    "replayed-20.10.24-swarm-ingress,"
        + " icc-without-bridge-nf proxy-past-icc proxy-past-isolation swarm-ingress",
    "27.5.1-std, direct-routing proxy-past-isolation",
    "28.5.2-std, proxy-past-isolation",
    "29.7.2-std, ''",
    "29.7.2-nftables-std, rules-of-nft",
    "trace-20.10.24, forward-policy ipv6-past-list"
  })
  void aCapturedHostIsToldItsHolesAndNoOthers(String host, String names) {
    assertEquals(names, names(Hosts.firewall(host)));
  }

  /** The three examples that a much copied text gives, as written and as the docs have them. */
  @ParameterizedTest
  @CsvSource({
    "00-baseline, ''",
    "ex1-a-seed-literal, dead",
    "ex1-b-insert-wrong-if, wrong-direction",
    "ex1-c-append-right-if, dead",
    "ex1-d-docs-form, answers-refused",
    "ex1-e-corrected, ''",
    "ex2-a-seed-literal, dead",
    "ex2-b-insert-wrong-if, wrong-direction",
    "ex2-d-docs-form, answers-refused",
    "ex2-e-corrected, ''",
    "ex3-a-seed-literal, dead",
    "ex3-b-insert-wrong-if, wrong-direction",
    "ex3-d-docs-form, answers-refused",
    "ex3-e-corrected, ''",
    "port-a-hostport, host-port",
    "port-b-ctrport, ''",
    "port-c-ctorigdstport, ''",
    "alt-out-bridge-new, neighbours-refused",
    "alt-not-in-out-bridge-new, ''"
  })
  void rulesOfTheUsersChainAreToldWhatTheyDo(String file, String names) {
    Ruleset ruleset =
        Samples.ruleset("seed-experiment-docker0-20.10.24", file + ".iptables-save-c.txt");
    DockerFirewall firewall =
        DockerFirewall.of(Hosts.only(ruleset), Hosts.inventory("trace-20.10.24"));
    assertEquals(
        names,
        firewall.findings().stream()
            .filter(finding -> finding.where().contains("DOCKER-USER"))
            .map(Finding::name)
            .collect(Collectors.joining(" ")));
  }

  @Test
  void twoListsThatRefuseAllButOneRefuseEverybody() {
    assertEquals(
        "accept-too-strong answers-refused answers-refused two-negations",
        user(
            "-A DOCKER-USER -i eth1 -j ACCEPT",
            "-A DOCKER-USER ! -s 192.168.1.1/32 -i eth0 -j DROP",
            "-A DOCKER-USER ! -s 192.168.1.2/32 -i eth0 -j DROP"));
    assertEquals(
        "",
        user(
            "-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
            "-A DOCKER-USER -s 192.168.1.1/32 -i eth0 -j RETURN",
            "-A DOCKER-USER -s 192.168.1.2/32 -i eth0 -j RETURN",
            "-A DOCKER-USER -i eth0 -j DROP"));
  }

  @Test
  void aRuleAgainstForgedSourcesOnABridgeIsInTheRightDirection() {
    assertEquals("", user("-A DOCKER-USER ! -s 172.17.0.0/16 -i docker0 -j DROP"));
    assertEquals("wrong-direction", user("-A DOCKER-USER ! -s 172.18.0.0/16 -i docker0 -j DROP"));
  }

  @Test
  void aFindingIsWholeSentencesOfOneLine() {
    Set<String> seen = new TreeSet<>();
    for (String host : List.of("27.5.1-std", "trace-20.10.24", "20.10.24-iptables-false")) {
      for (Finding finding : Hosts.firewall(host).findings()) {
        seen.add(finding.name());
        for (String text : List.of(finding.what(), finding.consequence(), finding.cure())) {
          assertFalse(text.isBlank() || text.contains("\n") || text.endsWith("."), text);
        }
      }
    }
    assertTrue(seen.size() >= 5, seen.toString());
  }

  @Test
  void packetsWithinABridgeThatPassNoRulesAreTold() {
    DockerInventory.Sources from = Hosts.sources("20.10.24-icc-false");
    String off =
        from.sysctl().replace("bridge-nf-call-iptables = 1", "bridge-nf-call-iptables = 0");
    DockerFirewall firewall = with(from, off, "");
    Finding finding = find(firewall, "icc-without-bridge-nf");
    assertEquals(Finding.Severity.ERROR, finding.severity());
    assertEquals("network h3-noicc", finding.where());
    assertEquals(
        Finding.Severity.UNKNOWN, find(with(from, "", ""), "icc-without-bridge-nf").severity());
  }

  @Test
  void settingsThatDoNotFitTheRulesAreTold() {
    DockerInventory.Sources from = Hosts.sources("20.10.24-icc-false");
    assertEquals(
        Finding.Severity.ERROR,
        find(with(from, from.sysctl(), "{\"iptables\": \"false\"}"), "daemon-json").severity());
    assertEquals(
        Finding.Severity.WARNING,
        find(with(from, from.sysctl(), "{\"iptables\": false}"), "iptables-off-leftovers")
            .severity());
    String closed = from.sysctl().replace("ip_forward = 1", "ip_forward = 0");
    assertEquals(Finding.Severity.ERROR, find(with(from, closed, ""), "ip-forward").severity());
    assertEquals(
        "the engine says that it uses nftables, and its rules are those of iptables",
        find(with(from, from.sysctl(), "{\"firewall-backend\": \"nftables\"}"), "backend-differs")
            .what());
  }

  private static DockerFirewall with(
      DockerInventory.Sources from, String sysctl, String daemonJson) {
    try {
      return DockerFirewall.of(
          Hosts.rules("20.10.24-icc-false"),
          DockerInventory.parse(
              new DockerInventory.Sources(
                  from.networks(),
                  from.containers(),
                  from.version(),
                  from.info(),
                  daemonJson,
                  sysctl)));
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void rulesInBothBackendsAreTold() {
    Ruleset ruleset = Samples.ruleset("20.10.24-two-bridges", "iptables-save.txt");
    HostRules both =
        new HostRules(
            Optional.of(ruleset),
            Optional.empty(),
            Optional.of(ruleset),
            Optional.empty(),
            Optional.of(Hosts.nft("29.7.2-nftables-std")));
    DockerFirewall firewall = DockerFirewall.of(both, Hosts.inventory("20.10.24-two-bridges"));
    assertEquals(Finding.Severity.UNKNOWN, find(firewall, "two-backends").severity());
    assertEquals(Finding.Severity.WARNING, find(firewall, "two-layouts").severity());
  }

  @Test
  void thatNothingWasPrintedIsNotThatNothingIsThere() {
    Ruleset nothing = Samples.ruleset("29.7.2-nftables-std", "iptables-save.txt");
    DockerInventory inventory = Hosts.inventory("29.7.2-nftables-std");
    DockerFirewall unknown = DockerFirewall.of(Hosts.only(nothing), inventory);
    assertEquals(Generation.UNKNOWN, unknown.generation());
    assertEquals(Finding.Severity.UNKNOWN, find(unknown, "layout-unknown").severity());
    Ruleset old = Samples.ruleset("20.10.24-two-bridges", "iptables-save.txt");
    HostRules legacy =
        new HostRules(
            Optional.of(nothing),
            Optional.empty(),
            Optional.of(old),
            Optional.empty(),
            Optional.of(Hosts.nft("20.10.24-two-bridges")));
    DockerFirewall elsewhere = DockerFirewall.of(legacy, inventory);
    assertEquals(Generation.UNKNOWN, elsewhere.generation(), elsewhere.evidence(IpFamily.IPV4));
  }

  @Test
  void aListOfIpv4NeedsATwin() {
    String allow = "-A DOCKER-USER ! -s 192.168.1.0/24 -i eth0 -p tcp -m tcp --dport 80 -j DROP";
    // net6 has IPv6 addresses and rules, the others are left to docker-proxy
    DockerFirewall firewall = withUserRules("29.7.2-std", true, allow);
    List<String> where =
        firewall.findings().stream()
            .filter(finding -> finding.name().equals("ipv6-past-list"))
            .map(finding -> finding.where() + ": " + finding.consequence())
            .sorted()
            .toList();
    assertEquals(4, where.size(), where.toString());
    assertEquals("container six [::]:8082->80/tcp: the port is open over IPv6", where.get(2));
    assertTrue(where.get(3).endsWith("past the list, as if from the host"), where.get(3));
  }

  private static String user(String... rules) {
    return withUserRules("29.7.2-std", false, rules).findings().stream()
        .filter(finding -> finding.where().contains("DOCKER-USER"))
        .map(Finding::name)
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static DockerFirewall withUserRules(String host, boolean ipv6, String... rules) {
    try {
      String jump = "-A FORWARD -j DOCKER-USER";
      String text = Samples.text(host, "iptables-save.txt");
      Ruleset changed = Ruleset.parse(text.replace(jump, String.join("\n", rules) + "\n" + jump));
      return DockerFirewall.of(
          new HostRules(
              Optional.of(changed),
              ipv6 ? Optional.of(Samples.ruleset(host, "ip6tables-save.txt")) : Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(Hosts.nft(host))),
          Hosts.inventory(host));
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Finding find(DockerFirewall firewall, String name) {
    return firewall.findings().stream()
        .filter(finding -> finding.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + ": " + names(firewall)));
  }

  private static String names(DockerFirewall firewall) {
    return String.join(
        " ",
        firewall.findings().stream()
            .map(Finding::name)
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
