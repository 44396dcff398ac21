package io.github.jnstools.cli;

import static io.github.jnstools.cli.CapturedRun.NEW;
import static io.github.jnstools.cli.CapturedRun.OLD;
import static io.github.jnstools.cli.CapturedRun.json;
import static io.github.jnstools.cli.CapturedRun.on;
import static io.github.jnstools.cli.Result.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Help.Ansi;

/** Runs the command in this JVM, on captured hosts: what it shows, and what all of it shares. */
class JdocknetTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "''                    | no command given; one of ls, chains, verify, trace, isolation, graph, lint, allow",
        "frob                  | no command 'frob'; one of ls, chains, verify, trace, isolation, graph, lint, allow",
        "chains web            | chains takes no names",
        "isolation web         | isolation takes no names",
        "graph web             | graph takes no names",
        "graph --format gif    | --format is one of text, dot, svg, html, json, not 'gif'",
        "graph --format svg --json | --json is a format of its own, besides --format svg",
        "ls --format svg       | no option '--format'",
        "verify web            | verify takes no names",
        "trace web             | trace takes FROM and TO: web db:5432",
        "trace web api x       | trace takes FROM and TO: web db:5432",
        "trace web api:0       | port '0' of api:0; one of 1 to 65535",
        "trace web api:65536   | port '65536' of api:65536; one of 1 to 65535",
        "trace web api:x       | port 'x' of api:x; one of 1 to 65535",
        "trace web api:80/tpc  | protocol 'tpc' of api:80/tpc; one of tcp, udp, sctp, icmp",
        "trace web api:80/icmp | icmp has no ports: api:80/icmp",
        "trace web hidden/udp  | which port of hidden? hidden:80",
        "trace web 192.0.2.1   | which port of 192.0.2.1? 192.0.2.1:80",
        "ls --explain          | no option '--explain'",
        "verify --in x         | no option '--in'",
        "lint                  | lint takes one FILE, or - for standard input",
        "allow                 | allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm",
        "allow add             | allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm",
        "allow frob            | allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm",
        "allow list 10.0.0.1   | allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm",
        "allow apply           | allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm",
        "allow apply a b       | allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm",
        "allow rollback x      | allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm",
        "allow confirm x       | allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm",
        "allow apply a --port 80        | --port is not for allow apply",
        "allow rollback --port 80       | --port is not for allow rollback",
        "allow add 10.0.0.1 --yaml      | --yaml is not for allow add",
        "allow list --yaml --json       | only one of --yaml and --json",
        "allow list --dry-run           | --dry-run is not for allow list",
        "allow confirm --force          | --force is not for allow confirm",
        "allow list --auto-revert 5     | --auto-revert is not for allow list",
        "allow remove --dry-run --auto-revert 5 | --dry-run writes nothing that --auto-revert could undo",
        "allow rollback --dry-run       | rollback is for this host, not for a captured one",
        "allow confirm                  | confirm is for this host, not for a captured one",
        "allow add web         | SOURCE 'web': not an IP address: web",
        "allow list --port x   | port 'x': not a port such as 8080/tcp: x",
        "allow add 10.0.0.1    | a captured host is not written to: use --dry-run",
        "lint a b              | lint takes one FILE, or - for standard input"
      })
  void tellsAUsageErrorInOneLine(String line, String message) {
    assertEquals(
        new Result(
            2, "", "jdocknet: " + message + "\nTry 'jdocknet --help' for more information.\n"),
        on(NEW, line));
  }

  @ParameterizedTest
  @EnumSource
  void helpsWithEveryCommand(JdocknetVerb verb) {
    Result expected = new Result(0, HelpText.of(new JdocknetOptions(verb).usage(), Ansi.OFF), "");
    assertEquals(expected, run("jdocknet", verb.word(), "--help"));
    assertEquals(expected, run("jdocknet", "--from-dir", "ls", verb.word(), "-h"));
  }

  @Test
  void listsALineForEachContainerAndNetwork() {
    Result list = on(NEW, "ls");
    assertEquals(0, list.status(), list.err());
    assertEquals(
        List.of(
            "NAME NETWORK ADDRESS PORTS NETNS HOST_VETH BRIDGE",
            "web bridge 172.17.0.2 0.0.0.0:8080->80/tcp,[::]:8080->80/tcp - - docker0",
            "hidden int1 172.19.0.2 - - - br-b26654e3f29b",
            "api net1 172.18.0.2 0.0.0.0:8443->443/tcp,[::]:8443->443/tcp,"
                + "127.0.0.1:5432->5432/tcp,192.0.2.2:9090->90/udp - - br-ba6b8ae0417c",
            "six net6 172.21.0.2,fd00:d0c:6::2 0.0.0.0:8082->80/tcp,[::]:8082->80/tcp - -"
                + " br-7922b52ca57b",
            "shy noicc1 172.20.0.2 0.0.0.0:8081->80/tcp,[::]:8081->80/tcp - - br-2de748d71a26"),
        list.lines());
    assertEquals(2, on(NEW, "ls web").lines().size());
  }

  @Test
  void listsWhatIsKnownAsJson() throws Exception {
    JsonObject six = json(NEW, "ls six").getObject(0);
    assertEquals(
        Set.of("name", "id", "pid", "network_mode", "netns", "networks", "ports"), six.keySet());
    assertEquals("net6", six.getString("network_mode"));
    assertTrue(six.isNull("netns"));
    JsonObject network = six.getArray("networks").getObject(0);
    assertEquals("fd00:d0c:6::2", network.getString("ipv6"));
    assertEquals("br-7922b52ca57b", network.getString("bridge"));
    assertTrue(network.isNull("host_veth"));
    JsonObject port = six.getArray("ports").getObject(0);
    assertEquals(8082, port.getInt("host_port"));
    assertEquals(80, port.getInt("container_port"));
  }

  @Test
  void aContainerThatIsNotThereIsAFailureOfItsOwn() {
    Result list = on(NEW, "ls nope web");
    assertEquals(1, list.status());
    assertEquals(
        "jdocknet: ls(nope): no running container of Docker is called so\nhint: see jdocknet ls\n",
        list.err());
    assertTrue(list.out().contains("\nweb "), list.out());
  }

  @Test
  void showsChainsInTheOrderInWhichPacketsMeetThem() {
    List<String> heads =
        on(NEW, "chains").out().lines().filter(line -> line.matches("[a-z]+ [A-Z].*")).toList();
    List<String> names = heads.stream().map(line -> line.replaceAll(",.*", "")).distinct().toList();
    assertEquals(
        List.of(
            "raw PREROUTING",
            "nat PREROUTING",
            "nat DOCKER",
            "filter FORWARD",
            "filter DOCKER-USER",
            "filter DOCKER-FORWARD",
            "filter DOCKER-CT",
            "filter DOCKER-INTERNAL",
            "filter DOCKER-BRIDGE",
            "filter DOCKER",
            "nat OUTPUT",
            "nat POSTROUTING"),
        names);
    assertTrue(heads.get(3).startsWith("filter FORWARD, policy DROP, "), heads.get(3));
  }

  @Test
  void namesTheLayoutAndSaysWhatEachRuleIsFor() {
    List<String> lines = on(OLD, "chains --explain").lines();
    assertEquals(
        "IPv4: Docker 18.03.1 to 27 (chain DOCKER-ISOLATION-STAGE-1, no DOCKER-FORWARD)",
        lines.get(0));
    int jump = indexOf(lines, " 1 -A FORWARD -j DOCKER-USER");
    assertTrue(lines.get(jump).matches(".* \\(\\d+ packets, \\d+ bytes\\)"), lines.get(jump));
    assertEquals(
        " sends every forwarded packet through the user's own rules first", lines.get(jump + 1));
    assertFalse(on(OLD, "chains").out().contains("sends every"));
  }

  private static int indexOf(List<String> lines, String start) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(start)) {
        return i;
      }
    }
    throw new AssertionError("no " + start + " in " + lines);
  }

  @Test
  void tellsTheInterfacesThatAListHides() {
    List<String> lines = on(OLD, "chains --hidden").lines();
    int rule = indexOf(lines, " 5 -A FORWARD -i ");
    assertTrue(
        lines.get(rule + 1).matches(" hidden: in by (\\S+), out by anything but \\1"),
        lines.get(rule + 1));
    assertEquals(
        " hidden: iptables -L shows the table filter only",
        lines.get(indexOf(lines, "nat PREROUTING") + 1));
  }

  @Test
  void chainsAsJsonHaveRulesWithTheirRoles() throws Exception {
    JsonArray families = json(NEW, "chains");
    assertEquals(2, families.size());
    JsonObject ipv4 = families.getObject(0);
    assertEquals("internal-chain", ipv4.getString("generation"));
    JsonObject raw = ipv4.getArray("chains").getObject(0);
    assertEquals("raw", raw.getString("table"));
    assertEquals("ACCEPT", raw.getString("policy"));
    JsonObject rule = raw.getArray("rules").getObject(0);
    assertEquals("docker", rule.getString("origin"));
    assertEquals(1, rule.getInt("number"));
    assertTrue(rule.getString("rule").startsWith("-A PREROUTING "), rule.toString());
    assertTrue(rule.isNumber("packets"), rule.toString());
  }

  @Test
  void rulesOfAFamilyThatWereNotReadAreUnknownAndNotNone() throws Exception {
    Result chains = on(OLD, "chains");
    assertEquals(1, chains.status());
    assertTrue(
        chains
            .err()
            .endsWith(
                "/ip6tables-save-c.txt or ip6tables-save.txt): no such file\n"
                    + "hint: it should have what this prints: ip6tables-save -c\n"),
        chains.err());
    assertTrue(chains.out().contains("\nIPv6: unknown (nobody read"), chains.out());
    assertTrue(json(OLD, "chains").getObject(1).isNull("chains"));
  }
}
