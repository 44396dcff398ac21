package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is due for options that no captured host has. The rules are those that the documents of
 * moby's own tests show for Docker 28.0 and 29.
 */
class LayoutTest {
  private static final String CHAINS_28_0_0 =
      "-A FORWARD -m set --match-set docker-ext-bridges-v4 dst -j DOCKER";

  /** By each layout: the chains that show it, and a rule. */
  private static final Map<Generation, List<String>> SHOWN = new LinkedHashMap<>();

  static {
    SHOWN.put(Generation.FORWARD_ONLY, List.of("DOCKER"));
    SHOWN.put(Generation.ISOLATION, List.of("DOCKER", "DOCKER-ISOLATION"));
    SHOWN.put(Generation.USER, List.of("DOCKER", "DOCKER-ISOLATION", "DOCKER-USER"));
    SHOWN.put(Generation.STAGES, List.of("DOCKER", "DOCKER-ISOLATION-STAGE-1", "DOCKER-USER"));
    SHOWN.put(Generation.BRIDGE_SET, SHOWN.get(Generation.STAGES));
    SHOWN.put(
        Generation.FORWARD_CHAIN,
        List.of("DOCKER", "DOCKER-FORWARD", "DOCKER-ISOLATION-STAGE-1", "DOCKER-USER"));
    SHOWN.put(
        Generation.INTERNAL_CHAIN,
        List.of("DOCKER", "DOCKER-FORWARD", "DOCKER-INTERNAL", "DOCKER-USER"));
  }

  @Test
  void theFirstLayoutOfDocker28AsksASetForTheBridges() {
    DockerFirewall firewall = firewall(Generation.BRIDGE_SET, "", inventory(network("nat", 2)));
    assertEquals(
        List.of(
            "-A FORWARD -j DOCKER-USER",
            "-A FORWARD -m set --match-set docker-ext-bridges-v4 dst -m conntrack --ctstate"
                + " RELATED,ESTABLISHED -j ACCEPT",
            "-A FORWARD -j DOCKER-ISOLATION-STAGE-1",
            "-A FORWARD -m set --match-set docker-ext-bridges-v4 dst -j DOCKER",
            "-A FORWARD -i docker0 -j ACCEPT",
            "-A FORWARD -i bridge1 -j ACCEPT"),
        due(firewall, "filter FORWARD"));
    assertEquals(
        List.of(
            "-A DOCKER -d 192.0.2.2/32 ! -i bridge1 -o bridge1 -p tcp -m tcp --dport 80 -j ACCEPT",
            "-A DOCKER ! -i docker0 -o docker0 -j DROP",
            "-A DOCKER ! -i bridge1 -o bridge1 -j DROP"),
        due(firewall, "filter DOCKER"));
    assertEquals(
        List.of(
            "-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2",
            "-A DOCKER-ISOLATION-STAGE-1 -i bridge1 ! -o bridge1 -j DOCKER-ISOLATION-STAGE-2"),
        due(firewall, "filter DOCKER-ISOLATION-STAGE-1"));
  }

  @Test
  void aRoutedNetworkIsReachedByItsContainersPorts() {
    DockerFirewall firewall =
        firewall(Generation.FORWARD_CHAIN, "", inventory(network("routed", 2)));
    assertEquals(
        List.of(
            "-A DOCKER -d 192.0.2.2/32 ! -i bridge1 -o bridge1 -p tcp -m tcp --dport 80 -j ACCEPT",
            "-A DOCKER ! -i docker0 -o docker0 -j DROP",
            "-A DOCKER -o bridge1 -p icmp -j ACCEPT",
            "-A DOCKER ! -i bridge1 -o bridge1 -j DROP"),
        due(firewall, "filter DOCKER"));
    assertEquals(
        List.of(
            "-A DOCKER-ISOLATION-STAGE-1 -i bridge1 -m conntrack --ctstate RELATED,ESTABLISHED -j"
                + " ACCEPT",
            "-A DOCKER-ISOLATION-STAGE-1 -o bridge1 -j RETURN",
            "-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2",
            "-A DOCKER-ISOLATION-STAGE-1 -i bridge1 ! -o bridge1 -j DOCKER-ISOLATION-STAGE-2"),
        due(firewall, "filter DOCKER-ISOLATION-STAGE-1"));
    assertEquals(
        List.of("-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE"),
        due(firewall, "nat POSTROUTING"));
    assertEquals(
        List.of("-A DOCKER -i bridge1 -j RETURN", "-A DOCKER -i docker0 -j RETURN"),
        due(firewall, "nat DOCKER"));
  }

  @Test
  void anUnprotectedNetworkLetsEverythingIn() {
    DockerFirewall firewall =
        firewall(Generation.FORWARD_CHAIN, "", inventory(network("nat-unprotected", 2)));
    assertEquals(
        List.of(
            "-A DOCKER ! -i docker0 -o docker0 -j DROP",
            "-A DOCKER ! -i bridge1 -o bridge1 -j ACCEPT"),
        due(firewall, "filter DOCKER"));
    assertEquals(
        "-A DOCKER ! -i bridge1 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.0.2.2:80",
        due(firewall, "nat DOCKER").get(2));
  }

