package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What chains and the kernel around them do, on a host with little. */
class PacketTraceTest {
  private static final String SYSCTLS =
      """
      net.ipv4.ip_forward = 1
      net.ipv4.conf.all.rp_filter = 0
      net.ipv4.conf.eth0.rp_filter = 0
      net.ipv4.conf.all.route_localnet = 0
      net.ipv4.conf.eth0.route_localnet = 0
      """;

  private static HostNetwork network() throws MalformedException {
    return HostNetwork.parse(
            """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},
             {"ifname":"eth0","addr_info":[{"local":"192.0.2.2","prefixlen":24}]},
             {"ifname":"eth1","addr_info":[{"local":"10.0.0.1","prefixlen":24}]}]
            """,
            """
            [{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]},
             {"dst":"10.0.0.0/24","dev":"eth1","flags":[]},
             {"dst":"192.0.2.0/24","dev":"eth0","flags":[]}]
            """,
            "[]")
        .withSysctls(SYSCTLS);
  }

  private static String table(String name, String... rules) {
    StringBuilder text = new StringBuilder("*" + name + "\n");
    for (String hook : List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")) {
      text.append(':').append(hook).append(" ACCEPT [0:0]\n");
    }
    text.append(":A - [0:0]\n:B - [0:0]\n");
    for (String rule : rules) {
      text.append(rule).append('\n');
    }
    return text.append("COMMIT\n").toString();
  }

  /** From outside to a machine behind this host. */
  private static PacketTrace forward(String rules) throws MalformedException {
    return trace(rules, network(), "192.0.2.7", "10.0.0.5", 80);
  }

  private static PacketTrace trace(
      String rules, HostNetwork network, String source, String destination, int port)
      throws MalformedException {
    return PacketTrace.of(
        Filters.of(Ruleset.parse(rules)),
        network,
        Flow.of("eth0", IpAddress.parse(source), IpAddress.parse(destination), "tcp", port));
  }

  private static String decider(PacketTrace trace) {
    return trace.decider().map(Step::toString).orElse("");
  }

  private static List<String> effects(PacketTrace trace, int leg) {
    return trace.legs().get(leg).steps().stream().map(Step::effect).collect(Collectors.toList());
  }

  @Test
  void exampleOfThePackagesDocumentationRuns() throws MalformedException {
    String iptablesSave = table("filter", "-A FORWARD -p tcp -m tcp --dport 8080 -j DROP");
    String addresses = "[{\"ifname\":\"a\",\"addr_info\":[]},{\"ifname\":\"b\",\"addr_info\":[]}]";
    String routes =
        "[{\"dst\":\"10.0.0.0/8\",\"dev\":\"a\"},{\"dst\":\"192.0.2.0/24\",\"dev\":\"b\"}]";
    String links = "[]";
    String sysctls = SYSCTLS;
    IpAddress client = IpAddress.parse("192.0.2.7");
    IpAddress server = IpAddress.parse("10.0.0.5");

    Ruleset rules = Ruleset.parse(iptablesSave);
    HostNetwork network = HostNetwork.parse(addresses, routes, links).withSysctls(sysctls);
    Flow flow = Flow.ofOutside(client, server, "tcp", 8080);
    PacketTrace trace = PacketTrace.of(Filters.of(rules), network, flow);
    assertEquals(
        "BLOCKED: dropped by filter FORWARD 1: -A FORWARD -p tcp -m tcp --dport 8080 -j DROP",
        trace.verdict() + ": " + trace.reason());
  }

  @Test
  void unknownConditionThatDecidesMakesTheVerdictUnknown() throws MalformedException {
    PacketTrace trace = forward(table("filter", "-A FORWARD -m owner --uid-owner 0 -j DROP"));
    assertEquals(Verdict.UNKNOWN, trace.verdict());
    assertEquals("filter FORWARD 1: -A FORWARD -m owner --uid-owner 0 -j DROP", decider(trace));
    assertEquals(
        List.of(Verdict.REACHABLE, Verdict.BLOCKED),
        trace.ways().stream().map(way -> way.end().verdict()).toList());
  }

  @Test
  void unknownConditionThatDecidesNothingIsOnlyTold() throws MalformedException {
    PacketTrace trace =
        forward(
            table(
                "filter",
                "-A FORWARD -m limit --limit 1/sec -j LOG",
                "-A FORWARD -m string --string \"x\" --algo bm -j A",
                "-A FORWARD -j DROP",
                "-A A -s 203.0.113.0/24 -j ACCEPT"));
    assertEquals(Verdict.BLOCKED, trace.verdict());
    assertEquals("filter FORWARD 3: -A FORWARD -j DROP", decider(trace));
    assertEquals(List.of("jump A"), trace.doubts().stream().map(Step::effect).toList());
  }

