package io.github.jnstools.firewall;

import static io.github.jnstools.firewall.Truth.FALSE;
import static io.github.jnstools.firewall.Truth.TRUE;
import static io.github.jnstools.firewall.Truth.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.firewall.Condition.Scope;
import io.github.jnstools.firewall.HostNetwork.Link;
import io.github.jnstools.firewall.HostNetwork.LinkAddress;
import io.github.jnstools.firewall.Packet.Connection;
import io.github.jnstools.firewall.Packet.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Conditions, one packet at a time. */
class MatchesTest {
  private static final HostNetwork NETWORK =
      HostNetwork.of(
          List.of(
              new Link(
                  "eth0",
                  "",
                  Optional.empty(),
                  List.of(
                      new LinkAddress(
                          IpAddress.parse("192.0.2.2"), Subnet.parse("192.0.2.0/24"))))),
          List.of());

  /** The first packet of a connection to a published port, in FORWARD. */
  private static final Packet PACKET =
      new Packet(
          "tcp",
          tuple("192.168.1.2", PortRange.EPHEMERAL, "172.17.0.2", 80),
          Optional.of("eth0"),
          Optional.of("docker0"),
          Set.of("SYN"),
          -1,
          0x12,
          Optional.of(
              new Connection(
                  State.NEW,
                  false,
                  tuple("192.168.1.2", PortRange.EPHEMERAL, "192.0.2.2", 8080),
                  tuple("192.168.1.2", PortRange.EPHEMERAL, "172.17.0.2", 80).reversed(),
                  true,
                  false,
                  1)),
          false);

  private static Tuple tuple(String source, PortRange from, String destination, int port) {
    return new Tuple(
        IpAddress.parse(source), from, IpAddress.parse(destination), PortRange.of(port));
  }

  private static Truth matches(String rule, Packet packet) {
    return matches(rule, packet, IpSets.NONE);
  }

  private static Truth matches(String rule, Packet packet, IpSets sets) {
    return Rule.parse("-A FORWARD " + rule).compiled().matches(packet, new Scope(NETWORK, sets));
  }

  private static void expect(Truth expected, String... rules) {
    for (String rule : rules) {
      assertEquals(expected, matches(rule, PACKET), rule);
    }
  }

  /** The rules of the captured zoo that are not simply of other protocols or places. */
  private static final Map<String, Truth> ZOO =
      Map.ofEntries(
          Map.entry("-m addrtype --dst-type BROADCAST,MULTICAST -j DROP", FALSE),
          Map.entry("-m comment --comment \"no target, counts only\"", TRUE),
          Map.entry("-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", FALSE),
          Map.entry(
              "-m conntrack ! --ctstate INVALID,NEW -m conntrack --ctstate DNAT -j RETURN", FALSE),
          Map.entry(
              "-i eth+ -p tcp -m conntrack --ctstate NEW --ctorigdst 192.0.2.2 --ctorigdstport"
                  + " 8080 --ctdir ORIGINAL -j AUDIT",
              TRUE),
          Map.entry("-i eth0 -m iprange ! --src-range 192.168.1.1-192.168.1.3 -j DROP", FALSE),
          Map.entry("-m iprange --dst-range 172.17.0.2-172.17.0.9 -j RETURN", TRUE),
          Map.entry("-m mark --mark 0x10/0xff -j ACCEPT", FALSE),
          Map.entry("-m connmark ! --mark 0x1 -j RETURN", FALSE),
          Map.entry(
              "-p tcp -m multiport --dports 22,80,443,8000:8010 -m comment --comment"
                  + " \"ssh, http and \\\"dev\\\" ports\" -j ACCEPT",
              TRUE),
          Map.entry(
              "-p tcp -m multiport ! --sports 1:1023 -m multiport --ports 25,587 -j REJECT"
                  + " --reject-with tcp-reset",
              FALSE),
          Map.entry("-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu", TRUE),
          Map.entry("-s 10.0.0.0/255.0.255.0 -j DROP", FALSE),
          Map.entry("-j DROP", TRUE),
          Map.entry("-j DOCKER-USER", TRUE),
          Map.entry("-g AUDIT", TRUE),
          Map.entry("-j NFLOG --nflog-prefix \"a b\" --nflog-group 5", TRUE),
          Map.entry("-f -j DROP", FALSE),
          Map.entry("-m physdev --physdev-in veth1 --physdev-is-bridged -j ACCEPT", UNKNOWN));

