package io.github.jnstools.firewall;

import static io.github.jnstools.firewall.Verdict.BLOCKED;
import static io.github.jnstools.firewall.Verdict.REACHABLE;
import static io.github.jnstools.firewall.Verdict.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Traces on captured hosts, beside what was measured there or on hosts like them: see {@code
 * extra-experiments-20.10.24/results.txt}.
 */
class MeasuredHostsTest {
  private static final String SEED = "20.10.24-seed-host";
  private static final String NET2 = "br-c12028f2ffcc";

  /** A captured host, with its rules as they are or with others. */
  private record Host(Filters filters, HostNetwork network) {
    static Host of(String name) throws MalformedException {
      return of(name, Samples.text(name, "iptables-save.txt"));
    }

    static Host of(String name, String rules) throws MalformedException {
      // On hosts without ip6tables in use it prints nothing.
      boolean v6 = Samples.ROOT.resolve(name).resolve("ip6tables-save.txt").toFile().exists();
      return new Host(
          Filters.of(
              Ruleset.parse(rules),
              Ruleset.parse(v6 ? Samples.text(name, "ip6tables-save.txt") : "")),
          Samples.network(name).withProxies(Samples.proxied(name)));
    }

    /** With rules at the top of DOCKER-USER. */
    static Host withUserRules(String name, String... rules) throws MalformedException {
      String text = Samples.text(name, "iptables-save.txt");
      String first = "-A DOCKER-USER -j RETURN\n";
      assertTrue(text.contains(first), text);
      return of(name, text.replace(first, String.join("\n", rules) + "\n" + first));
    }

    PacketTrace trace(String in, String source, String destination, int port) {
      return trace(in, source, destination, port, "tcp");
    }

    PacketTrace trace(String in, String source, String destination, int port, String protocol) {
      IpAddress to = IpAddress.parse(destination);
      return PacketTrace.of(
          filters,
          network,
          in.equals("host")
              ? Flow.ofHost(to, protocol, port)
              : Flow.of(in, IpAddress.parse(source), to, protocol, port));
    }

    void expects(Verdict verdict, String in, String source, String destination, int port) {
      PacketTrace trace = trace(in, source, destination, port);
      assertEquals(verdict, trace.verdict(), source + " " + destination + ": " + trace.reason());
    }
  }

  private static String decider(PacketTrace trace) {
    return trace.decider().flatMap(Step::rule).map(Rule::text).orElse(trace.reason());
  }

  private static List<String> names(PacketTrace trace) {
    return trace.legs().stream().map(Leg::name).collect(Collectors.toList());
  }

  @Test
  void listOfIpv4AddressesIsPassedOverIpv6ByDockerProxy() throws MalformedException {
    Host host = Host.withUserRules(SEED, "-A DOCKER-USER ! -s 192.168.1.1/32 -i h3v0 -j DROP");
    host.expects(BLOCKED, "h3v0", "192.168.1.4", "192.168.1.254", 18080);
    PacketTrace trace = host.trace("eth0", "fd00::5", "fd00::2", 18080);
    assertEquals(REACHABLE, trace.verdict(), trace.reason());
    assertEquals(
        List.of(
            "first packet",
            "answer",
            "later packets",
            "docker-proxy: first packet",
            "docker-proxy: answer",
            "docker-proxy: later packets"),
        names(trace));
    assertEquals("172.27.0.2", trace.legs().get(3).sent().tuple().destination().toString());
  }

  @Test
  void containersAddressIsReachedByRoutingWherePortIsPublished() throws MalformedException {
    Host host = Host.of(SEED);
    host.expects(REACHABLE, "h3v0", "192.168.1.1", "172.27.0.2", 80);
    PacketTrace unpublished = host.trace("h3v0", "192.168.1.1", "172.27.0.2", 81);
    assertEquals("dropped by filter FORWARD: policy DROP", unpublished.reason());
    String open =
        Samples.text(SEED, "iptables-save.txt").replace(":FORWARD DROP", ":FORWARD ACCEPT");
    Host.of(SEED, open).expects(REACHABLE, "h3v0", "192.168.1.1", "172.27.0.2", 81);
  }

  @Test
  void networksAreIsolatedButForDockerProxy() throws MalformedException {
    Host host = Host.of(SEED);
    PacketTrace direct = host.trace(NET2, "172.18.0.2", "172.27.0.2", 80);
    assertEquals("-A DOCKER-ISOLATION-STAGE-2 -o h3seed0 -j DROP", decider(direct));
    PacketTrace published = host.trace(NET2, "172.18.0.2", "192.168.1.254", 18080);
    assertEquals(REACHABLE, published.verdict());
    assertTrue(names(published).contains("docker-proxy: first packet"), published.reason());
    host.expects(REACHABLE, NET2, "172.18.0.2", "172.27.0.1", 18080);
    host.expects(REFUSED, NET2, "172.18.0.2", "172.27.0.1", 18081);
  }

