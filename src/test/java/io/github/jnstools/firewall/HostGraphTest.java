package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.firewall.HostGraph.Member;
import io.github.jnstools.firewall.HostGraph.Segment;
import io.github.jnstools.firewall.HostGraph.Way;
import io.github.jnstools.firewall.Place.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On captured hosts. */
class HostGraphTest {
  private static final String OLD = "20.10.24-two-bridges";
  private static final String NEW = "29.7.2-std";

  private static HostGraph graph(String host, DockerInventory inventory) {
    HostRules rules = Hosts.rules(host);
    DockerFirewall firewall = DockerFirewall.of(rules, inventory);
    HostNetwork network = firewall.locate(Samples.network(host));
    return HostGraph.of(
        inventory, network, Isolation.of(firewall, network, rules.filters(IpSets.NONE)));
  }

  private static List<String> members(HostGraph graph) {
    return graph.segments().stream()
        .flatMap(segment -> segment.members().stream().map(member -> text(segment, member)))
        .toList();
  }

  private static String text(Segment segment, Member member) {
    String name = segment.network().name() + " " + member.container().name();
    return member.home() ? name + " home" : name;
  }

  @Test
  void aContainerOnTwoNetworksIsAtHomeOnOne() {
    HostGraph graph = graph(OLD, Hosts.withSecond(OLD, "c2", "net2"));
    assertEquals(
        List.of("bridge c1 home", "bridge c2 home", "net2 c2", "net2 c3 home"), members(graph));
    assertTrue(graph.waysFrom(Kind.CONTAINER, "c1").isEmpty());
    assertEquals(
        List.of("bridge REACHABLE", "net2 REACHABLE"),
        graph.waysFrom(Kind.CONTAINER, "c2").stream()
            .filter(way -> way.to().kind() == Aim.Kind.NETWORK)
            .map(way -> way.to() + " " + way.verdict())
            .toList());
  }

  @Test
  void whatIsOnNoBridgeIsThereToo() {
    DockerInventory inventory = Hosts.inventory("20.10.24-seed-host");
    HostGraph graph = graph("20.10.24-seed-host", inventory);
    long running = inventory.containers().stream().filter(DockerContainer::isRunning).count();
    Stream<Member> members = graph.segments().stream().flatMap(each -> each.members().stream());
    assertEquals(running, members.filter(Member::home).count() + graph.elsewhere().size());
  }

  @Test
  void aPortIsToldWhereItIsNotAsItsNetwork() {
    HostGraph old = graph(OLD, Hosts.inventory(OLD));
    DockerContainer c1 = old.segments().get(0).members().get(0).container();
    List<Aim> ports = old.ports(c1);
    assertEquals(
        List.of("c1:80/tcp", "0.0.0.0:8080->80/tcp (c1)", "[::]:8080->80/tcp (c1)"),
        ports.stream().map(Aim::toString).toList());
    List<Way> ways = old.waysTo(ports.get(0));
    assertEquals(
        List.of("outside by eth0 REACHABLE"),
        ways.stream().map(way -> way.from().name() + " " + way.verdict()).toList());
    HostGraph now = graph(NEW, Hosts.inventory(NEW));
    assertTrue(now.ways().stream().noneMatch(way -> way.to().kind() == Aim.Kind.CONTAINER));
  }

  @Test
  void theSameOfSeveralAddressesIsOneWay() {
    HostGraph graph = graph(NEW, Hosts.inventory(NEW));
    Way six =
        graph.waysFrom(Kind.HOST, "host").stream()
            .filter(way -> way.to().toString().equals("net6"))
            .findFirst()
            .orElseThrow();
    assertEquals(Verdict.REACHABLE, six.verdict());
    assertEquals(
        List.of(false, true),
        six.reaches().stream().map(each -> each.flow().destination().v6()).sorted().toList());
  }

  @Test
  void whoIsOutsideIsToldByTheSubnetsOfTheInterface() {
    HostGraph graph = graph("20.10.24-seed-host", Hosts.inventory("20.10.24-seed-host"));
    assertEquals(
        List.of("outside by eth0 [192.0.2.0/24, fd00::/64]", "outside by h3v0 [192.168.1.0/24]"),
        graph.outside().stream().map(each -> each.place().name() + " " + each.subnets()).toList());
  }
}