  /** Those whose answer is in no header, or not in what was handed in. */
  private static final Set<String> UNKNOWABLE =
      Set.of(
          "limit",
          "hashlimit",
          "recent",
          "connlimit",
          "statistic",
          "time",
          "owner",
          "mac",
          "pkttype",
          "string",
          "length",
          "ttl",
          "set");

  @Test
  void everyRuleOfTheZooIsAnsweredOrKnownToBeUnknown() {
    Map<String, Truth> answers = new TreeMap<>();
    Map<String, Truth> expected = new TreeMap<>(ZOO);
    int unknown = 0;
    for (Table table : Samples.ruleset("match-zoo-1.8.9", "iptables-save.txt").tables()) {
      for (Chain chain : table.chains()) {
        for (Rule rule : chain.rules()) {
          String text = rule.text().replaceFirst("-A \\S+ ", "");
          Truth answer = rule.compiled().matches(PACKET, new Scope(NETWORK, IpSets.NONE));
          boolean unknowable =
              rule.options().stream()
                  .anyMatch(each -> each.name().equals("-m") && UNKNOWABLE.contains(each.value()));
          if (unknowable) {
            // A port or protocol that is not this packet's may settle it.
            Truth other = rule.option("-p").isPresent() ? FALSE : UNKNOWN;
            assertEquals(other, answer, text);
            unknown++;
          } else if (ZOO.containsKey(text)) {
            answers.put(text, answer);
          } else {
            assertEquals(FALSE, answer, text);
          }
        }
      }
    }
    assertEquals(expected, answers);
    assertEquals(15, unknown);
  }

  @Test
  void negationTurnsTheAnswerButNotTheUnknown() {
    expect(TRUE, "-i eth0", "! -i docker0", "-o docker+", "! -s 10.0.0.0/8", "! -p udp");
    expect(FALSE, "! -i eth0", "-i eth", "! -o docker+", "! -p tcp", "! -d 172.17.0.0/16");
    expect(UNKNOWN, "-m owner --uid-owner 0", "-m owner ! --uid-owner 0");
    expect(FALSE, "-m owner --uid-owner 0 -i lo", "-i lo -m owner --uid-owner 0");
  }

  @Test
  void packetWithoutInterfacePassesEveryNegation() {
    Packet own = PACKET.via(Optional.empty(), Optional.of("docker0"));
    assertEquals(FALSE, matches("-i docker0", own));
    assertEquals(FALSE, matches("-i docker+", own));
    assertEquals(TRUE, matches("! -i docker0", own));
  }

  @Test
  void portsThatAreNotKnownAnswerOnlyWhatHoldsForAll() {
    expect(TRUE, "-p tcp --sport 1024:65535", "-p tcp ! --sport 1:1023");
    expect(FALSE, "-p tcp --sport 80");
    expect(
        UNKNOWN,
        "-p tcp --sport 40000",
        "-p tcp ! --sport 40000",
        "-p tcp -m multiport --sports 80,40000");
    expect(TRUE, "-p tcp -m multiport --ports 80,40000");
  }

  @Test
  void flagsOfTheFirstPacketAreThoseOfSyn() {
    expect(TRUE, "-p tcp --syn", "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN");
    expect(FALSE, "-p tcp ! --syn", "-p tcp -m tcp --tcp-flags ALL NONE");
    expect(TRUE, "-p tcp -m tcp ! --tcp-flags ALL NONE");
    expect(UNKNOWN, "-p tcp -m tcp --tcp-flags SYN,BAD SYN", "-p tcp -m tcp --tcp-option 2");
  }