  @Test
  void internalNetworkReachesItsHostAndNothingBeyond() throws MalformedException {
    Host host = Host.of("20.10.24-internal");
    String bridge = "br-cf88dc1c2820";
    host.expects(REACHABLE, bridge, "172.19.0.3", "172.19.0.2", 80);
    host.expects(REACHABLE, "host", "", "172.19.0.2", 80);
    host.expects(BLOCKED, "eth0", "192.0.2.1", "172.19.0.2", 80);
    host.expects(BLOCKED, bridge, "172.19.0.2", "192.0.2.1", 9000);
    host.expects(REACHABLE, bridge, "172.19.0.2", "172.19.0.1", 2024);
    PacketTrace published = host.trace(bridge, "172.19.0.2", "172.19.0.1", 8080);
    assertEquals(
        "-A DOCKER-ISOLATION-STAGE-1 ! -d 172.19.0.0/16 -i br-cf88dc1c2820 -j DROP",
        decider(published));
  }

  @Test
  void neighboursThatMayNotTalkDoSoThroughPublishedPort() throws MalformedException {
    String name = "20.10.24-icc-false";
    String bridge = "br-08cd7659516d";
    Host host = Host.of(name);
    PacketTrace direct = host.trace(bridge, "172.20.0.3", "172.20.0.2", 80);
    assertEquals("-A FORWARD -i br-08cd7659516d -o br-08cd7659516d -j DROP", decider(direct));
    host.expects(REACHABLE, bridge, "172.20.0.3", "192.0.2.2", 18091);
    host.expects(REACHABLE, "host", "", "172.20.0.2", 80);
    host.expects(REACHABLE, "eth0", "192.0.2.1", "192.0.2.2", 18091);
    Host.withUserRules(name, "-A DOCKER-USER -i br-08cd7659516d -j ACCEPT")
        .expects(REACHABLE, bridge, "172.20.0.3", "172.20.0.2", 80);
  }

  @Test
  void bridgeThatIsNotFilteredLetsNeighboursTalk() throws MalformedException {
    Host host = Host.of("20.10.24-icc-false");
    HostNetwork past =
        host.network()
            .withSysctls(
                Samples.text("20.10.24-icc-false", "sysctl.txt")
                    .replace("bridge-nf-call-iptables = 1", "bridge-nf-call-iptables = 0"));
    PacketTrace trace =
        new Host(host.filters(), past).trace("br-08cd7659516d", "172.20.0.3", "172.20.0.2", 80);
    assertEquals(REACHABLE, trace.verdict());
    assertEquals("past all rules", trace.reason());
  }

  @Test
  void acceptingOneDirectionDoesNotOpenIsolation() throws MalformedException {
    String there = "-A DOCKER-USER -i br-c12028f2ffcc -o h3seed0 -j ACCEPT";
    String back = "-A DOCKER-USER -i h3seed0 -o br-c12028f2ffcc -j ACCEPT";
    PacketTrace half = Host.withUserRules(SEED, there).trace(NET2, "172.18.0.2", "172.27.0.2", 80);
    assertEquals("-A DOCKER-ISOLATION-STAGE-2 -o br-c12028f2ffcc -j DROP", decider(half));
    assertEquals(List.of("first packet", "answer"), names(half));
    Host.withUserRules(SEED, there, back).expects(REACHABLE, NET2, "172.18.0.2", "172.27.0.2", 80);
  }

  @Test
  void twoNegationsLetNobodyIn() throws MalformedException {
    Host wrong =
        Host.withUserRules(
            SEED,
            "-A DOCKER-USER ! -s 192.168.1.1/32 -i h3v0 -j DROP",
            "-A DOCKER-USER ! -s 192.168.1.2/32 -i h3v0 -j DROP");
    Host right =
        Host.withUserRules(
            SEED,
            "-A DOCKER-USER -s 192.168.1.1/32 -i h3v0 -j RETURN",
            "-A DOCKER-USER -s 192.168.1.2/32 -i h3v0 -j RETURN",
            "-A DOCKER-USER -i h3v0 -m conntrack --ctstate NEW -j DROP");
    for (String source : List.of("192.168.1.1", "192.168.1.2", "192.168.1.3")) {
      wrong.expects(BLOCKED, "h3v0", source, "192.168.1.254", 18080);
    }
    right.expects(REACHABLE, "h3v0", "192.168.1.1", "192.168.1.254", 18080);
    right.expects(REACHABLE, "h3v0", "192.168.1.2", "192.168.1.254", 18080);
    right.expects(BLOCKED, "h3v0", "192.168.1.3", "192.168.1.254", 18080);
    right.expects(REACHABLE, "h3seed0", "172.27.0.3", "192.168.2.5", 9000);
  }

