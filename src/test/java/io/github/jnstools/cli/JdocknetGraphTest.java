package io.github.jnstools.cli;

import static io.github.jnstools.cli.CapturedRun.NEW;
import static io.github.jnstools.cli.CapturedRun.OLD;
import static io.github.jnstools.cli.CapturedRun.on;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.cli.GraphPart.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On captured hosts; the pictures themselves are looked at by the tests with an engine. */
class JdocknetGraphTest {
  @Test
  void theTreeTellsWhatThereIsAndWhoReachesIt() {
    assertEquals(
        """
        host
        |-- outside by eth0: 192.0.2.0/24, fd00::/64
        |-- network bridge: bridge docker0, 172.17.0.0/16
        |   |   reachable from host, bridge
        |   |   blocked from outside by eth0, net2
        |   |-- c1: 172.17.0.2
        |   |   |-- 80/tcp
        |   |   |       reachable from outside by eth0
        |   |   |-- 0.0.0.0:8080->80/tcp
        |   |   |       reachable from outside by eth0
        |   |   |       reachable by docker-proxy from host, bridge, net2
        |   |   `-- [::]:8080->80/tcp
        |   |           unknown from host, outside by eth0
        |   `-- c2: 172.17.0.3
        `-- network net2: bridge br-c12028f2ffcc, 172.18.0.0/16
            |   reachable from host, net2
            |   blocked from outside by eth0, bridge
            `-- c3: 172.18.0.2
        """,
        on(OLD, "graph").out());
  }

  @Test
  void programsGetAllOfIt() throws Exception {
    JsonObject graph = JsonParser.object().from(on(NEW, "graph --json").out());
    assertEquals(graph, JsonParser.object().from(on(NEW, "graph --format json").out()));
    assertEquals(Set.of("outside", "networks", "elsewhere", "ways"), graph.keySet());
    JsonArray isolation = CapturedRun.json(NEW, "isolation");
    Set<String> ways = new TreeSet<>();
    for (Object each : graph.getArray("ways")) {
      JsonObject way = (JsonObject) each;
      for (Object connection : way.getArray("connections")) {
        ways.add(
            way.getObject("from").getString("name")
                + " "
                + ((JsonObject) connection).getString("destination")
                + " "
                + way.getString("verdict"));
      }
    }
    Set<String> traced = new TreeSet<>();
    for (Object each : isolation) {
      JsonObject reach = (JsonObject) each;
      traced.add(
          reach.getString("from")
              + " "
              + reach.getString("destination")
              + " "
              + reach.getString("verdict"));
    }
    assertTrue(traced.containsAll(ways), () -> ways + " are not all of " + traced);
  }

  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void everyLineOfThePictureHasBothItsEnds(String host) {
    Result dot = on(host, "graph --format dot");
    Set<String> parts = new TreeSet<>();
    Matcher part = Pattern.compile("^ +(p[0-9]+) \\[", Pattern.MULTILINE).matcher(dot.out());
    while (part.find()) {
      assertTrue(parts.add(part.group(1)), part.group());
    }
    Matcher line = Pattern.compile("^ +(\\S+) -> (\\S+) \\[", Pattern.MULTILINE).matcher(dot.out());
    int lines = 0;
    while (line.find()) {
      assertTrue(parts.contains(line.group(1)) && parts.contains(line.group(2)), line.group());
      lines++;
    }
    assertTrue(lines > 10 && parts.size() > 5, dot.out());
  }

  @Test
  void nothingInANameMeansAnythingToGraphviz() {
    String odd = "a\"b\\l<i>\n->";
    GraphPart outside =
        new GraphPart("p1", Kind.OUTSIDE, odd, List.of(), List.of(), List.of(), List.of());
    GraphPart host =
        new GraphPart("p0", Kind.HOST, "host", List.of(), List.of(), List.of(), List.of(outside));
    GraphLine line = new GraphLine("p1", "p1", Optional.empty(), false, odd, List.of());
    String quoted = "\"a\\\"b\\\\l<i>\\n->\"";
    String dot = GraphDot.of(host, List.of(line));
    assertTrue(dot.contains(" label=" + quoted + " fillcolor="), dot);
    assertTrue(dot.contains(" tooltip=" + quoted + "]\n"), dot);
    assertTrue(dot.contains("p1 -> p1 [id=l0 label=" + quoted + " dir=none]\n"), dot);
  }
}