  @Test
  void withoutDockerProxyTheRulesDoItsWork() {
    DockerFirewall firewall =
        firewall(
            Generation.INTERNAL_CHAIN,
            "*nat\n:OUTPUT ACCEPT [0:0]\n:DOCKER - [0:0]\n"
                + "-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER\nCOMMIT\n",
            inventory(network("nat", 2)));
    assertEquals(
        List.of("-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER"), due(firewall, "nat OUTPUT"));
    assertEquals(
        List.of(
            "-A POSTROUTING -o bridge1 -m addrtype --src-type LOCAL -j MASQUERADE",
            "-A POSTROUTING -s 192.0.2.0/24 ! -o bridge1 -j MASQUERADE",
            "-A POSTROUTING -o docker0 -m addrtype --src-type LOCAL -j MASQUERADE",
            "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
            "-A POSTROUTING -s 192.0.2.2/32 -d 192.0.2.2/32 -p tcp -m tcp --dport 80 -j"
                + " MASQUERADE"),
        due(firewall, "nat POSTROUTING"));
    assertEquals(
        List.of("-A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.0.2.2:80"),
        due(firewall, "nat DOCKER"));
  }

  @Test
  void aSwarmServiceIsServedInTheChainOfItsLayout() {
    String nat =
        "*nat\n:DOCKER - [0:0]\n:DOCKER-INGRESS - [0:0]\n"
            + "-A DOCKER-INGRESS -p udp -m udp --dport 53 -j DNAT --to-destination 172.18.0.2:53\n"
            + "-A DOCKER-INGRESS -j RETURN\nCOMMIT\n";
    DockerFirewall firewall = firewall(Generation.FORWARD_CHAIN, nat, inventory(network("nat", 2)));
    assertEquals(
        "-A DOCKER-FORWARD -j DOCKER-INGRESS", due(firewall, "filter DOCKER-FORWARD").get(0));
    assertEquals(
        List.of(
            "-A DOCKER-INGRESS -p udp -m udp --dport 53 -j ACCEPT",
            "-A DOCKER-INGRESS -p udp -m udp --sport 53 -m conntrack --ctstate"
                + " RELATED,ESTABLISHED -j ACCEPT",
            "-A DOCKER-INGRESS -j RETURN"),
        due(firewall, "filter DOCKER-INGRESS"));
    DockerFirewall older = firewall(Generation.BRIDGE_SET, nat, inventory(network("nat", 2)));
    assertEquals("-A FORWARD -j DOCKER-INGRESS", due(older, "filter FORWARD").get(1));
  }

  @Test
  void tableRawGuardsAddressesOrPortsAsItDoesAlready() {
    DockerInventory inventory = inventory(network("nat", 2, "eth1", "eth2"));
    assertEquals(
        List.of(), due(firewall(Generation.INTERNAL_CHAIN, "", inventory), "raw PREROUTING"));
    assertEquals(
        List.of(
            "-A PREROUTING -d 192.0.2.2/32 -i eth1 -j ACCEPT",
            "-A PREROUTING -d 192.0.2.2/32 -i eth2 -j ACCEPT",
            "-A PREROUTING -d 192.0.2.2/32 ! -i bridge1 -j DROP"),
        due(
            firewall(
                Generation.INTERNAL_CHAIN,
                raw("-A PREROUTING -d 172.17.0.9/32 ! -i docker0 -j DROP"),
                inventory),
            "raw PREROUTING"));
    assertEquals(
        "-A PREROUTING -d 192.0.2.2/32 ! -i bridge1 -p tcp -m tcp --dport 80 -j DROP",
        due(
                firewall(
                    Generation.FORWARD_CHAIN,
                    raw(
                        "-A PREROUTING -d 172.17.0.9/32 ! -i docker0 -p tcp -m tcp --dport 1 -j DROP"),
                    inventory),
                "raw PREROUTING")
            .get(2));
  }

  private static String raw(String rule) {
    return "*raw\n:PREROUTING ACCEPT [0:0]\n" + rule + "\nCOMMIT\n";
  }