  @Test
  void moreWaysThanAnybodyCanFollowAreUnknown() throws MalformedException {
    String[] rules = new String[8];
    Arrays.fill(rules, "-A FORWARD -m time --timestart 08:00:00 -j A");
    PacketTrace trace = forward(table("filter", rules));
    assertEquals(Verdict.UNKNOWN, trace.verdict());
    assertEquals("more than 64 ways are possible", trace.reason());
  }

  @Test
  void targetThatIsNotKnownDecidesNothing() throws MalformedException {
    for (String target : List.of("NFQUEUE --queue-num 1", "CT --notrack", "STEAL", "C")) {
      PacketTrace trace = forward(table("filter", "-A FORWARD -j " + target));
      assertEquals(Verdict.UNKNOWN, trace.verdict(), target);
      assertTrue(decider(trace).startsWith("filter FORWARD 1"), decider(trace));
    }
    assertEquals(
        Verdict.REACHABLE, forward(table("raw", "-A PREROUTING -j CT --helper ftp")).verdict());
  }

  @Test
  void returnGoesBackToTheCallerAndGotoPastIt() throws MalformedException {
    String chains = "-A A -j RETURN";
    PacketTrace jumped = forward(table("filter", "-A FORWARD -j A", "-A FORWARD -j DROP", chains));
    assertEquals("filter FORWARD 2: -A FORWARD -j DROP", decider(jumped));
    PacketTrace gone = forward(table("filter", "-A FORWARD -g A", "-A FORWARD -j DROP", chains));
    assertEquals("filter FORWARD: policy ACCEPT", decider(gone));
    PacketTrace nested =
        forward(
            table(
                "filter",
                "-A FORWARD -j A",
                "-A FORWARD -j ACCEPT",
                "-A A -g B",
                "-A A -j DROP",
                "-A B -j RETURN"));
    assertEquals("filter FORWARD 2: -A FORWARD -j ACCEPT", decider(nested));
  }

  @Test
  void chainsThatGoRoundAreNotFollowedForEver() throws MalformedException {
    PacketTrace trace = forward(table("filter", "-A FORWARD -j A", "-A A -j B", "-A B -j A"));
    assertEquals(Verdict.UNKNOWN, trace.verdict());
  }

  @Test
  void marksAreCarriedFromTableToTableAndInTheConnection() throws MalformedException {
    String mangle =
        table(
            "mangle",
            "-A PREROUTING -m conntrack --ctstate NEW -j MARK --set-xmark 0x5/0xff",
            "-A FORWARD -m conntrack --ctstate NEW -j CONNMARK --save-mark --nfmask 0xffffffff"
                + " --ctmask 0xffffffff",
            "-A PREROUTING -m conntrack --ctdir REPLY -j CONNMARK --restore-mark --nfmask"
                + " 0xffffffff --ctmask 0xffffffff");
    PacketTrace trace =
        forward(
            mangle
                + table(
                    "filter",
                    "-A FORWARD -m mark --mark 0x5 -m conntrack --ctdir REPLY -j REJECT",
                    "-A FORWARD -m connmark --mark 0x6 -j ACCEPT"));
    assertEquals(Verdict.BLOCKED, trace.verdict());
    assertEquals("answer", trace.legs().get(trace.legs().size() - 1).name());
  }

  @Test
  void answersAndLaterPacketsMeetTheRulesInTheirOwnState() throws MalformedException {
    PacketTrace answer =
        forward(table("filter", "-A FORWARD -i eth1 -p tcp -m tcp --sport 80 -j DROP"));
    assertEquals(2, answer.legs().size());
    assertEquals(Verdict.BLOCKED, answer.verdict());
    PacketTrace later =
        forward(table("filter", "-A FORWARD -i eth0 -m conntrack --ctstate ESTABLISHED -j DROP"));
    assertEquals(3, later.legs().size());
    assertEquals(Verdict.BLOCKED, later.verdict());
  }

  @Test
  void destinationIsTranslatedBeforeTheFilterAndMangledBeforeThat() throws MalformedException {
    String nat =
        table(
            "nat",
            "-A PREROUTING -d 192.0.2.2/32 -p tcp -m tcp --dport 81 -j DNAT --to-destination"
                + " 10.0.0.5:8081-8085",
            "-A POSTROUTING -o eth1 -j MASQUERADE");
    String mangle = table("mangle", "-A PREROUTING -d 10.0.0.5/32 -j DROP");
    PacketTrace trace = trace(nat + mangle, network(), "192.0.2.7", "192.0.2.2", 81);
    assertEquals(Verdict.REACHABLE, trace.verdict(), trace.reason());
    assertTrue(
        effects(trace, 0).contains("NAT: now 192.0.2.7 -> 10.0.0.5:8081-8085"),
        effects(trace, 0).toString());
    assertTrue(
        effects(trace, 0).contains("NAT: now 10.0.0.1 -> 10.0.0.5:8081-8085"),
        effects(trace, 0).toString());
    assertEquals("10.0.0.5:8081-8085 -> 10.0.0.1", trace.legs().get(1).sent().tuple().toString());
  }

