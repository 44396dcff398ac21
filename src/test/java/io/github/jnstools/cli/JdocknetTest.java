package io.github.jnstools.cli;

import static io.github.jnstools.cli.CapturedRun.json;
import static io.github.jnstools.cli.CapturedRun.on;
import static io.github.jnstools.cli.Result.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Help.Ansi;

/** Runs the command in this JVM, on captured hosts. */
class JdocknetTest {
  private static final String NEW = "29.7.2-std";
  private static final String OLD = "20.10.24-two-bridges";
  private static final String JUMP = "[0:0] -A DOCKER-FORWARD -j DOCKER-CT\n";

  @TempDir Path directory;

  /** A captured host, to be changed. */
  private Path copy(String host) throws IOException {
    try (Stream<Path> files = Files.list(CapturedRun.HOSTS.resolve(host))) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    return directory;
  }

  private static void replace(Path file, String old, String with) throws IOException {
    String text = Files.readString(file);
    assertTrue(text.contains(old), file + " has no " + old);
    Files.writeString(file, text.replace(old, with));
  }

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

  @Test
  void verifiesAHostOnWhichAllIsWell() {
    Result verify = on(NEW, "verify");
    assertEquals(0, verify.status(), verify.out());
    assertEquals("", verify.err());
    assertTrue(verify.out().endsWith("\nfindings: 0 error, 0 warning, 0 note, 0 unknown\n"));
  }

  @Test
  void findsARuleThatWasLost() throws Exception {
    Path host = copy(NEW);
    replace(host.resolve("iptables-save-c.txt"), JUMP, "");
    Result verify = on(host, "verify");
    assertEquals(1, verify.status(), verify.err());
    assertTrue(
        verify
            .out()
            .contains(
                "\nerror missing: IPv4 filter DOCKER-FORWARD\n"
                    + "  rule:  -A DOCKER-FORWARD -j DOCKER-CT\n"),
        verify.out());
    assertTrue(verify.out().endsWith("\nfindings: 1 error, 0 warning, 0 note, 0 unknown\n"));
    JsonObject finding = JsonParser.array().from(on(host, "verify --json").out()).getObject(0);
    assertEquals(
        Set.of("severity", "name", "where", "rule", "what", "consequence", "cure"),
        finding.keySet());
    assertEquals("missing", finding.getString("name"));
  }

  @ParameterizedTest
  @CsvSource({
    "iptables-save-c.txt,iptables-save.txt",
    "ip6tables-save.txt,",
    "nft-list-ruleset.json,",
    "sysctl.txt,"
  })
  void cannotKnowWhatWasNotRead(String file, String other) throws Exception {
    Path host = copy(NEW);
    Files.delete(host.resolve(file));
    if (other != null) {
      Files.delete(host.resolve(other));
    }
    Result verify = on(host, "verify");
    assertEquals(2, verify.status(), verify.out());
    assertTrue(verify.err().contains("no such file"), verify.err());
  }

  @Test
  void aTextThatWasCutOffIsToldAndUnknown() throws Exception {
    Path host = copy(NEW);
    Path rules = host.resolve("iptables-save-c.txt");
    Files.writeString(rules, Files.readString(rules).substring(0, 2000));
    Result verify = on(host, "verify");
    assertEquals(2, verify.status(), verify.out());
    assertTrue(verify.err().startsWith("jdocknet: iptables-save, line "), verify.err());
    Result trace = on(host, "trace web api:443");
    assertTrue(trace.out().contains("\nunknown: "), trace.out());
  }

  @Test
  void cannotKnowWithoutWhatTheEngineSays() throws Exception {
    Path host = copy(NEW);
    Files.delete(host.resolve("docker-inspect.json"));
    assertEquals(2, on(host, "verify").status());
    assertEquals(1, on(host, "ls").status());
    assertEquals("", on(host, "ls").out());
  }

  @Test
  void rulesOfThisHostAreNotThoseOfARootlessDaemon() throws Exception {
    Path host = copy(NEW);
    replace(
        host.resolve("docker-info.json"),
        "\"SecurityOptions\":[",
        "\"SecurityOptions\":[\"name=rootless\",");
    Result verify = on(host, "verify");
    assertEquals(2, verify.status());
    assertTrue(verify.err().startsWith("jdocknet: docker(info): a rootless daemon has"));
    assertEquals("", verify.out());
    assertEquals(0, on(host, "ls").status());
  }

