package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** On captured hosts, beside what was measured on them: see {@code extra-experiments-20.10.24}. */
class IsolationTest {
  private static final String OLD = "20.10.24-two-bridges";
  private static final String NEW = "29.7.2-std";

  private static List<Reach> reaches(HostRules rules, DockerInventory inventory, String host) {
    DockerFirewall firewall = DockerFirewall.of(rules, inventory);
    HostNetwork network = firewall.locate(Samples.network(host));
    return Isolation.of(firewall, network, rules.filters(IpSets.NONE));
  }

  private static List<Reach> reaches(String host) {
    return reaches(Hosts.rules(host), Hosts.inventory(host), host);
  }

  /** {@code reachable by docker-proxy}, of the one row of IPv4. */
  private static String row(List<Reach> reaches, String from, String to) {
    List<Reach> found =
        reaches.stream()
            .filter(each -> each.from().name().equals(from) && each.to().toString().equals(to))
            .filter(each -> !each.flow().destination().v6())
            .toList();
    assertEquals(1, found.size(), from + " " + to + " in " + reaches);
    return found.get(0).verdict() + " " + found.get(0).via();
  }

  @Test
  void networksAreIsolatedButForPublishedPorts() {
    List<Reach> reaches = reaches(OLD);
    assertEquals("BLOCKED NONE", row(reaches, "net2", "bridge"));
    assertEquals("BLOCKED NONE", row(reaches, "bridge", "net2"));
    assertEquals("BLOCKED NONE", row(reaches, "net2", "c1:80/tcp"));
    assertEquals("REACHABLE NETWORK", row(reaches, "bridge", "bridge"));
    assertEquals("REACHABLE NETWORK", row(reaches, "bridge", "c1:80/tcp"));
    assertEquals("REACHABLE DOCKER_PROXY", row(reaches, "net2", "0.0.0.0:8080->80/tcp (c1)"));
    assertEquals("REACHABLE DOCKER_PROXY", row(reaches, "host", "0.0.0.0:8080->80/tcp (c1)"));
    assertEquals("REACHABLE RULES", row(reaches, "host", "net2"));
    assertEquals("REACHABLE RULES", row(reaches, "outside by eth0", "0.0.0.0:8080->80/tcp (c1)"));
    assertEquals("REACHABLE RULES", row(reaches, "outside by eth0", "c1:80/tcp"));
    assertEquals("BLOCKED NONE", row(reaches, "outside by eth0", "bridge"));
  }

  @Test
  void sinceDocker28WhoIsOutsideReachesPublishedPortsByTheHostOnly() {
    List<Reach> reaches = reaches(NEW);
    assertEquals("BLOCKED NONE", row(reaches, "outside by eth0", "web:80/tcp"));
    assertEquals("REACHABLE RULES", row(reaches, "outside by eth0", "0.0.0.0:8080->80/tcp (web)"));
    assertEquals("REACHABLE RULES", row(reaches, "net1", "0.0.0.0:8080->80/tcp (web)"));
    assertEquals("BLOCKED NONE", row(reaches, "noicc1", "noicc1"));
    assertEquals("REACHABLE NETWORK", row(reaches, "int1", "int1"));
    assertEquals("BLOCKED NONE", row(reaches, "net1", "127.0.0.1:5432->5432/tcp (api)"));
    assertEquals("REACHABLE DOCKER_PROXY", row(reaches, "host", "127.0.0.1:5432->5432/tcp (api)"));
  }

  @Test
  void bothFamiliesAreTraced() {
    List<String> toSix =
        reaches(NEW).stream()
            .filter(
                each ->
                    each.from().name().equals("net6") && each.to().toString().equals("six:80/tcp"))
            .map(each -> each.flow().destination() + " " + each.verdict())
            .toList();
    assertEquals(List.of("172.21.0.2 REACHABLE", "fd00:d0c:6::2 REACHABLE"), toSix);
  }

  @Test
  void everySideIsAskedAboutEveryAim() {
    List<Reach> reaches = reaches(OLD);
    Set<String> sides =
        reaches.stream().map(reach -> reach.from().name()).collect(Collectors.toSet());
    assertEquals(Set.of("host", "outside by eth0", "bridge", "net2"), sides);
    for (String side : sides) {
      for (String aim : List.of("bridge", "net2", "c1:80/tcp", "0.0.0.0:8080->80/tcp (c1)")) {
        row(reaches, side, aim);
      }
    }
  }

  @Test
  void aContainerOnTwoNetworksStandsForItself() {
    List<Reach> reaches = reaches(Hosts.rules(OLD), Hosts.withSecond(OLD, "c2", "net2"), OLD);
    assertEquals("REACHABLE SEVERAL_NETWORKS", row(reaches, "c2", "net2"));
    assertEquals("REACHABLE SEVERAL_NETWORKS", row(reaches, "c2", "bridge"));
    assertFalse(reaches.stream().anyMatch(each -> each.from().name().equals("c1")));
  }

  @Test
  void everyContainerStandsForItselfWhereRulesAskForSenders() throws MalformedException {
    String rules = Samples.text(OLD, "iptables-save.txt");
    String end = "-A DOCKER-USER -j RETURN\n";
    assertTrue(rules.contains(end), rules);
    HostRules changed =
        new HostRules(
            Optional.of(
                Ruleset.parse(
                    rules.replace(end, "-A DOCKER-USER -s 172.17.0.3/32 -j DROP\n" + end))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Hosts.nft(OLD)));
    List<Reach> reaches = reaches(changed, Hosts.inventory(OLD), OLD);
    assertEquals("BLOCKED NONE", row(reaches, "c2", "c1:80/tcp"));
    assertEquals("REACHABLE NETWORK", row(reaches, "bridge", "c1:80/tcp"));
    assertEquals("BLOCKED NONE", row(reaches, "c3", "c1:80/tcp"));
  }
}