  /** What is due, written down, is what is due. */
  @ParameterizedTest
  @EnumSource(
      names = {"NONE", "UNKNOWN", "NFTABLES"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatIsWrittenAsDueHasNotDrifted(Generation generation) {
    for (String mode : List.of("nat", "routed", "nat-unprotected")) {
      DockerInventory inventory = inventory(network(mode, 2));
      DockerFirewall firewall =
          firewall(
              generation,
              generation.isAtLeast(Generation.FORWARD_CHAIN)
                  ? raw("-A PREROUTING -d 172.17.0.9/32 ! -i docker0 -j DROP")
                  : "",
              inventory);
      assertEquals(generation, firewall.generation(), firewall.evidence(IpFamily.IPV4));
      DockerFirewall again =
          DockerFirewall.of(
              Hosts.only(parse(text(generation, firewall.expected(IpFamily.IPV4)))), inventory);
      assertEquals(generation, again.generation());
      assertEquals(List.of(), again.drift(), generation + " " + mode);
    }
  }

  @Test
  void anSctpPortMayHaveItsChecksumsFilled() {
    DockerFirewall firewall =
        DockerFirewall.of(
            Hosts.only(
                parse(
                    text(
                        Generation.STAGES,
                        firewall(Generation.STAGES, "", sctp()).expected(IpFamily.IPV4)))),
            sctp());
    assertEquals(List.of(), firewall.drift());
    assertEquals(
        List.of("-A POSTROUTING -p sctp -m sctp --sport 9 -j CHECKSUM --checksum-fill"),
        due(firewall, "mangle POSTROUTING"));
    List<DockerRule> without =
        firewall.expected(IpFamily.IPV4).stream()
            .filter(rule -> !rule.table().equals("mangle"))
            .toList();
    assertEquals(
        List.of(),
        DockerFirewall.of(Hosts.only(parse(text(Generation.STAGES, without))), sctp()).drift());
  }

  private static DockerInventory sctp() {
    return inventory(network("nat", 2), new PublishedPort("0.0.0.0", 1009, "sctp", 9));
  }

  private static DockerNetwork network(String mode, int created, String... trusted) {
    DockerNetwork plain = Hosts.network("bridge1", "bridge1", "192.0.2.0/24", created);
    return new DockerNetwork(
        plain.id(),
        plain.name(),
        plain.driver(),
        plain.bridge(),
        plain.created(),
        true,
        false,
        plain.subnets(),
        false,
        true,
        true,
        mode,
        "nat",
        Optional.empty(),
        Optional.empty(),
        List.of(trusted),
        List.of(new DockerNetwork.Attachment("c1", Optional.of("192.0.2.2"), Optional.empty())));
  }

  private static DockerInventory inventory(DockerNetwork network, PublishedPort... more) {
    List<PublishedPort> ports =
        more.length > 0 ? List.of(more) : List.of(new PublishedPort("0.0.0.0", 8080, "tcp", 80));
    DockerContainer container =
        new DockerContainer(
            "c1",
            "c1",
            1,
            Instant.ofEpochSecond(9),
            network.name(),
            List.of(
                new DockerContainer.Endpoint(
                    network.name(),
                    network.id(),
                    Optional.of("192.0.2.2"),
                    Optional.empty(),
                    Optional.of("192.0.2.1"),
                    Optional.empty(),
                    0)),
            network.isRouted(IpFamily.IPV4) ? List.of() : ports,
            List.of(new DockerContainer.AskedPort(80, "tcp")));
    return new DockerInventory(
        List.of(Hosts.network("bridge", "docker0", "172.17.0.0/16", 1), network),
        List.of(container),
        Hosts.settings(""));
  }

  private static DockerFirewall firewall(
      Generation generation, String tables, DockerInventory inventory) {
    StringBuilder filter = new StringBuilder("*filter\n:FORWARD DROP [0:0]\n");
    for (String chain : SHOWN.get(generation)) {
      filter.append(':').append(chain).append(" - [0:0]\n");
    }
    if (generation == Generation.BRIDGE_SET) {
      filter.append(CHAINS_28_0_0).append('\n');
    }
    return DockerFirewall.of(Hosts.only(parse(filter + "COMMIT\n" + tables)), inventory);
  }

  /** As iptables-save would print them. */
  private static String text(Generation generation, List<DockerRule> rules) {
    Map<String, Map<String, List<String>>> tables = new LinkedHashMap<>();
    for (DockerRule rule : rules) {
      tables
          .computeIfAbsent(rule.table(), table -> new LinkedHashMap<>())
          .computeIfAbsent(rule.rule().chain(), chain -> new ArrayList<>())
          .add(rule.rule().text());
    }
    StringBuilder text = new StringBuilder();
    tables.forEach(
        (table, chains) -> {
          text.append('*').append(table).append('\n');
          if (table.equals("filter")) {
            // Chains are there before they have rules.
            SHOWN.get(generation).forEach(chain -> chains.putIfAbsent(chain, List.of()));
          }
          chains
              .keySet()
              .forEach(
                  chain ->
                      text.append(':')
                          .append(chain)
                          .append(chain.startsWith("DOCKER") ? " - [0:0]\n" : " ACCEPT [0:0]\n"));
          chains.values().forEach(lines -> lines.forEach(line -> text.append(line).append('\n')));
          text.append("COMMIT\n");
        });
    return text.toString();
  }

  private static Ruleset parse(String text) {
    try {
      return Ruleset.parse(text);
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> due(DockerFirewall firewall, String place) {
    return firewall.expected(IpFamily.IPV4).stream()
        .filter(rule -> (rule.table() + " " + rule.rule().chain()).equals(place))
        .map(rule -> rule.rule().text())
        .collect(Collectors.toList());
  }
}