  @Test
  void openConnectionOutlivesAListThatForbidsIt() throws MalformedException {
    Flow flow =
        Flow.of(
            "h3v0", IpAddress.parse("192.168.1.4"), IpAddress.parse("192.168.1.254"), "tcp", 18080);
    String list = "-A DOCKER-USER ! -s 192.168.1.1/32 -i h3v0 -j DROP";
    Host before = Host.of(SEED);
    Host after =
        Host.withUserRules(
            SEED, "-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN", list);
    HostNetwork network = before.network();
    assertEquals(BLOCKED, PacketTrace.of(after.filters(), network, flow).verdict());
    assertEquals(
        REACHABLE, PacketTrace.of(before.filters(), after.filters(), network, flow).verdict());
    Host harsh = Host.withUserRules(SEED, list);
    assertEquals(
        BLOCKED, PacketTrace.of(before.filters(), harsh.filters(), network, flow).verdict());
  }

  @Test
  void withoutDockerProxyPublishedPortIsIsolatedToo() throws MalformedException {
    String name = "20.10.24-no-userland-proxy";
    Host host = new Host(Host.of(name).filters(), Samples.network(name));
    PacketTrace trace = host.trace("br-9b16e5d17c39", "172.18.0.2", "192.0.2.2", 8080);
    assertEquals("-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP", decider(trace));
    // A neighbour's answer is put right by the bridge's own filter only.
    host.expects(REACHABLE, "docker0", "172.17.0.3", "192.0.2.2", 8080);
    HostNetwork past =
        host.network()
            .withSysctls("net.ipv4.ip_forward = 1\nnet.bridge.bridge-nf-call-iptables = 0\n");
    new Host(host.filters(), past).expects(BLOCKED, "docker0", "172.17.0.3", "192.0.2.2", 8080);
  }

  @Test
  void loopbackReachesContainerIfItsBridgeTakesLoopbackAddresses() throws MalformedException {
    String name = "20.10.24-no-userland-proxy";
    Host host = new Host(Host.of(name).filters(), Samples.network(name));
    // The setting of the bridge was not captured, only that of all.
    assertEquals(Verdict.UNKNOWN, host.trace("host", "", "127.0.0.1", 8080).verdict());
    String settings = Samples.text(name, "sysctl.txt") + "net.ipv4.conf.docker0.route_localnet = ";
    new Host(host.filters(), host.network().withSysctls(settings + "1"))
        .expects(REACHABLE, "host", "", "127.0.0.1", 8080);
    new Host(host.filters(), host.network().withSysctls(settings + "0"))
        .expects(BLOCKED, "host", "", "127.0.0.1", 8080);
  }

  @Test
  void neighboursPacketThatIsSentOnElsewhereIsRouted() throws MalformedException {
    String name = "27.5.1-std";
    String before = "-A PREROUTING -m addrtype";
    String elsewhere = "-A PREROUTING -d 172.17.0.9/32 -j DNAT --to-destination 172.18.0.2\n";
    String rules = Samples.text(name, "iptables-save.txt").replace(before, elsewhere + before);
    PacketTrace trace = Host.of(name, rules).trace("docker0", "172.17.0.3", "172.17.0.9", 443);
    assertEquals("-A DOCKER-ISOLATION-STAGE-2 -o br-9fe025bd7471 -j DROP", decider(trace));
  }

  @Test
  void withoutRulesNothingIsIsolated() throws MalformedException {
    Host host = Host.of("20.10.24-iptables-false");
    host.expects(REACHABLE, "br-19a5af07a61d", "172.18.0.2", "172.17.0.2", 80);
    host.expects(REACHABLE, "br-19a5af07a61d", "172.18.0.2", "192.0.2.2", 8080);
  }

  @Test
  void since28RoutingToContainerIsDroppedInRaw() throws MalformedException {
    String name = "29.7.2-std";
    String open =
        Samples.text(name, "iptables-save.txt").replace(":FORWARD DROP", ":FORWARD ACCEPT");
    Host host = Host.of(name, open);
    String net1 = "br-ba6b8ae0417c";
    String raw = "-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP";
    assertEquals(raw, decider(host.trace("eth0", "192.0.2.1", "172.17.0.2", 80)));
    assertEquals(raw, decider(host.trace("eth0", "192.0.2.1", "172.17.0.2", 81)));
    assertEquals(raw, decider(host.trace(net1, "172.18.0.2", "172.17.0.2", 80)));
    assertEquals(raw, decider(host.trace(net1, "172.18.0.2", "172.17.0.2", 81)));
    PacketTrace published = host.trace(net1, "172.18.0.2", "192.0.2.2", 8080);
    assertEquals(REACHABLE, published.verdict(), published.reason());
    // From 29 on it is no longer docker-proxy that serves other networks.
    assertEquals(List.of("first packet", "answer", "later packets"), names(published));
    host.expects(REACHABLE, "docker0", "172.17.0.3", "172.17.0.2", 81);
    host.expects(REACHABLE, "eth0", "192.0.2.1", "192.0.2.2", 8080);
    assertEquals(REACHABLE, host.trace("eth0", "192.0.2.1", "192.0.2.2", 9090, "udp").verdict());
    assertEquals(REFUSED, host.trace("eth0", "192.0.2.1", "192.0.2.2", 9090).verdict());
  }

