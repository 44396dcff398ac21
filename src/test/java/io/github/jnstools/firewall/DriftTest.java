package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of captured hosts, with one thing changed. */
class DriftTest {

  static Stream<String> hosts() {
    return Stream.of(
        "20.10.24-two-bridges",
        "20.10.24-internal",
        "20.10.24-icc-false",
        "20.10.24-no-userland-proxy",
        "replayed-20.10.24-swarm-ingress",
        "27.5.1-std",
        "28.5.2-std",
        "29.7.2-std");
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void whicheverRuleIsLostIsMissed(String host) {
    int tried = 0;
    for (int i : rules(host)) {
      List<String> lines = lines(host);
      String line = lines.remove(i);
      if (!saysWhatIsDue(line)) {
        Drift missing = only(host, lines);
        assertEquals(line, missing.rule().text());
        assertTrue(
            Set.of(Drift.Kind.MISSING, Drift.Kind.JUMP_MISSING).contains(missing.kind()), line);
        assertEquals(0, missing.number());
        tried++;
      }
    }
    assertTrue(tried > 15, host + ": " + tried);
  }

  /** The end of DOCKER-USER is due if it is there, a port of a service if it is translated. */
  private static boolean saysWhatIsDue(String line) {
    return line.equals("-A DOCKER-USER -j RETURN")
        || line.startsWith("-A DOCKER-INGRESS ") && line.contains("DNAT");
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void whicheverRuleStandsThereTwiceIsTooMuch(String host) {
    for (int i : rules(host)) {
      List<String> lines = lines(host);
      String line = lines.get(i);
      lines.add(i + 1, line);
      if (!line.startsWith("-A DOCKER-USER ")) {
        assertTrue(
            drift(host, lines).stream()
                .anyMatch(
                    drift ->
                        drift.kind() == Drift.Kind.EXTRA
                            && drift.rule().text().equals(line)
                            && drift.number() > 1),
            host + ": " + line);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // an answer has to be let in before the list of ports is looked at
        "20.10.24-two-bridges | -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
            + " | -A FORWARD -o docker0 -j DOCKER",
        "20.10.24-two-bridges | -A FORWARD -j DOCKER-ISOLATION-STAGE-1"
            + " | -A FORWARD -o docker0 -j DOCKER",
        "20.10.24-two-bridges | -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP"
            + " | -A DOCKER-ISOLATION-STAGE-2 -j RETURN",
        "20.10.24-two-bridges | -A DOCKER -i docker0 -j RETURN"
            + " | -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
        "29.7.2-std | -A DOCKER-FORWARD -j DOCKER-CT | -A DOCKER-FORWARD -j DOCKER-BRIDGE",
        "29.7.2-std | -A DOCKER-FORWARD -j DOCKER-INTERNAL | -A DOCKER-FORWARD -i docker0 -j ACCEPT",
        "29.7.2-std | -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT"
            + " | -A DOCKER ! -i docker0 -o docker0 -j DROP",
      })
  void twoRulesThatChangedPlacesAreOutOfOrder(String host, String first, String second) {
    List<String> lines = lines(host);
    Collections.swap(lines, lines.indexOf(first), lines.indexOf(second));
    List<String> misplaced =
        drift(host, lines).stream()
            .filter(drift -> drift.kind() == Drift.Kind.OUT_OF_ORDER)
            .map(drift -> drift.rule().text())
            .toList();
    assertTrue(misplaced.contains(first), misplaced.toString());
  }

  /** Docker writes these as networks and containers come and go. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "27.5.1-std | -A DOCKER-ISOLATION-STAGE-2 -o br-98c09157569f -j DROP"
            + " | -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP",
        "27.5.1-std | -A DOCKER -i br-98c09157569f -j RETURN | -A DOCKER -i docker0 -j RETURN",
        "28.5.2-std | -A DOCKER-BRIDGE -o docker0 -j DOCKER"
            + " | -A DOCKER-BRIDGE -o br-4a7c3de57619 -j DOCKER",
        "29.7.2-std | -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP"
            + " | -A PREROUTING -d 172.20.0.2/32 ! -i br-2de748d71a26 -j DROP",
      })
  void rulesOfDifferentNetworksMayStandEitherWay(String host, String first, String second) {
    List<String> lines = lines(host);
    Collections.swap(lines, lines.indexOf(first), lines.indexOf(second));
    assertEquals(List.of(), drift(host, lines));
  }

  @Test
  void rulesOfAContainerThatIsGoneAreTooMuch() {
    for (String leftover :
        List.of(
            "-A DOCKER -d 172.17.0.9/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 81 -j ACCEPT",
            "-A FORWARD -o br-0123456789ab -j DOCKER",
            "-A FORWARD -i br-0123456789ab ! -o br-0123456789ab -j ACCEPT")) {
      List<String> lines = lines("20.10.24-two-bridges");
      lines.add(lines.indexOf("-A FORWARD -o docker0 -j DOCKER"), leftover);
      Drift extra = only("20.10.24-two-bridges", lines);
      assertEquals(Drift.Kind.EXTRA, extra.kind());
      assertEquals(leftover, extra.rule().text());
    }
  }

  @Test
  void aRuleOfTheUserBetweenDockersIsNoDrift() {
    List<String> lines = lines("20.10.24-two-bridges");
    lines.add(
        lines.indexOf("-A FORWARD -o docker0 -j DOCKER"),
        "-A FORWARD -i docker0 -d 10.0.0.0/8 -j DROP");
    assertEquals(List.of(), drift("20.10.24-two-bridges", lines));
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void aRuleBeforeTheJumpToTheUsersChainIsTold(String host) {
    List<String> lines = lines(host);
    lines.add(lines.indexOf("-A FORWARD -j DOCKER-USER"), "-A FORWARD -i tun0 -j ACCEPT");
    Drift first = only(host, lines);
    assertEquals(Drift.Kind.JUMP_NOT_FIRST, first.kind());
    assertEquals(2, first.number());
    assertEquals("rule 1 comes before it: -A FORWARD -i tun0 -j ACCEPT", first.because());
  }

  @Test
  void aJumpThatIsLostIsMoreThanARule() {
    List<String> lines = lines("29.7.2-std");
    lines.remove("-A FORWARD -j DOCKER-USER");
    assertEquals(Drift.Kind.JUMP_MISSING, only("29.7.2-std", lines).kind());
    lines = lines("29.7.2-std");
    lines.remove("-A FORWARD -j DOCKER-FORWARD");
    assertEquals(Drift.Kind.JUMP_MISSING, only("29.7.2-std", lines).kind());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-A DOCKER-USER -j RETURN | -A DOCKER-USER -i eth0 ! -s 192.168.1.1/32 -j DROP",
        "-A DOCKER-USER -i eth0 -j DROP | -A DOCKER-USER -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT",
        "-A DOCKER-USER ! -s 10.0.0.0/8 -m comment --comment a -j RETURN"
            + " | -A DOCKER-USER ! -s 10.0.0.0/8 -i eth0 -j DROP",
      })
  void aRuleBehindOneThatTakesItsPacketsIsDead(String first, String dead) {
    List<String> lines = user(first, dead);
    Drift drift = only("29.7.2-std", lines);
    assertEquals(Drift.Kind.DEAD, drift.kind());
    assertEquals(dead, drift.rule().text());
    assertEquals("rule 1 takes all its packets: " + first, drift.because());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the first takes some of the packets only
        "-A DOCKER-USER -i eth0 -p tcp -j DROP | -A DOCKER-USER -i eth0 -j DROP",
        "-A DOCKER-USER -i eth0 -j LOG | -A DOCKER-USER -i eth0 -j DROP",
        "-A DOCKER-USER ! -i eth0 -j DROP | -A DOCKER-USER -i eth0 -j DROP",
        "-A DOCKER-USER -m limit --limit 3/min -j ACCEPT"
            + " | -A DOCKER-USER -m limit --limit 3/min -j DROP",
        "-A DOCKER-USER -m socket -j ACCEPT | -A DOCKER-USER -m socket -i eth0 -j DROP",
      })
  void aRuleThatGetsSomePacketsIsNotDead(String first, String second) {
    assertEquals(List.of(), drift("29.7.2-std", user(first, second)));
  }

  private static List<String> user(String... rules) {
    List<String> lines = lines("29.7.2-std");
    lines.addAll(lines.indexOf("-A FORWARD -j DOCKER-USER"), List.of(rules));
    return lines;
  }

  private static List<String> lines(String host) {
    return new ArrayList<>(Samples.text(host, "iptables-save.txt").lines().toList());
  }

  /** The places of rules among the lines. */
  private static List<Integer> rules(String host) {
    List<String> lines = lines(host);
    List<Integer> rules = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("-A ")) {
        rules.add(i);
      }
    }
    return rules;
  }

  private static Drift only(String host, List<String> lines) {
    List<Drift> drift = drift(host, lines);
    assertEquals(1, drift.size(), drift.toString());
    return drift.get(0);
  }

  private static List<Drift> drift(String host, List<String> lines) {
    try {
      Ruleset ruleset = Ruleset.parse(String.join("\n", lines) + "\n");
      return DockerFirewall.of(Hosts.only(ruleset), Hosts.inventory(host)).drift();
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }
}
