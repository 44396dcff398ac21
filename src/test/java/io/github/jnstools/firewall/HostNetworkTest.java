package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.firewall.HostNetwork.Listener;
import io.github.jnstools.firewall.HostNetwork.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A host's network, from what was captured of one. */
class HostNetworkTest {
  private static final HostNetwork HOST = Samples.network("29.7.2-std");

  private static IpAddress address(String text) {
    return IpAddress.parse(text);
  }

  @Test
  void everyCapturedHostIsRead() {
    List<String> hosts =
        Samples.rulesets().stream()
            .filter(file -> file.resolveSibling("sysctl.txt").toFile().exists())
            .map(file -> file.getParent().getFileName().toString())
            .distinct()
            .toList();
    for (String host : hosts) {
      HostNetwork network = Samples.network(host);
      assertTrue(network.isBridge("docker0"), host);
      assertEquals(OptionalInt.of(1), network.sysctl("net.ipv4.ip_forward"), host);
      assertTrue(network.listeners().isPresent(), host);
      assertEquals(3, network.rules().size(), host);
    }
    assertTrue(hosts.size() > 15, hosts.toString());
  }

  @Test
  void linksKnowTheirKindMasterAndAddresses() {
    assertEquals("veth", HOST.link("veth4626e4b").orElseThrow().kind());
    assertEquals(Optional.of("docker0"), HOST.link("veth4626e4b").orElseThrow().master());
    assertEquals(Optional.of(address("192.0.2.2")), HOST.address("eth0", false));
    assertEquals(Optional.of(address("fd00:d0c:6::1")), HOST.address("br-7922b52ca57b", true));
    assertEquals(Optional.empty(), HOST.address("eth0", true));
  }

  @Test
  void addressesHaveTheirTypes() {
    assertEquals("LOCAL", HOST.type(address("172.17.0.1")));
    assertEquals("LOCAL", HOST.type(address("127.9.9.9")));
    assertEquals("LOCAL", HOST.type(address("::1")));
    assertEquals("BROADCAST", HOST.type(address("172.17.255.255")));
    assertEquals("MULTICAST", HOST.type(address("224.0.0.1")));
    assertEquals("UNICAST", HOST.type(address("172.17.0.2")));
    assertEquals("UNSPEC", HOST.type(address("0.0.0.0")));
  }

  @Test
  void neighboursAreThoseOfTheBridgesSubnetOrOfTheInventory() {
    assertTrue(HOST.isNeighbour("docker0", address("172.17.0.9")));
    assertFalse(HOST.isNeighbour("docker0", address("172.17.0.1")));
    assertFalse(HOST.isNeighbour("docker0", address("172.18.0.2")));
    assertFalse(HOST.isNeighbour("eth0", address("192.0.2.9")));
    HostNetwork known =
        HOST.withContainers(Map.of(address("172.17.0.9"), new Place("br-other", true)));
    assertFalse(known.isNeighbour("docker0", address("172.17.0.9")));
    assertTrue(known.isNeighbour("br-other", address("172.17.0.9")));
  }

  @Test
  void withoutAGatewayOnlyNeighboursAndTheBridgeHaveARoute() {
    IpAddress open = address("172.17.0.2");
    IpAddress closed = address("172.17.0.9");
    IpAddress elsewhere = address("192.0.2.9");
    HostNetwork internal = HOST.withContainers(Map.of(closed, new Place("docker0", false)));
    for (IpAddress from : List.of(closed, address("172.17.0.77"))) {
      assertFalse(internal.hasRoute("docker0", from, elsewhere));
      assertTrue(internal.hasRoute("docker0", from, address("172.17.0.1")));
    }
    HostNetwork mixed =
        HOST.withContainers(
            Map.of(closed, new Place("docker0", false), open, new Place("docker0", true)));
    assertTrue(mixed.hasRoute("docker0", open, elsewhere));
    assertFalse(mixed.hasRoute("docker0", closed, elsewhere));
    assertTrue(mixed.hasRoute("docker0", address("172.17.0.77"), elsewhere));
    assertTrue(HOST.hasRoute("eth0", elsewhere, address("198.51.100.1")));
  }