  @Test
  void portOfLoopbackIsReachedFromTheHostOnly() throws MalformedException {
    for (String name : List.of("27.5.1-std", "28.5.2-std", "29.7.2-std")) {
      Host host = Host.of(name);
      host.expects(REACHABLE, "host", "", "127.0.0.1", 5432);
      host.expects(REFUSED, "eth0", "192.0.2.1", "192.0.2.2", 5432);
    }
    // Whoever routes to the container's address passes, up to 27.
    Host.of("27.5.1-std").expects(REACHABLE, "eth0", "192.0.2.1", "172.18.0.2", 5432);
    Host.of("28.5.2-std").expects(BLOCKED, "eth0", "192.0.2.1", "172.18.0.2", 5432);
  }

  @Test
  void ipv6IsTracedByItsOwnRules() throws MalformedException {
    String name = "20.10.24-ip6tables-icc-false-ip";
    Host host = Host.of(name);
    String web = "fd00:d0c:1::242:ac11:2";
    PacketTrace isolated = host.trace("docker0", web, "fd00:d0c:2::2", 90);
    assertEquals("-A DOCKER-ISOLATION-STAGE-2 -o br-17642eb82d3e -j DROP", decider(isolated));
    PacketTrace proxied = host.trace("docker0", web, "fd00:d0c:1::1", 9090);
    assertEquals(REACHABLE, proxied.verdict(), proxied.reason());
    assertEquals("fd00:d0c:2::2", proxied.legs().get(3).sent().tuple().destination().toString());
    PacketTrace neighbours = host.trace("docker0", web, "fd00:d0c:1::5", 80);
    assertEquals("-A FORWARD -i docker0 -o docker0 -j DROP", decider(neighbours));
  }

  @Test
  void publishedPortOfIpv6IsSentOnToTheContainer() throws MalformedException {
    String name = "29.7.2-std";
    HostNetwork network =
        HostNetwork.parse(
                Samples.text(name, "ip-addr.json"),
                Samples.text(name, "ip-route.json")
                    + "[{\"dst\":\"fd00:77::/64\",\"dev\":\"eth0\",\"flags\":[]}]",
                Samples.text(name, "ip-link.json"))
            .withSysctls(Samples.text(name, "sysctl.txt"));
    Host host = new Host(Host.of(name).filters(), network);
    PacketTrace trace = host.trace("eth0", "fd00:77::5", "fd00:d0c:6::1", 8082);
    assertEquals(REACHABLE, trace.verdict(), trace.reason());
    assertTrue(decider(trace).contains("-d fd00:d0c:6::2/128"), decider(trace));
    assertTrue(
        trace.legs().get(0).steps().stream()
            .anyMatch(step -> step.effect().equals("NAT: now fd00:77::5 -> [fd00:d0c:6::2]:80")),
        trace.legs().toString());
    PacketTrace direct = host.trace("eth0", "fd00:77::5", "fd00:d0c:6::2", 80);
    assertEquals(Optional.of("raw"), direct.decider().map(Step::table));
  }

  @Test
  void containersAddressIsHiddenOnItsWayOut() throws MalformedException {
    PacketTrace trace = Host.of("27.5.1-std").trace("docker0", "172.17.0.2", "192.0.2.1", 443);
    assertEquals(REACHABLE, trace.verdict());
    // On the wire the answer is for the host, as the table raw sees it.
    assertEquals("192.0.2.2", trace.legs().get(1).sent().tuple().destination().toString());
    Host snat = Host.of("20.10.24-snat-and-binding");
    PacketTrace fixed = snat.trace("h3br0", "172.23.0.2", "192.0.2.1", 443);
    assertEquals("192.0.2.2", fixed.legs().get(1).sent().tuple().destination().toString());
    PacketTrace bare =
        Host.of("20.10.24-ip-masq-false").trace("br-bbc974a81f2a", "172.22.0.2", "192.0.2.1", 443);
    assertEquals("172.22.0.2", bare.legs().get(1).sent().tuple().destination().toString());
  }
}