  @Test
  void addressOutOfSeveralIsNotGuessed() throws MalformedException {
    PacketTrace trace =
        trace(
            table("nat", "-A PREROUTING -j DNAT --to-destination 10.0.0.5-10.0.0.9"),
            network(),
            "192.0.2.7",
            "192.0.2.2",
            80);
    assertEquals(Verdict.UNKNOWN, trace.verdict());
  }

  @Test
  void subnetsAndOwnPortsAreTranslated() throws MalformedException {
    PacketTrace mapped =
        trace(
            table("nat", "-A PREROUTING -d 203.0.113.0/24 -j NETMAP --to 10.0.0.0/24"),
            network(),
            "192.0.2.7",
            "203.0.113.5",
            80);
    assertTrue(
        effects(mapped, 0).contains("NAT: now 192.0.2.7 -> 10.0.0.5:80"),
        effects(mapped, 0).toString());
    HostNetwork listening = network().withListeners("tcp LISTEN 0 9 0.0.0.0:8081 0.0.0.0:*\n");
    String redirect =
        table("nat", "-A PREROUTING -p tcp -m tcp --dport 81 -j REDIRECT --to-ports 8081");
    assertEquals(
        Verdict.REACHABLE, trace(redirect, listening, "192.0.2.7", "192.0.2.2", 81).verdict());
    assertEquals(
        Verdict.REFUSED, trace(redirect, listening, "192.0.2.7", "192.0.2.2", 82).verdict());
  }

  @Test
  void hostForwardsOnlyIfItIsToldTo() throws MalformedException {
    String off = SYSCTLS.replace("ip_forward = 1", "ip_forward = 0");
    PacketTrace blocked = trace("", network().withSysctls(off), "192.0.2.7", "10.0.0.5", 80);
    assertEquals("net.ipv4.ip_forward is 0: this host forwards nothing", blocked.reason());
    PacketTrace unknown = trace("", network().withSysctls(""), "192.0.2.7", "10.0.0.5", 80);
    assertEquals(Verdict.UNKNOWN, unknown.verdict());
    assertEquals("net.ipv4.ip_forward is 1", decider(unknown));
  }

  @Test
  void senderByAnotherWayPassesUnlessThatIsChecked() throws MalformedException {
    assertEquals(
        Verdict.BLOCKED,
        trace(
                "",
                network().withSysctls(SYSCTLS.replace("eth0.rp_filter = 0", "eth0.rp_filter = 1")),
                "10.0.0.9",
                "192.0.2.2",
                80)
            .verdict());
    assertEquals(Verdict.REACHABLE, trace("", network(), "10.0.0.9", "192.0.2.2", 80).verdict());
  }

  @Test
  void onlyConnectionsToOneMachineAreTraced() throws MalformedException {
    PacketTrace trace = trace("", network(), "192.0.2.7", "224.0.0.1", 80);
    assertEquals("224.0.0.1 is not of one machine: MULTICAST", trace.reason());
  }

  @Test
  void loopbackAddressesDoNotComeFromOutside() throws MalformedException {
    PacketTrace trace = trace("", network(), "192.0.2.7", "127.0.0.1", 80);
    assertEquals("an address of the loopback interface may not come in by eth0", trace.reason());
  }

  @Test
  void whatIptablesCannotReadIsUnknown() throws MalformedException {
    assertEquals(
        "the table nat cannot be read by iptables",
        forward("# Table `nat' is incompatible, use 'nft' tool.\n").reason());
    Filters ipv4 = Filters.of(Ruleset.parse(""));
    PacketTrace v6 =
        PacketTrace.of(ipv4, network(), Flow.ofHost(IpAddress.parse("::1"), "tcp", 80));
    assertEquals("the rules of IPv6 are not known", v6.reason());
    PacketTrace foreign =
        PacketTrace.of(
            new Filters(
                ipv4.ipv4(), ipv4.ipv6(), IpSets.NONE, List.of("nft has a table inet firewalld")),
            network(),
            Flow.ofHost(IpAddress.parse("10.0.0.5"), "tcp", 80));
    assertEquals(Verdict.UNKNOWN, foreign.verdict());
    assertEquals("REACHABLE by these rules, but nft has a table inet firewalld", foreign.reason());
  }