  @Test
  void socketsHearTheirFamilyAndAddress() throws MalformedException {
    List<Listener> listeners =
        SocketTable.parse(
            """
            Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port
            tcp   LISTEN 0      128                *:22              *:*
            tcp   LISTEN 0      128             [::]:80           [::]:*
            udp   UNCONN 0      0      127.0.0.53%lo:53        0.0.0.0:*
            udp   UNCONN 0      0    [fe80::1]%eth0:546          [::]:*
            """);
    PortRange ssh = PortRange.of(22);
    assertTrue(listeners.get(0).hears("tcp", address("192.0.2.2"), ssh));
    assertTrue(listeners.get(0).hears("tcp", address("fd00::2"), ssh));
    assertFalse(listeners.get(0).hears("udp", address("192.0.2.2"), ssh));
    assertFalse(listeners.get(1).hears("tcp", address("192.0.2.2"), PortRange.of(80)));
    assertTrue(listeners.get(1).hears("tcp", address("fd00::2"), PortRange.of(80)));
    assertTrue(listeners.get(2).hears("udp", address("127.0.0.53"), PortRange.of(53)));
    assertFalse(listeners.get(2).hears("udp", address("127.0.0.1"), PortRange.of(53)));
    assertEquals(Optional.of(address("fe80::1")), listeners.get(3).address());
  }

  @Test
  void malformedTextsAreRefused() {
    refuses("ip -j addr: an object without ifname", "[{\"mtu\":1}]", "[]", "[]");
    refuses("ip -j addr: an array with something else than objects", "[1]", "[]", "[]");
    refuses("ip -j addr: not an IP address: x", named("x"), "[]", "[]");
    refuses("ip -j route: an object without dst", "[]", "[{\"dev\":\"eth0\"}]", "[]");
    refuses("ip -j route: not a subnet: x/y", "[]", "[{\"dst\":\"x/y\"}]", "[]");
    refuses("ip -j -d link: ", "[]", "[]", "nonsense");
    MalformedException socket =
        assertThrows(MalformedException.class, () -> HOST.withListeners("tcp LISTEN\n"));
    assertEquals("ss -lntu, line 1: not a listening socket: tcp LISTEN", socket.getMessage());
    MalformedException set =
        assertThrows(MalformedException.class, () -> IpSets.parse("create a hash:ip\nadd b 1\n"));
    assertEquals("ipset save, line 2: neither create nor add: add b 1", set.getMessage());
    MalformedException member =
        assertThrows(MalformedException.class, () -> IpSets.parse("create a hash:ip\nadd a x\n"));
    assertEquals("ipset save, line 2: not an IP address: x", member.getMessage());
  }

  private static String named(String local) {
    return "[{\"ifname\":\"a\",\"addr_info\":[{\"local\":\"" + local + "\"}]}]";
  }

  private static void refuses(String message, String addresses, String routes, String links) {
    MalformedException failure =
        assertThrows(MalformedException.class, () -> HostNetwork.parse(addresses, routes, links));
    assertTrue(failure.getMessage().startsWith(message), failure.getMessage());
  }

  @Test
  void routeOfTheLongestPrefixAndLowestMetricIsTaken() throws MalformedException {
    HostNetwork network =
        HostNetwork.parse(
            "[]",
            """
            [{"dst":"default","dev":"a","flags":[]},
             {"dst":"10.0.0.0/8","dev":"b","metric":20,"flags":[]},
             {"dst":"10.0.0.0/8","dev":"c","metric":10,"flags":[]},
             {"dst":"10.1.0.0/16","dev":"d","flags":["dead","linkdown"]},
             {"type":"unreachable","dst":"10.2.0.0/16","flags":[]},
             {"dst":"10.3.0.0/16","nexthops":[{"dev":"a"},{"dev":"b"}],"flags":[]},
             {"dst":"default","dev":"v6","gateway":"fd00::1","flags":[]}]
            """,
            "[]");
    Routing routing = new Routing(network);
    assertEquals("a", routing.decide(Optional.empty(), address("192.0.2.7")).device());
    assertEquals("c", routing.decide(Optional.empty(), address("10.1.0.1")).device());
    assertEquals("v6", routing.decide(Optional.empty(), address("2001:db8::7")).device());
    assertEquals(
        "the route to 10.2.0.0/16 is unreachable",
        routing.decide(Optional.empty(), address("10.2.0.1")).reason());
    assertEquals(
        Routing.Kind.UNKNOWN, routing.decide(Optional.empty(), address("10.3.0.1")).kind());
    assertEquals(Routing.Kind.UNKNOWN, routing.decide(Optional.empty(), address("fe80::1")).kind());
  }
}