  @Test
  void twoBackendsOfIptablesMakeAllUnknown() throws Exception {
    Path host = copy(NEW);
    Files.copy(host.resolve("iptables-save.txt"), host.resolve("iptables-legacy-save.txt"));
    assertEquals(2, on(host, "verify").status());
    Result trace = on(host, "trace 192.0.2.1 host:8080");
    assertTrue(
        trace
            .out()
            .endsWith(
                "unknown: REACHABLE by these rules, but the other backend of iptables has rules"
                    + " of IPv4, too\n"),
        trace.out());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "trace 192.0.2.1 host:8080               | reachable: accepted by filter DOCKER ",
        "trace 192.0.2.1 192.0.2.2:8443          | reachable: accepted by filter DOCKER ",
        "trace 192.0.2.1 host:8444               | refused: no program of this host listens",
        "trace 192.0.2.1 web:80                  | blocked: dropped by raw PREROUTING ",
        "trace web api:443                       | blocked: dropped by raw PREROUTING ",
        "trace web host:8443                     | reachable: accepted by filter DOCKER ",
        "trace host web                          | reachable: accepted by filter OUTPUT",
        "trace host hidden:80                    | reachable: accepted by filter OUTPUT",
        "trace net1 hidden:80                    | blocked: dropped by filter DOCKER-INTERNAL ",
        "trace hidden 192.0.2.1:443              | blocked: behind br-b26654e3f29b is no route ",
        "trace web 198.51.100.7:443              | reachable: accepted by filter DOCKER-FORWARD ",
        "trace shy noicc1:80                     | blocked: dropped by filter DOCKER-FORWARD ",
        "trace six net6:80                       | reachable: accepted by filter DOCKER-FORWARD ",
        "trace web host/icmp                     | reachable: accepted by filter INPUT",
        "trace --in eth0 192.0.2.9 web:80        | blocked: dropped by raw PREROUTING ",
        "trace --in docker0 172.17.0.9 web:81    | reachable: accepted by filter DOCKER-FORWARD ",
        "trace 192.0.2.2 web:80                  | reachable: accepted by filter OUTPUT"
      })
  void tracesAConnectionToItsVerdict(String line, String verdict) {
    Result trace = on(NEW, line);
    assertEquals(0, trace.status(), trace.err());
    List<String> lines = trace.out().lines().toList();
    String last = lines.get(lines.size() - 1);
    assertTrue(last.startsWith(verdict.strip()), trace.out());
  }

  @Test
  void tracesEachPairOfAddressesThatCanMeet() throws Exception {
    JsonArray traces = json(NEW, "trace six net6:80");
    assertEquals(
        List.of("172.21.0.2 172.21.255.254", "fd00:d0c:6::2 fd00:d0c:6:0:ffff:ffff:ffff:fffe"),
        traces.stream()
            .map(JsonObject.class::cast)
            .map(trace -> trace.getString("source") + " " + trace.getString("destination"))
            .sorted()
            .toList());
  }

  @Test
  void showsTheWayRuleByRuleWithNatAndAnswersOnDemand() {
    String shown = on(NEW, "trace 192.0.2.1 host:8080").out();
    assertTrue(shown.startsWith("first packet: tcp 192.0.2.1 -> 192.0.2.2:8080 in=eth0\n"), shown);
    assertTrue(shown.contains("\n  NAT: now 192.0.2.1 -> 172.17.0.2:80\n"), shown);
    assertFalse(shown.contains("\nanswer: "), shown);
    String all = on(NEW, "trace --replies 192.0.2.1 host:8080").out();
    assertTrue(all.contains("\nanswer: tcp 172.17.0.2:80 -> 192.0.2.1 in=docker0\n"), all);
    assertTrue(all.contains("\nlater packets: "), all);
  }

  @Test
  void showsTheSecondConnectionOfDockerProxy() {
    String shown = on(OLD, "trace c3 host:8080").out();
    assertTrue(shown.contains("\ndocker-proxy: first packet: tcp 172.17.0.1 -> 172.17.0.2:80\n"));
  }

  @Test
  void isolationTellsWhoReachesWhomAndHow() throws Exception {
    Result isolation = on(NEW, "isolation");
    assertEquals(0, isolation.status(), isolation.err());
    assertEquals("FROM TO ADDRESS VERDICT VIA", isolation.lines().get(0));
    for (String line :
        List.of(
            "host 127.0.0.1:5432->5432/tcp(api) 127.0.0.1 reachable docker-proxy",
            "outside-by-eth0 web:80/tcp 172.17.0.2 blocked -",
            "bridge net1 172.18.255.254 blocked -",
            "net1 net1 172.18.255.254 reachable network")) {
      assertTrue(isolation.lines().contains(line), line + " in " + isolation.out());
    }
    JsonArray rows = json(NEW, "isolation");
    assertEquals(isolation.lines().size() - 1, rows.size());
    JsonObject row = rows.getObject(0);
    assertEquals(
        Set.of(
            "from",
            "to",
            "in",
            "source",
            "destination",
            "protocol",
            "port",
            "verdict",
            "reason",
            "via"),
        row.keySet());
  }

  @Test
  void traceAsJsonHasTheDeciderAndEachStep() throws Exception {
    JsonObject trace = json(NEW, "trace net1 hidden:80").getObject(0);
    assertEquals("blocked", trace.getString("verdict"));
    JsonObject decider = trace.getObject("decider");
    assertEquals("DOCKER-INTERNAL", decider.getString("chain"));
    assertEquals(1, decider.getInt("number"));
    assertEquals("DROP", decider.getString("effect"));
    JsonArray legs = trace.getArray("ways").getObject(0).getArray("legs");
    assertEquals("first packet", legs.getObject(0).getString("name"));
    JsonArray steps = legs.getObject(0).getArray("steps");
    assertEquals(decider, steps.getObject(steps.size() - 1));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "trace nope web:80     | trace(nope): no running container, no network and no address is"
            + " called so",
        "trace 1.2.3 web:80    | trace(1.2.3): no running container, no network and no address is"
            + " called so",
        "trace web none:80     | trace(none): the network has the driver null: these rules say"
            + " nothing of it",
        "trace --in x web api  | trace(web): only an address can come in by an interface"
      })
  void tellsWhomItDoesNotKnow(String line, String message) {
    Result trace = on(NEW, line);
    assertEquals(1, trace.status());
    assertEquals(
        "jdocknet: " + message + "\nhint: jdocknet ls lists the containers\n", trace.err());
  }

  @Test
  void aContainerReachesNobodyWithoutAnAddressOfTheSameFamily() {
    Result trace = on(NEW, "trace web [fd00:d0c:6::2]:80");
    assertEquals(1, trace.status());
    assertEquals(
        "jdocknet: trace(web, fd00:d0c:6::2): they have no address of the same family, or are the"
            + " same\n",
        trace.err());
  }

  @Test
  void bothWaysAreShownWhereARuleCannotBeDecided() throws Exception {
    Path host = copy(NEW);
    replace(
        host.resolve("iptables-save-c.txt"),
        JUMP,
        "[0:0] -A DOCKER-USER -m limit --limit 1/sec -j DROP\n" + JUMP);
    String shown = on(host, "trace 192.0.2.1 host:8080").out();
    assertTrue(shown.contains("if it does not match:\n"), shown);
    assertTrue(shown.contains("if it matches:\n"), shown);
    assertTrue(shown.contains("\nunknown: "), shown);
  }

  private Path script(String text) throws IOException {
    return Files.writeString(directory.resolve("firewall.sh"), text);
  }

  @Test
  void lintsACommandThatWouldCutContainersOff() throws Exception {
    Path script = script("iptables -A DOCKER-USER -i docker0 ! -s 192.168.1.1 -j DROP\n");
    Result result = on(NEW, "lint " + script);
    assertEquals(1, result.status(), result.err());
    assertEquals(
        List.of(
            "line 1: iptables -A DOCKER-USER -i docker0 ! -s 192.168.1.1 -j DROP",
            " appends rule 1 of IPv4 filter DOCKER-USER"),
        result.lines().subList(0, 2));
    assertTrue(
        result.lines().contains("error wrong-direction: IPv4 filter DOCKER-USER 1"), result.out());
    assertTrue(
        result
            .lines()
            .contains(
                "203.0.113.1 to 192.0.2.2:8080/tcp: reachable, then blocked, and cut if it is open"),
        result.out());
  }

  @Test
  void lintsAScriptInWhichNothingIsWrong() throws Exception {
    Path script =
        script(
            "#!/bin/sh\n"
                + "iptables -I DOCKER-USER ! -s 192.0.2.0/24 ! -i docker0 -o docker0 \\\n"
                + "  -m conntrack --ctstate NEW -j DROP\n"
                + "ip6tables -I DOCKER-USER ! -i docker0 -o docker0 -m state --state NEW -j DROP\n"
                + "iptables -t nat -L\n");
    // Of a host on which docker-proxy takes no IPv6.
    Path host = copy("28.5.2-std");
    replace(host.resolve("docker-inspect.json"), "\"HostIp\": \"::\"", "\"HostIp\": \"0.0.0.0\"");
    Result result = on(host, "lint " + script);
    assertEquals(0, result.status(), result.out());
    assertTrue(
        result.out().endsWith("findings: 0 error, 0 warning, 0 note, 0 unknown\n"), result.out());
  }

  @Test
  void lintAsJsonHasCommandsAndConnections() throws Exception {
    Path script = script("\niptables -I INPUT -p tcp --dport 8080 -j DROP");
    Result result = on(NEW, "lint --json " + script);
    JsonObject json = JsonParser.object().from(result.out());
    JsonObject command = json.getArray("commands").getObject(0);
    assertEquals(2, command.getInt("line"));
    assertEquals("inserts rule 1 of IPv4 filter INPUT", command.getString("effect"));
    assertEquals(
        "input-for-published", command.getArray("findings").getObject(0).getString("name"));
    assertEquals(1, result.status());
    assertTrue(json.has("connections"));
  }

  @Test
  void aScriptThatIsNotThereIsUnknown() {
    assertEquals(
        new Result(2, "", "jdocknet: open(nofile): no such file\nhint: - is standard input\n"),
        on(NEW, "lint nofile"));
  }

  @Test
  void printsTheChainOfAnAllowListAndWhatItCannotDo() throws Exception {
    Result result = on(NEW, "allow add --port 8080 192.0.2.0/25 --dry-run");
    assertEquals(0, result.status(), result.err());
    assertEquals(
        List.of(
            "# iptables-restore -w --noflush",
            "*filter",
            ":DOCKER-USER - [0:0]",
            "-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED"
                + " -m comment --comment \"jnstools:established\" -j RETURN",
            "-A DOCKER-USER -s 192.0.2.0/25 ! -i docker0 -o docker0 -p tcp"
                + " -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL"
                + " -m comment --comment \"jnstools:8080/tcp\" -j RETURN",
            "-A DOCKER-USER ! -i docker0 -o docker0 -p tcp"
                + " -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL"
                + " -m comment --comment \"jnstools:8080/tcp\" -j DROP",
            "COMMIT"),
        result.lines().subList(0, 7));
    assertEquals(
        "jdocknet: warning ipv6-past-list: container web [::]:8080->80/tcp:"
            + " DOCKER-USER keeps IPv4 out, and docker-proxy takes IPv6 for this port\n",
        result.err());
  }

  @Test
  void listsWhatStandsInTheRules() throws Exception {
    assertEquals(
        new Result(0, "no list: published ports are as open as Docker made them\n", ""),
        on(NEW, "allow list"));
    Path host = copy(NEW);
    String end = "[0:0] -A FORWARD -j DOCKER-USER\n";
    String rule =
        "[1:60] -A DOCKER-USER -s 10.0.0.1/32 ! -i docker0 -o docker0 -m comment"
            + " --comment \"jnstools:all\" -j RETURN\n";
    replace(host.resolve("iptables-save-c.txt"), end, end + rule);
    Result result = on(host, "allow list");
    assertEquals("all ports: 10.0.0.1\n", result.out());
    assertTrue(result.err().contains("the rules of IPv4 are not those that are due"), result.err());
    JsonObject list = JsonParser.array().from(on(host, "allow list --json").out()).getObject(0);
    assertEquals("10.0.0.1", list.getArray("sources").getString(0));
  }

  @ParameterizedTest
  @CsvSource({"0", "86401", "x", "-1"})
  void onlySecondsOfADayAreWaited(String seconds) {
    assertEquals(
        new Result(
            2,
            "",
            "jdocknet: invalid number of seconds '"
                + seconds
                + "': not a number from 1 to 86400\nTry 'jdocknet --help' for more information.\n"),
        run("jdocknet", "allow", "remove", "--auto-revert=" + seconds));
  }

  @Test
  void aFileIsAppliedAsTheWholeList() throws Exception {
    Path host = copy(NEW);
    String end = "[0:0] -A FORWARD -j DOCKER-USER\n";
    String rules =
        "[1:60] -A DOCKER-USER -s 203.0.113.9/32 -j DROP\n"
            + "[1:60] -A DOCKER-USER -s 10.0.0.1/32 ! -i docker0 -o docker0 -m comment"
            + " --comment \"jnstools:all\" -j RETURN\n";
    replace(host.resolve("iptables-save-c.txt"), end, end + rules);
    Path file = Files.writeString(host.resolve("allow.yaml"), "ports: {8080: [10.0.0.2]}\n");
    Result result = on(host, "allow apply --dry-run " + file);
    assertEquals(0, result.status(), result.err());
    List<String> ipv4 = result.lines().subList(0, result.lines().indexOf("COMMIT"));
    assertEquals("-A DOCKER-USER -s 203.0.113.9/32 -j DROP", ipv4.get(3));
    assertTrue(result.out().contains("-s 10.0.0.2/32"), result.out());
    assertFalse(result.out().contains("10.0.0.1/32"), result.out());
    Files.writeString(file, "{}");
    Result none = on(host, "allow apply --dry-run " + file);
    assertEquals(
        "# iptables-restore -w --noflush\n*filter\n:DOCKER-USER - [0:0]\n"
            + "-A DOCKER-USER -s 203.0.113.9/32 -j DROP\nCOMMIT\n",
        none.out());
  }

  @Test
  void theListIsPrintedAsTheFileThatMakesIt() throws Exception {
    Path host = copy(NEW);
    Path file =
        Files.writeString(
            host.resolve("allow.yaml"),
            "ports:\n  8080/tcp:\n    - 10.0.0.0/8\n    - 192.0.2.1-192.0.2.3\nall: []\n");
    String dry = on(host, "allow apply --dry-run " + file).out();
    String rules = dry.substring(0, dry.indexOf("COMMIT")).replaceAll("(?m)^[^-].*\n", "");
    String end = "[0:0] -A FORWARD -j DOCKER-USER\n";
    replace(host.resolve("iptables-save-c.txt"), end, end + rules);
    assertEquals(Files.readString(file), on(host, "allow list --yaml").out());
  }

  @Test
  void whatIsWrongInAFileIsToldWithItsLine() throws Exception {
    Path file = Files.writeString(directory.resolve("allow.yaml"), "all: []\nport: {}\n");
    assertEquals(
        new Result(1, "", "jdocknet: read(" + file + ":2): 'port' is none of ports, all\n"),
        on(NEW, "allow apply --dry-run " + file));
    assertEquals(
        new Result(1, "", "jdocknet: open(nofile): no such file\nhint: - is standard input\n"),
        on(NEW, "allow apply --dry-run nofile"));
    assertEquals(
        new Result(1, "", "jdocknet: read(" + directory + "): Is a directory\n"),
        on(NEW, "allow apply --dry-run " + directory));
  }

  @Test
  void aHostWithoutTheUsersChainIsNotWritten() {
    Result result = on("29.7.2-nftables-std", "allow add 10.0.0.1 --dry-run");
    assertEquals(1, result.status());
    assertEquals("", result.out());
    assertTrue(result.err().contains("error no-user-chain"), result.err());
    assertTrue(result.err().endsWith("jdocknet: nothing was written\n"), result.err());
  }
}