  @Test
  void routesThatAreNotPlainAreUnknown() throws MalformedException {
    HostNetwork marked =
        network()
            .withRules(
                "[{\"priority\":0,\"src\":\"all\",\"table\":\"local\"},"
                    + "{\"priority\":9,\"src\":\"all\",\"fwmark\":\"0x1\",\"table\":\"100\"}]");
    assertEquals(Verdict.UNKNOWN, trace("", marked, "192.0.2.7", "10.0.0.5", 80).verdict());
    HostNetwork bySender =
        network()
            .withRules(
                "[{\"priority\":9,\"src\":\"192.0.2.0\",\"srclen\":24,\"table\":\"100\"},"
                    + "{\"priority\":32766,\"src\":\"all\",\"table\":\"main\"}]");
    assertEquals(Verdict.REACHABLE, trace("", bySender, "192.0.2.7", "10.0.0.5", 80).verdict());
  }

  @Test
  void hostReachesItselfOverLoopbackPastNatOnce() throws MalformedException {
    PacketTrace trace =
        PacketTrace.of(
            Filters.of(
                Ruleset.parse(
                    table(
                        "nat",
                        "-A OUTPUT -p tcp -m tcp --dport 80 -j DNAT --to-destination"
                            + " 127.0.0.1:8080",
                        "-A PREROUTING -j DNAT --to-destination 10.0.0.5"))),
            network().withListeners("tcp LISTEN 0 9 127.0.0.1:8080 0.0.0.0:*\n"),
            Flow.ofHost(IpAddress.parse("192.0.2.2"), "tcp", 80));
    assertEquals(Verdict.REACHABLE, trace.verdict(), trace.reason());
    Packet last = trace.legs().get(0).steps().stream().reduce((a, b) -> b).orElseThrow().packet();
    assertEquals(Optional.of("lo"), last.in());
    assertEquals(IpAddress.parse("127.0.0.1"), last.tuple().destination());
  }

  @Test
  void udpAndEchoesAreTracedAsTcpIs() throws MalformedException {
    Filters filters =
        Filters.of(
            Ruleset.parse(
                table(
                    "filter",
                    "-A FORWARD -p udp -m udp --dport 53 -j ACCEPT",
                    "-A FORWARD -p icmp -m icmp --icmp-type 8 -j ACCEPT",
                    "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT",
                    "-A FORWARD -j DROP")));
    IpAddress from = IpAddress.parse("192.0.2.7");
    IpAddress to = IpAddress.parse("10.0.0.5");
    assertEquals(
        Verdict.REACHABLE,
        PacketTrace.of(filters, network(), Flow.ofOutside(from, to, "udp", 53)).verdict());
    assertEquals(
        Verdict.BLOCKED,
        PacketTrace.of(filters, network(), Flow.ofOutside(from, to, "udp", 54)).verdict());
    assertEquals(
        Verdict.REACHABLE,
        PacketTrace.of(filters, network(), Flow.ofOutside(from, to, "icmp", 0)).verdict());
  }

  @Test
  void marksThatAreNoNumbersAreUnknown() throws MalformedException {
    assertEquals(
        Verdict.UNKNOWN, forward(table("mangle", "-A FORWARD -j MARK --set-xmark x/y")).verdict());
  }

  @Test
  void longChainsGiveTheSameAnswersAsShortOnes() throws MalformedException {
    String[] rules = new String[400];
    for (int i = 0; i < 400; i++) {
      rules[i] =
          switch (i % 4) {
            case 0 -> "-A FORWARD -d 10.0.1." + i % 200 + "/32 -j DROP";
            case 1 -> "-A FORWARD -p tcp -m tcp --dport " + (1000 + i) + " -j DROP";
            case 2 -> "-A FORWARD -s 10.0.2." + i % 200 + "/32 -o eth1 -j DROP";
            default -> "-A FORWARD -i eth7 -j DROP";
          };
    }
    rules[200] = "-A FORWARD -s 192.0.2.7/32 -j A";
    rules[300] = "-A FORWARD -o eth1 -j RETURN";
    rules[350] = "-A FORWARD -i eth0 -j DROP";
    PacketTrace trace = forward(table("filter", rules));
    assertEquals(Verdict.REACHABLE, trace.verdict(), trace.reason());
    List<Integer> numbers =
        trace.legs().get(0).steps().stream()
            .filter(step -> step.table().equals("filter"))
            .map(Step::number)
            .toList();
    assertEquals(List.of(201, 301, 0), numbers);
    rules[299] = "-A FORWARD -p tcp -m tcp --dport 80 -j DROP";
    assertEquals("filter FORWARD 300: " + rules[299], decider(forward(table("filter", rules))));
  }
}
