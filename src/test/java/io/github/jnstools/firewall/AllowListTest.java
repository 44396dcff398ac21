package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Allow-lists on captured hosts: what is written for them, and what it does. */
class AllowListTest {
  private static final Optional<HostPort> ALL = Optional.empty();

  private static List<AddressRange> sources(String... texts) {
    return Arrays.stream(texts).map(AddressRange::parse).toList();
  }

  private static Optional<HostPort> port(String text) {
    return Optional.of(HostPort.parse(text));
  }

  private static List<String> wanted(AllowPlan plan, IpFamily family) {
    return plan.wanted(family).orElseThrow().rules().stream().map(Rule::text).toList();
  }

  private static String names(List<Finding> findings) {
    return findings.stream().map(Finding::name).distinct().collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.1, 192.168.1.1",
    "192.168.1.1/32, 192.168.1.1",
    "192.168.1.77/24, 192.168.1.0/24",
    "192.168.1.0-192.168.1.255, 192.168.1.0/24",
    "192.168.1.1-192.168.1.3, 192.168.1.1-192.168.1.3",
    "0.0.0.0/0, 0.0.0.0/0",
    "fd00::5, fd00::5",
    "fd00:0:0:1::/64, fd00:0:0:1::/64",
    "fd00::1-fd00::3, fd00::1-fd00::3"
  })
  void addressesAreWrittenInTheShortestWay(String text, String shortest) {
    assertEquals(shortest, AddressRange.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "web", "192.168.1.3-192.168.1.1", "10.0.0.0/255.0.255.0", "10.0.0.1-fd00::1"})
  void whatIsNoRangeOfAddressesIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http", "0", "65536/tcp", "80/icmp", "80/", "-1"})
  void whatIsNoPortIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
  }

  @Test
  void listOfOnePortAndListOfAllOthersAreWrittenForEachNetwork() {
    AllowList list =
        AllowList.NONE
            .with(ALL, sources("192.168.1.1-192.168.1.3"))
            .with(port("8080"), sources("10.0.0.0/8", "fd00::5"));
    DockerFirewall firewall = Hosts.firewall("29.7.2-std");
    List<String> rules = wanted(new AllowPlan(firewall, list), IpFamily.IPV4);
    assertEquals(
        List.of(
            "-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED"
                + " -m comment --comment \"jnstools:established\" -j RETURN",
            "-A DOCKER-USER -s 10.0.0.0/8 ! -i docker0 -o docker0 -p tcp"
                + " -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL"
                + " -m comment --comment \"jnstools:8080/tcp\" -j RETURN",
            "-A DOCKER-USER ! -i docker0 -o docker0 -p tcp"
                + " -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL"
                + " -m comment --comment \"jnstools:8080/tcp\" -j DROP",
            "-A DOCKER-USER ! -i docker0 -o docker0"
                + " -m iprange --src-range 192.168.1.1-192.168.1.3"
                + " -m comment --comment \"jnstools:all\" -j RETURN",
            "-A DOCKER-USER ! -i docker0 -o docker0 -m comment --comment \"jnstools:all\" -j DROP"),
        rules.subList(0, 5));
    // docker0, net1, noicc1, net6: not the internal one.
    assertEquals(3 + 4 * 2, rules.size());
    assertEquals(
        List.of("fd00::5"),
        wanted(new AllowPlan(firewall, list), IpFamily.IPV6).stream()
            .filter(rule -> rule.contains("-s "))
            .map(rule -> rule.replaceAll(".* -s ([^/]*)/128 .*", "$1"))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"27.5.1-std", "28.5.2-std", "29.7.2-std"})
  void listThatIsWrittenIsReadBackAndWrittenTheSameAgain(String host) {
    AllowList list =
        AllowList.NONE
            .with(ALL, sources("192.168.1.0/24", "fd00:1::/64"))
            .with(port("8082/tcp"), sources("10.0.0.1-10.0.0.9", "fd00::1-fd00::3"))
            .with(port("9090/udp"), List.of());
    DockerFirewall firewall = Hosts.firewall(host);
    AllowPlan plan = new AllowPlan(firewall, list);
    assertTrue(plan.chains().due().containsKey(IpFamily.IPV4));
    DockerFirewall after = plan.chains().change().after();
    assertEquals(list, AllowList.of(after.rules()));
    AllowPlan again = new AllowPlan(after, list);
    assertFalse(again.chains().due().containsKey(IpFamily.IPV4));
    assertFalse(again.chains().due().containsKey(IpFamily.IPV6));
    AllowPlan none = new AllowPlan(after, AllowList.NONE);
    assertEquals(
        Hosts.rules(host).ipv4().map(rules -> Hosts.lines(rules, "filter", "DOCKER-USER")),
        Optional.of(wanted(none, IpFamily.IPV4)));
  }

  @Test
  void othersRulesAndTheLastReturnStayAsTheyAre() {
    Ruleset captured = Samples.ruleset("27.5.1-std", "iptables-save.txt");
    List<Rule> foreign =
        List.of(
            Rule.parse("-A DOCKER-USER -s 203.0.113.9/32 -j DROP"),
            Rule.parse("-A DOCKER-USER -i wg0 -m comment --comment \"a vpn\" -j RETURN"),
            Rule.parse("-A DOCKER-USER -j RETURN"),
            Rule.parse("-A DOCKER-USER -s 203.0.113.10/32 -j DROP"));
    UserChain chain = new UserChain(IpFamily.IPV4, foreign);
    Rule own = Rule.parse("-A DOCKER-USER -m comment --comment \"jnstools:all\" -j DROP");
    UserChain with = chain.with(List.of(own));
    assertEquals(
        List.of(foreign.get(0), foreign.get(1), own, foreign.get(2), foreign.get(3)), with.rules());
    assertEquals(chain, with.with(List.of()));
    Ruleset written = captured.with("filter", "DOCKER-USER", with.rules());
    assertEquals(
        captured.text().replace("-A DOCKER-USER -j RETURN\n", "").lines().sorted().toList(),
        written
            .text()
            .lines()
            .filter(
                line ->
                    !with.restoreText().contains(line + "\n")
                        || line.equals("COMMIT")
                        || line.startsWith(":")
                        || line.startsWith("*"))
            .sorted()
            .toList());
  }

  @Test
  void listStaysBetweenTheRulesOfOthersThatItStoodBetween() {
    Rule first = Rule.parse("-A DOCKER-USER -s 203.0.113.9/32 -j DROP");
    Rule last = Rule.parse("-A DOCKER-USER -s 203.0.113.10/32 -j DROP");
    Rule old = Rule.parse("-A DOCKER-USER -m comment --comment \"jnstools:all\" -j DROP");
    Rule own = Rule.parse("-A DOCKER-USER -m comment --comment \"jnstools:80/tcp\" -j DROP");
    assertEquals(
        List.of(first, own, last),
        new UserChain(IpFamily.IPV4, List.of(first, old, last)).with(List.of(own)).rules());
  }

  @Test
  void chainIsRestoredWholeAndDifferencesAreLines() {
    Rule end = Rule.parse("[5:300] -A DOCKER-USER -j RETURN");
    Rule drop = Rule.parse("-A DOCKER-USER -s 10.0.0.1/32 -j DROP");
    UserChain before = new UserChain(IpFamily.IPV4, List.of(end));
    UserChain after = new UserChain(IpFamily.IPV4, List.of(drop, end));
    assertEquals(
        "*filter\n:DOCKER-USER - [0:0]\n"
            + "-A DOCKER-USER -s 10.0.0.1/32 -j DROP\n-A DOCKER-USER -j RETURN\nCOMMIT\n",
        after.restoreText());
    assertEquals(List.of("+" + drop, " -A DOCKER-USER -j RETURN"), before.diff(after));
    assertEquals(List.of("-" + drop, " -A DOCKER-USER -j RETURN"), after.diff(before));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-s 10.0.0.1/32 -m comment --comment \"jnstools:99999999/tcp\" -j RETURN",
        "-s 10.0.0.1/32 -m comment --comment \"jnstools:80/icmp\" -j RETURN",
        "-s 10.0.0.1/32 -m comment --comment \"jnstools\" -j RETURN",
        "-s 10.0.0.1/32 -j RETURN"
      })
  void rulesOfOthersAreNoAllowList(String rule) {
    Rule foreign = Rule.parse("-A DOCKER-USER " + rule);
    Ruleset captured = Samples.ruleset("29.7.2-std", "iptables-save.txt");
    assertTrue(
        AllowList.of(Hosts.only(captured.with("filter", "DOCKER-USER", List.of(foreign))))
            .isNone());
    UserChain chain = new UserChain(IpFamily.IPV4, List.of(foreign));
    assertEquals(chain, chain.with(List.of()));
  }

  @Test
  void countersAreNoChange() {
    AllowList list = AllowList.NONE.with(ALL, sources("192.168.1.1"));
    DockerFirewall after =
        new AllowPlan(Hosts.firewall("29.7.2-std"), list).chains().change().after();
    Ruleset written = after.rules().ipv4().orElseThrow();
    List<Rule> counted =
        written.chain("filter", "DOCKER-USER").orElseThrow().rules().stream()
            .map(rule -> Rule.parse("[7:420] " + rule.text()))
            .toList();
    HostRules rules =
        after.rules().with(IpFamily.IPV4, written.with("filter", "DOCKER-USER", counted));
    assertFalse(
        new AllowPlan(DockerFirewall.of(rules, after.inventory()), list)
            .chains()
            .due()
            .containsKey(IpFamily.IPV4));
  }

  @Test
  void lastAddressThatIsTakenOffLeavesAListThatLetsNobodyIn() {
    AllowList one = AllowList.NONE.with(port("80"), sources("10.0.0.1"));
    AllowList empty = one.without(port("80"), sources("10.0.0.1/32"));
    assertEquals(Optional.of(Set.of()), empty.list(port("80")).map(Set::copyOf));
    assertTrue(empty.without(port("80")).isNone());
    assertEquals(AllowList.NONE, AllowList.NONE.without(port("80"), sources("10.0.0.1")));
  }

  /** The same as the corrected rules of the experiment, though written in another way. */
  @ParameterizedTest
  @CsvSource({
    "seed-experiment-main-20.10.24, ex1-e-corrected, all, 192.168.1.1",
    "seed-experiment-main-20.10.24, ex2-e-corrected, all, 192.168.1.0/24",
    "seed-experiment-main-20.10.24, ex3-e-corrected, all, 192.168.1.1-192.168.1.3",
    "seed-experiment-main-20.10.24, ex1-e-corrected, 18080/tcp, 192.168.1.1",
    "seed-experiment-main-20.10.24, ex2-e-corrected, 18080/tcp, 192.168.1.0/24",
    "seed-experiment-main-20.10.24, ex3-e-corrected, 18080/tcp, 192.168.1.1-192.168.1.3",
    "seed-experiment-main-20.10.24, port-c-ctorigdstport, 18080/tcp, ",
    "seed-experiment-main-20.10.24, 00-baseline, 18081/tcp, 192.168.1.1",
    "seed-experiment-docker0-20.10.24, ex1-e-corrected, all, 192.168.1.1",
    "seed-experiment-docker0-20.10.24, ex2-e-corrected, 18080/tcp, 192.168.1.0/24",
    "seed-experiment-docker0-20.10.24, ex3-e-corrected, all, 192.168.1.1-192.168.1.3"
  })
  void whatIsWrittenDoesWhatRealConnectsDidUnderTheCorrectedRules(
      String host, String config, String port, String sources) {
    AllowList list =
        AllowList.NONE.with(
            port.equals("all") ? ALL : port(port), sources == null ? List.of() : sources(sources));
    AllowPlan plan = new AllowPlan(Hosts.seed(host, "00-baseline"), list);
    Filters filters = Filters.of(plan.chains().change().after().rules().ipv4().orElseThrow());
    HostNetwork network = Observed.network(host);
    Map<String, Verdict> observed = new TreeMap<>();
    Map<String, Verdict> traced = new TreeMap<>();
    for (Observed row : Observed.all(host)) {
      if (row.config().equals(config)) {
        observed.put(row.line(), row.verdict());
        traced.put(row.line(), PacketTrace.of(filters, network, row.flow()).verdict());
      }
    }
    assertEquals(11, observed.size());
    assertEquals(observed, traced);
  }

  @ParameterizedTest
  @ValueSource(strings = {"27.5.1-std", "28.5.2-std", "29.7.2-std"})
  void onlyWhoIsListedReachesThePort(String host) {
    AllowList list = AllowList.NONE.with(port("8080"), sources("192.0.2.0/25"));
    AllowPlan plan = new AllowPlan(Hosts.firewall(host), list);
    HostNetwork network = Samples.network(host).withProxies(Samples.proxied(host));
    List<IpAddress> clients = List.of(IpAddress.parse("192.0.2.7"), IpAddress.parse("192.0.2.200"));
    List<Effect> effects =
        plan.chains()
            .change()
            .effects(
                network, IpSets.NONE, Probes.of(plan.firewall().inventory(), network, clients));
    List<String> changed =
        effects.stream()
            .filter(Effect::changes)
            .map(Effect::toString)
            .filter(text -> !text.startsWith("network"))
            .toList();
    assertEquals(
        List.of(
            "192.0.2.200 to 192.0.2.2:8080/tcp: REACHABLE, now BLOCKED",
            "203.0.113.1 to 192.0.2.2:8080/tcp: REACHABLE, now BLOCKED"),
        changed);
    assertTrue(
        effects.stream()
            .anyMatch(
                effect ->
                    effect.probe().what().equals("192.0.2.7 to 192.0.2.2:8080/tcp")
                        && effect.after().verdict() == Verdict.REACHABLE));
    assertEquals(List.of(), FirewallChange.objections(effects, Set.of(clients.get(0))));
    assertEquals(
        "cuts-management", names(FirewallChange.objections(effects, Set.of(clients.get(1)))));
  }

  @Test
  void rulesThatRefuseAnswersAreObjectedTo() {
    String host = "seed-experiment-main-20.10.24";
    DockerFirewall before = Hosts.seed(host, "00-baseline");
    HostNetwork network = Observed.network(host);
    List<Probe> probes =
        Probes.of(
            before.inventory(),
            network,
            List.of(IpAddress.parse("192.168.1.1"), IpAddress.parse("192.168.2.5")));
    for (String config : List.of("ex1-d-docs-form", "ex1-e-corrected")) {
      FirewallChange change = FirewallChange.of(before, Hosts.seed(host, config).rules());
      List<Effect> effects = change.effects(network, IpSets.NONE, probes);
      assertEquals(
          config.equals("ex1-d-docs-form") ? "cuts-established" : "",
          names(FirewallChange.objections(effects, Set.of())));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "29.7.2-std, all, ipv6-past-list",
    "29.7.2-std, 8080/tcp, ipv6-past-list",
    "29.7.2-std, 8082/tcp, ''",
    "29.7.2-std, 8888/tcp, port-not-published",
    "27.5.1-std, 8080/tcp, direct-routing-past-list ipv6-past-list",
    "20.10.24-seed-host, all, addresses-unwritten ipv6-past-list",
    "29.7.2-nftables-std, all, no-user-chain",
    "replayed-1.13.1, all, no-user-chain"
  })
  void whatAListCannotDoIsTold(String host, String port, String names) {
    AllowList list =
        AllowList.NONE.with(
            port.equals("all") ? ALL : port(port), sources("192.168.1.1", "fd00:9::1"));
    DockerFirewall firewall =
        host.startsWith("replayed")
            ? DockerFirewall.of(
                Hosts.only(Samples.ruleset(host, "iptables-save.txt")), Hosts.replayed(true))
            : Hosts.firewall(host);
    assertEquals(names, names(new AllowPlan(firewall, list).findings()));
  }
}
