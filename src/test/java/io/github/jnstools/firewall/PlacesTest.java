package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is on a captured host, and the connections between them. */
class PlacesTest {
  private static final String HOST = "29.7.2-std";

  private static Places places() {
    DockerFirewall firewall = Hosts.firewall(HOST);
    return Places.of(firewall.inventory(), firewall.locate(Samples.network(HOST)));
  }

  /** {@code docker0: 172.17.0.2 -> 172.18.0.2}, one for each connection. */
  private static List<String> flows(Place from, Place to) {
    return places().flows(from, to, "tcp", 80).stream()
        .map(
            flow ->
                (flow.fromHost() ? "host" : flow.in().orElse("?"))
                    + ": "
                    + flow.source().map(IpAddress::toString).orElse("?")
                    + " -> "
                    + flow.destination())
        .toList();
  }

  private static List<String> flows(String from, String to) {
    return flows(places().named(from), places().named(to));
  }

  @Test
  void aContainerSendsByItsBridge() {
    assertEquals(List.of("docker0: 172.17.0.2 -> 172.18.0.2"), flows("web", "api"));
    assertEquals(List.of("br-7922b52ca57b: 172.21.0.2 -> 172.17.0.2"), flows("six", "web"));
    assertEquals(List.of("docker0: 172.17.0.2 -> 198.51.100.7"), flows("web", "198.51.100.7"));
  }

  @Test
  void aNetworkIsAnAddressThatNobodyHas() {
    assertEquals(
        List.of(
            "br-7922b52ca57b: 172.21.255.254 -> 172.21.0.2",
            "br-7922b52ca57b: fd00:d0c:6:0:ffff:ffff:ffff:fffe -> fd00:d0c:6::2"),
        flows("net6", "six"));
    Subnet subnet = Subnet.parse("10.0.0.0/30");
    assertEquals("10.0.0.2", subnet.unused(Set.of()).toString());
    assertEquals("10.0.0.1", subnet.unused(Set.of(IpAddress.parse("10.0.0.2"))).toString());
  }

  @Test
  void thisHostIsFoundAtOnesOwnEndOfTheWire() {
    assertEquals(List.of("docker0: 172.17.0.2 -> 172.17.0.1"), flows("web", "host"));
    assertEquals(List.of("?: 192.0.2.77 -> 192.0.2.2"), flows("192.0.2.77", "host"));
    assertEquals(
        List.of("docker0: 172.17.0.9 -> 172.17.0.1"),
        flows(places().address("172.17.0.9", Optional.of("docker0")), places().named("host")));
    assertEquals(List.of("host: ? -> 127.0.0.1", "host: ? -> ::1"), flows("host", "host"));
  }

  @Test
  void anAddressOfThisHostIsThisHost() {
    assertEquals(List.of("host: 192.0.2.2 -> 172.17.0.2"), flows("192.0.2.2", "web"));
  }

  @Test
  void thoseWithoutACommonFamilyCannotMeet() {
    assertEquals(List.of(), flows("web", "fd00:d0c:6::2"));
    assertEquals(List.of(), flows("web", "172.17.0.2"));
  }

  @Test
  void whoIsNotThereIsRefusedWithTheReason() {
    assertEquals("no running container, no network and no address is called so", refusal("nobody"));
    assertEquals("the network has the driver null: these rules say nothing of it", refusal("none"));
  }

  private static String refusal(String name) {
    return assertThrows(IllegalArgumentException.class, () -> places().named(name)).getMessage();
  }

  @Test
  void aContainerIsKnownByTheStartOfItsId() {
    DockerInventory inventory = Hosts.inventory(HOST);
    DockerContainer web = inventory.container("web").orElseThrow();
    assertEquals(Optional.of(web), inventory.container(web.id().substring(0, 12)));
    assertEquals(Optional.of(web), inventory.container(web.id()));
    assertEquals(Optional.empty(), inventory.container(""));
    assertEquals(Optional.empty(), inventory.container("we"));
  }
}
