package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What engines print of their networks and containers. */
class DockerInventoryTest {

  @Test
  void networksComeInTheOrderOfTheirCreation() {
    assertEquals(
        List.of(
            "docker0", "br-ba6b8ae0417c", "br-b26654e3f29b", "br-2de748d71a26", "br-7922b52ca57b"),
        Hosts.inventory("29.7.2-std").bridges().stream()
            .map(DockerNetwork::interfaceName)
            .toList());
  }

  @Test
  void aNetworkHasWhatItsRulesDependOn() {
    DockerNetwork bridge = network("29.7.2-std", "bridge");
    assertEquals(Optional.of("docker0"), bridge.bridge());
    assertEquals(
        List.of(new DockerNetwork.Subnet("172.17.0.0/16", Optional.of("172.17.0.1"))),
        bridge.subnets());
    assertTrue(bridge.icc() && bridge.ipMasquerade() && bridge.ipv4());
    assertFalse(bridge.internal() || bridge.ipv6());
    assertEquals(
        List.of(new DockerNetwork.Attachment("web", Optional.of("172.17.0.2"), Optional.empty())),
        bridge.attached());

    assertTrue(network("29.7.2-std", "int1").internal());
    assertFalse(network("29.7.2-std", "noicc1").icc());
    DockerNetwork six = network("29.7.2-std", "net6");
    assertTrue(six.ipv6());
    assertEquals(List.of("fd00:d0c:6::/64"), six.prefixes(IpFamily.IPV6));
    assertEquals(List.of("172.21.0.0/16"), six.prefixes(IpFamily.IPV4));
    assertEquals(Optional.empty(), network("29.7.2-std", "host").bridge());
  }

  @Test
  void optionsOfANetworkAreRead() {
    DockerNetwork snat = network("20.10.24-snat-and-binding", "h3-snat");
    assertEquals(Optional.of("h3br0"), snat.bridge());
    assertEquals(Optional.of("192.0.2.2"), snat.hostIpv4());
    assertEquals(Optional.of("127.0.0.1"), snat.hostBinding());
    assertFalse(network("20.10.24-ip-masq-false", "h3-nomasq").ipMasquerade());
    DockerNetwork gateway = network("20.10.24-swarm-ingress", "docker_gwbridge");
    assertTrue(
        gateway.attached().stream().anyMatch(one -> one.name().equals("gateway_ingress-sbox")));
  }

  @Test
  void aContainerHasItsPorts() {
    DockerContainer api = container("29.7.2-std", "api");
    assertEquals("net1", api.networkMode());
    assertEquals(Optional.of("172.18.0.2"), api.endpoints().get(0).ipv4());
    assertTrue(api.isRunning());
    assertEquals(
        List.of(
            "0.0.0.0:8443->443/tcp",
            "127.0.0.1:5432->5432/tcp",
            "192.0.2.2:9090->90/udp",
            "[::]:8443->443/tcp"),
        api.ports().stream().map(PublishedPort::toString).sorted().toList());
  }

  @Test
  void aPortOfAnInternalNetworkIsAskedForAndNotPublished() {
    DockerContainer hidden = container("20.10.24-internal", "h3-i1");
    assertEquals(List.of(), hidden.ports());
    assertEquals(List.of(new DockerContainer.AskedPort(80, "tcp")), hidden.asked());
  }

  @ParameterizedTest
  @CsvSource({
    "20.10.24-swarm-ingress, 20.10.24+dfsg1, , , true",
    "27.5.1-std, v275, , , false",
    "28.5.2-std, 28.5.2+dfsg4, iptables, , false",
    "29.7.2-nftables-std, 29.7.2, nftables, true, false"
  })
  void theEngineTellsItsSettings(
      String host, String version, String backend, Boolean proxy, boolean swarm) {
    DockerSettings settings = Hosts.inventory(host).settings();
    assertEquals(version, settings.version());
    assertEquals(Optional.ofNullable(backend), settings.firewallBackend());
    assertEquals(Optional.ofNullable(proxy), settings.userlandProxy());
    assertEquals(swarm, settings.swarm());
    assertEquals(Optional.of(true), settings.ipForward());
    assertEquals(Optional.of(true), settings.bridgeNfIptables());
  }

  @Test
  void daemonJsonTellsItsSettingsAndItsMistakes() throws MalformedException {
    DockerSettings settings =
        settings("{\"iptables\": \"false\", \"ip6tables\": true, \"userland-proxy\": false}");
    assertEquals(List.of("iptables"), settings.misspelled());
    assertEquals(Optional.empty(), settings.iptables());
    assertEquals(Optional.of(true), settings.ip6tables());
    assertEquals(Optional.of(false), settings.userlandProxy());
    assertEquals(Optional.empty(), settings("").bridgeNfIptables());
  }

  private static DockerSettings settings(String daemonJson) throws MalformedException {
    return DockerInventory.parse(new DockerInventory.Sources("", "", "", "", daemonJson, ""))
        .settings();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{} | docker network inspect: ",
        "[1] | docker network inspect: an array with something else than objects",
        "[{\"Id\": \"a\", \"Driver\": \"bridge\"}] | docker network inspect: an object without Name",
        "[{\"Id\": \"a\", \"Driver\": \"bridge\", \"Name\": \"b\", \"Created\": \"today\"}]"
            + " | docker network inspect: Created is no time: today",
      })
  void whatNoEnginePrintsIsRefusedWithTheReason(String text, String message) {
    MalformedException e =
        assertThrows(
            MalformedException.class,
            () -> DockerInventory.parse(new DockerInventory.Sources(text, "", "", "", "", "")));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  @Test
  void nestingWithoutEndIsRefused() {
    String deep = "[{\"Id\": " + "[".repeat(200_000);
    assertThrows(
        MalformedException.class,
        () -> DockerInventory.parse(new DockerInventory.Sources(deep, "", "", "", "", "")));
  }

  @Test
  void nftTablesAreThoseOfIptablesOfDockerOrOfOthers() throws MalformedException {
    NftTables docker = Hosts.nft("29.7.2-nftables-std");
    assertTrue(docker.hasDocker());
    assertEquals(List.of(), docker.foreign());
    NftTables plain = Hosts.nft("20.10.24-two-bridges");
    assertFalse(plain.hasDocker());
    assertEquals(List.of(), plain.foreign());
    NftTables own =
        NftTables.parse(
            "{\"nftables\": [{\"table\": {\"family\": \"inet\", \"name\": \"firewalld\"}}, {\"chain\":"
                + " {\"family\": \"inet\", \"table\": \"firewalld\", \"name\": \"filter_FORWARD\","
                + " \"hook\": \"forward\"}}]}");
    assertEquals(
        List.of("inet firewalld"),
        own.foreign().stream().map(hook -> hook.table().toString()).toList());
    assertThrows(MalformedException.class, () -> NftTables.parse(""));
  }

  private static DockerNetwork network(String host, String name) {
    return Hosts.inventory(host).networks().stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static DockerContainer container(String host, String name) {
    return Hosts.inventory(host).containers().stream()
        .filter(container -> container.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
