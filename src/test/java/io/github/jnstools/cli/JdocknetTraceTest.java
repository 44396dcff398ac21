package io.github.jnstools.cli;

import static io.github.jnstools.cli.CapturedRun.JUMP;
import static io.github.jnstools.cli.CapturedRun.NEW;
import static io.github.jnstools.cli.CapturedRun.OLD;
import static io.github.jnstools.cli.CapturedRun.copy;
import static io.github.jnstools.cli.CapturedRun.json;
import static io.github.jnstools.cli.CapturedRun.on;
import static io.github.jnstools.cli.CapturedRun.replace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections of captured hosts. */
class JdocknetTraceTest {
  @TempDir Path directory;

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
    Path host = copy(NEW, directory);
    replace(
        host.resolve("iptables-save-c.txt"),
        JUMP,
        "[0:0] -A DOCKER-USER -m limit --limit 1/sec -j DROP\n" + JUMP);
    String shown = on(host, "trace 192.0.2.1 host:8080").out();
    assertTrue(shown.contains("if it does not match:\n"), shown);
    assertTrue(shown.contains("if it matches:\n"), shown);
    assertTrue(shown.contains("\nunknown: "), shown);
  }
}
