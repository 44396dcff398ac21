package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.NamespaceThread;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NamedNet;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jdocknet} beside what Docker, ip(8) and real connections say. */
@DockerTest
class DockerJdocknetTest {
  /** A client behind an interface of its own, whose packets the host forwards. */
  private static final String OUTSIDE = "203.0.113.2";

  private static final List<String> CONTAINERS =
      List.of("web", "second", "api", "hidden", "shy", "shy2");
  private static final List<Integer> PORTS = List.of(80, 443, 5432);
  private static final int PATIENCE = 800;

  @TempDir static Path busybox;
  private static DockerEngine engine;
  private static NamedNet outside;
  private static final List<ServerSocket> servers = new ArrayList<>();

  @BeforeAll
  static void startContainers() throws Exception {
    engine = DockerEngine.start();
    engine.load(Container.fill(busybox), "busybox");
    network("net1");
    network("int1", "--internal");
    network("noicc", "-o", "com.docker.network.bridge.enable_icc=false");
    start("web", "bridge", "-p", "8080:80");
    start("second", "bridge");
    start("api", "net1", "-p", "8443:443", "-p", "127.0.0.1:5432:5432");
    start("hidden", "int1");
    start("shy", "noicc", "-p", "8081:80");
    start("shy2", "noicc");
    outside = NamedNet.add("outside");
    String here = Long.toString(ProcessHandle.current().pid());
    ip("-n", "outside", "link", "set", "jns1", "netns", here);
    ip("-n", "outside", "addr", "add", OUTSIDE + "/24", "dev", NamedNet.INTERFACE);
    ip("-n", "outside", "link", "set", NamedNet.INTERFACE, "up");
    ip("addr", "add", "203.0.113.1/24", "dev", "jns1");
    ip("link", "set", "jns1", "up");
    ip("-n", "outside", "route", "add", "default", "via", "203.0.113.1");
    for (String container : CONTAINERS) {
      for (int port : PORTS) {
        // Who connects is answered by the kernel: nobody need accept.
        servers.add(inside(container, () -> new ServerSocket(port)));
      }
    }
  }

  private static void network(String name, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("network", "create"));
    command.addAll(List.of(options));
    command.add(name);
    engine.run(command.toArray(new String[0])).mustSucceed();
  }

  private static void start(String name, String network, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("--name", name, "--network", network));
    command.addAll(List.of(options));
    command.addAll(List.of("busybox", "/bin/sleep", "1000"));
    engine.start(command.toArray(new String[0]));
  }

  private static void ip(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Run.of("", Map.of(), command).mustSucceed();
  }

  @AfterAll
  static void end() throws Exception {
    for (ServerSocket server : servers) {
      server.close();
    }
    if (outside != null) {
      outside.close();
    }
    if (engine != null) {
      engine.close();
    }
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

  /** Does something in the network namespace of a container, of the client, or of this host. */
  private static <T> T inside(String name, Callable<T> task) throws Exception {
    if (name.equals("host")) {
      return task.call();
    }
    if (name.equals(OUTSIDE)) {
      try (Namespace namespace = outside.open();
          NamespaceSet set = NamespaceSet.of(namespace)) {
        return NamespaceThread.call(set, task);
      }
    }
    try (Target target = Target.of((int) engine.pid(name));
        NamespaceSet set = NamespaceSet.of(target.namespace(NamespaceType.NET))) {
      return NamespaceThread.call(set, task);
    }
  }

  /** What becomes of a real connection. */
  private static String connect(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), PATIENCE);
      return "reachable";
    } catch (ConnectException e) {
      return e.getMessage().contains("refused") ? "refused" : "blocked";
    } catch (SocketTimeoutException | NoRouteToHostException e) {
      return "blocked";
    }
  }

  @Test
  void everyTraceIsWhatARealConnectionGives() throws Exception {
    List<String> wrong = new ArrayList<>();
    List<String> verdicts = new ArrayList<>();
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
              "203.0.113.1:8080")) {
        if (!to.startsWith(from + ":") || from.equals("host")) {
          compare(from, to, wrong, verdicts);
        }
      }
    }
    assertEquals(List.of(), wrong, verdicts::toString);
    assertTrue(verdicts.size() >= 60, verdicts::toString);
    assertTrue(
        verdicts.containsAll(List.of("reachable", "blocked", "refused")), verdicts::toString);
  }

  private static void compare(String from, String to, List<String> wrong, List<String> verdicts)
      throws Exception {
    for (Object each : json("trace", from, to, "--json")) {
      JsonObject trace = (JsonObject) each;
      String address = trace.getString("destination");
      int port = trace.getInt("port");
      String real = inside(from, () -> connect(address, port));
      verdicts.add(real);
      if (!real.equals(trace.getString("verdict"))) {
        wrong.add(
            from
                + " "
                + to
                + " ("
                + address
                + ") is "
                + real
                + ", not "
                + trace.getString("verdict")
                + ": "
                + trace.getString("reason"));
      }
    }
  }

  @Test
  void theListTellsWhatDockerAndIpTell() throws Exception {
    List<String> lines =
        run("ls").mustSucceed().out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertEquals(CONTAINERS.size() + 1, lines.size(), lines::toString);
    JsonObject web = json("ls", "web", "--json").getObject(0);
    long pid = engine.pid("web");
    String address = engine.inspect("web", "{{.NetworkSettings.IPAddress}}");
    assertEquals(Jnetns.inode(pid), web.getLong("netns"));
    JsonObject network = web.getArray("networks").getObject(0);
    assertEquals(address, network.getString("ipv4"));
    assertEquals("eth0", network.getString("interface"));
    int index = inside("web", () -> NetworkInterface.getByName("eth0").getIndex());
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
    assertEquals(Set.of("direct-routing", "proxy-past-isolation", "proxy-past-icc"), before);
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