  @Test
  void connectionIsKnownByBothOfItsEnds() {
    expect(
        TRUE,
        "-m conntrack --ctstate DNAT",
        "-m state --state NEW",
        "-m conntrack --ctproto 6",
        "-m conntrack --ctorigsrc 192.168.1.0/24",
        "-m conntrack --ctreplsrc 172.17.0.2 --ctreplsrcport 80",
        "-m conntrack ! --ctrepldst 172.17.0.0/16",
        "-m conntrack ! --ctdir REPLY");
    expect(
        FALSE,
        "-m conntrack --ctstate SNAT",
        "-m state --state ESTABLISHED",
        "-m conntrack --ctorigdst 172.17.0.2",
        "-m conntrack --ctorigdstport 80",
        "-m conntrack --ctstate NEW ! --ctdir ORIGINAL");
    expect(UNKNOWN, "-m conntrack --ctexpire 10", "-m conntrack --ctstate NEWS");
  }

  @Test
  void matchWithAnOptionThatIsNotKnownIsUnknownAsAWhole() {
    expect(FALSE, "-m addrtype --dst-type LOCAL");
    expect(TRUE, "-m addrtype --dst-type UNICAST --src-type UNICAST");
    expect(UNKNOWN, "-m addrtype --dst-type LOCAL --limit-iface-in", "-m nonsense", "-m rpfilter");
    expect(UNKNOWN, "-s gateway", "-p tcp --dport http", "-m iprange --src-range a-b");
  }

  @Test
  void matchOfTheProtocolNeedsNoLoading() {
    expect(TRUE, "-p tcp -m state --state NEW --dport 80", "-p tcp --dport 80 -j tcp");
    expect(FALSE, "-p tcp -m state --state NEW --dport 22", "-p tcp -m tcp --dport 22 -j tcp");
    expect(FALSE, "-j DROP -p tcp --dport 22");
  }

  @Test
  void echoesHaveTheirTypes() {
    Packet echo =
        new Packet(
            "icmp",
            new Tuple(
                IpAddress.parse("192.0.2.7"), PortRange.NONE,
                IpAddress.parse("192.0.2.2"), PortRange.NONE),
            Optional.of("eth0"),
            Optional.empty(),
            Set.of(),
            8,
            0,
            Optional.empty(),
            false);
    List<String> wrong = new ArrayList<>();
    for (String type : List.of("8", "8/0", "any", "echo-request")) {
      if (matches("-p icmp -m icmp --icmp-type " + type, echo) != TRUE) {
        wrong.add(type);
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(FALSE, matches("-p icmp -m icmp --icmp-type 0", echo));
    assertEquals(FALSE, matches("-p icmp -m icmp --icmp-type 8/1", echo));
    assertEquals(UNKNOWN, matches("-p icmp -m icmp --icmp-type address-mask-request", echo));
    // Before the connection is looked up it has no state but this.
    assertEquals(TRUE, matches("-m conntrack --ctstate INVALID", echo));
    assertEquals(TRUE, matches("-m addrtype --dst-type LOCAL", echo));
  }

  @Test
  void setsAnswerForWhatTheyHold() throws MalformedException {
    IpSets sets =
        IpSets.parse(
            """
            create lan hash:net family inet hashsize 1024 maxelem 65536
            add lan 192.168.0.0/16
            add lan 192.168.1.0/24 nomatch
            add lan 192.168.1.2
            create web hash:ip,port family inet hashsize 1024 maxelem 65536
            add web 172.17.0.2,tcp:80
            add web 172.17.0.2,udp:81
            create both list:set size 8
            add both lan
            create odd hash:mac hashsize 1024
            create empty hash:ip family inet
            """);
    Map<String, Truth> expected =
        Map.of(
            "lan src", TRUE,
            "lan dst", FALSE,
            "web dst,dst", TRUE,
            "web src,dst", FALSE,
            "both src", TRUE,
            "odd src", UNKNOWN,
            "empty src", FALSE,
            "missing src", UNKNOWN);
    expected.forEach(
        (set, truth) ->
            assertEquals(truth, matches("-m set --match-set " + set, PACKET, sets), set));
    Packet neighbour =
        PACKET.with(PACKET.tuple().withSource(IpAddress.parse("192.168.1.3"), PortRange.of(1)));
    assertEquals(FALSE, matches("-m set --match-set lan src", neighbour, sets));
    assertEquals(TRUE, matches("-m set ! --match-set lan src", neighbour, sets));
  }
}
