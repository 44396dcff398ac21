package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.firewall.KernelTrace;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jdocknet} beside what Docker, ip(8) and real connections say. */
@DockerTest
class DockerJdocknetTest {
  private static final String OUTSIDE = ConnectedHost.OUTSIDE;

  @TempDir static Path image;
  @AutoClose private static ConnectedHost host;
  private static DockerEngine engine;

  @BeforeAll
  static void start() throws Exception {
    host = ConnectedHost.start(image);
    engine = host.engine();
  }

  private static Run run(String... arguments) throws Exception {
    return run(Map.of(), arguments);
  }

  private static Run run(Map<String, String> variables, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Tools.JDOCKNET));
    command.addAll(List.of(arguments));
    return Run.of("", variables, command);
  }

  private static JsonArray json(String... arguments) throws Exception {
    Run run = run(arguments).mustSucceed();
    assertEquals("", run.err());
    return JsonParser.array().from(run.out());
  }

  @Test
  void everyTraceIsWhatARealConnectionGivesAndWhatTheKernelTells() throws Exception {
    List<String> wrong = new ArrayList<>();
    List<String> verdicts = new ArrayList<>();
    Map<String, List<String>> told = new TreeMap<>();
    try (KernelMonitor kernel = KernelMonitor.start(image)) {
      for (String from : List.of("web", "api", "hidden", "shy", "host", OUTSIDE)) {
        for (String to :
            List.of(
                "web:80",
                "second:80",
                "api:443",
                "hidden:80",
                "shy2:80",
                "host:8080",
                "host:8443",
                "host:5432",
                "host:8081",
                "host:9999",
                "host:5353/udp",
                "203.0.113.1:8080")) {
          if (!to.startsWith(from + ":") || from.equals("host")) {
            for (Object each : json("trace", from, to, "--replies", "--json")) {
              JsonObject trace = (JsonObject) each;
              compare(from, to, trace, wrong, verdicts);
              if (trace.getString("destination").indexOf(':') < 0) {
                steps(trace, told);
              }
            }
          }
        }
      }
      Map<String, List<String>> seen = kernel.seen();
      told.forEach(
          (packet, steps) -> {
            if (!steps.equals(seen.get(packet))) {
              wrong.add(packet + " meets " + seen.get(packet) + ", not " + steps);
            }
          });
    }
    assertEquals("", String.join("\n", wrong), verdicts::toString);
    assertTrue(verdicts.size() >= 65, verdicts::toString);
    assertTrue(
        verdicts.containsAll(List.of("reachable", "blocked", "refused")), verdicts::toString);
    assertTrue(told.size() >= 100, told::toString);
  }

  private static void compare(
      String from, String to, JsonObject trace, List<String> wrong, List<String> verdicts)
      throws Exception {
    String address = trace.getString("destination");
    int port = trace.getInt("port");
    String verdict = trace.getString("verdict");
    String real = host.connect(from, trace.getString("protocol"), address, port, verdict);
    verdicts.add(real);
    if (!real.equals(verdict)) {
      wrong.add(
          from
              + " "
              + to
              + " ("
              + address
              + ") is "
              + real
              + ", not "
              + verdict
              + ": "
              + trace.getString("reason"));
    }
  }

  /** The rules and policies that a trace's packets meet, by packet, in the kernel's words. */
  private static void steps(JsonObject trace, Map<String, List<String>> told) {
    JsonArray ways = trace.getArray("ways");
    assertEquals(1, ways.size(), ways::toString);
    boolean datagram = trace.getString("protocol").equals("udp");
    for (Object each : ways.getObject(0).getArray("legs")) {
      JsonObject leg = (JsonObject) each;
      String name = leg.getString("name");
      // Of datagrams, one is sent.
      if (!datagram || !name.endsWith("later packets")) {
        for (Object step : leg.getArray("steps")) {
          add((JsonObject) step, name, told);
        }
      }
    }
  }

  private static void add(JsonObject step, String leg, Map<String, List<String>> told) {
    String table = step.getString("table");
    if (table != null) {
      String chain = step.getString("chain");
      String rule = step.getString("rule");
      String text = table + " " + (rule == null ? chain + " " + step.getString("effect") : rule);
      List<String> steps =
          told.computeIfAbsent(
              KernelTrace.name(step.getString("packet"), leg, chain), name -> new ArrayList<>());
      if (!steps.contains(text)) {
        steps.add(text);
      }
    }
  }

  @Test
  void theListTellsWhatDockerAndIpTell() throws Exception {
    List<String> lines =
        run("ls").mustSucceed().out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    long containers = ConnectedHost.CONTAINERS.values().stream().mapToLong(List::size).sum();
    assertEquals(containers + 1, lines.size(), lines::toString);
    JsonObject web = json("ls", "web", "--json").getObject(0);
    long pid = engine.pid("web");
    String address = engine.inspect("web", "{{.NetworkSettings.IPAddress}}");
    assertEquals(Jnetns.inode(pid), web.getLong("netns"));
    JsonObject network = web.getArray("networks").getObject(0);
    assertEquals(address, network.getString("ipv4"));
    assertEquals("eth0", network.getString("interface"));
    int index = host.inside("web", () -> NetworkInterface.getByName("eth0").getIndex());
    String veth = network.getString("host_veth");
    JsonObject host = Jnetns.ip("link", "show", "dev", veth).getObject(0);
    assertEquals(index, host.getInt("link_index"));
    assertEquals("docker0", host.getString("master"));
    String line =
        "web bridge "
            + address
            + " 0.0.0.0:8080->80/tcp,[::]:8080->80/tcp "
            + Jnetns.inode(pid)
            + " "
            + veth
            + " docker0";
    assertTrue(lines.contains(line), line + " in " + lines);
  }

  @Test
  void verifyFindsARuleThatIsTakenAwayUntilItIsPutBack() throws Exception {
    Set<String> before = findings();
    assertEquals(
        Set.of("direct-routing", "port-of-internal", "proxy-past-isolation", "proxy-past-icc"),
        before);
    String[] rule = {"FORWARD", "-i", "docker0", "!", "-o", "docker0", "-j", "ACCEPT"};
    int number = numberOf("-A " + String.join(" ", rule));
    Run.of("iptables", "-D", "FORWARD", "" + number).mustSucceed();
    try {
      Run found = run("verify");
      assertEquals("exited 1", found.status(), found::toString);
      assertTrue(
          found
              .out()
              .contains(
                  "\nerror missing: IPv4 filter FORWARD\n"
                      + "  rule:  -A FORWARD -i docker0 ! -o docker0 -j ACCEPT\n"),
          found::toString);
    } finally {
      List<String> insert = new ArrayList<>(List.of("iptables", "-I", "FORWARD", "" + number));
      insert.addAll(List.of(rule).subList(1, rule.length));
      Run.of("", Map.of(), insert).mustSucceed();
    }
    assertEquals(before, findings());
  }

  /** The published port of 127.0.0.1 is always one of them in this layout. */
  private static Set<String> findings() throws Exception {
    Run run = run("verify", "--json");
    assertEquals("exited 1", run.status(), run::toString);
    Set<String> names = new TreeSet<>();
    for (Object finding : JsonParser.array().from(run.out())) {
      names.add(((JsonObject) finding).getString("name"));
    }
    return names;
  }

  private static int numberOf(String rule) throws Exception {
    List<String> rules =
        Run.of("iptables", "-S", "FORWARD").mustSucceed().out().lines().skip(1).toList();
    assertTrue(rules.contains(rule), rule + " in " + rules);
    return rules.indexOf(rule) + 1;
  }

  @Test
  void aToolThatFailsMakesTheAnswerUnknown(@TempDir Path tools) throws Exception {
    Path save = tools.resolve("iptables-save");
    Files.writeString(
        save, "#!/bin/sh\necho 'cannot read it: Operation not permitted' >&2; exit 4\n");
    Files.setPosixFilePermissions(save, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> path = Map.of("PATH", tools + ":" + System.getenv("PATH"));
    Run verify = run(path, "verify");
    assertEquals("exited 2", verify.status(), verify::toString);
    assertEquals(
        "jdocknet: run(iptables-save): exit status 4: cannot read it: Operation not permitted\n"
            + "hint: run as root\n",
        verify.err());
    Run trace = run(path, "trace", OUTSIDE, "host:8080");
    assertEquals("exited 1", trace.status(), trace::toString);
    assertTrue(
        trace.out().contains("\nunknown: the rules of IPv4 are not known\n"), trace::toString);
  }

  @Test
  void rulesOfAnotherProgramMakeTheAnswerUnknown() throws Exception {
    Run.of(
            "nft",
            "add table inet other; add chain inet other c { type filter hook forward priority 0; }")
        .mustSucceed();
    try {
      Run verify = run("verify");
      assertEquals("exited 2", verify.status(), verify::toString);
      assertTrue(
          verify.out().contains("\nunknown foreign-hook: nft inet other c\n"), verify::toString);
      assertTrue(run("trace", OUTSIDE, "host:8080").out().contains("\nunknown: REACHABLE"));
    } finally {
      Run.of("nft", "delete table inet other").mustSucceed();
    }
  }
}
