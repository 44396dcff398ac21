package io.github.jnstools.firewall;

import io.github.jnstools.firewall.HostNetwork.Link;
import io.github.jnstools.firewall.HostNetwork.LinkAddress;
import io.github.jnstools.firewall.HostNetwork.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Times the firewall's model on hosts that are made up: {@code CONTAINERS...}, ten on each network,
 * each with a published port. The rules are those that Docker 20.10 to 27 would have written.
 */
final class FirewallBenchMain {
  private static final int PER_NETWORK = 10;
  private static final int FIRST_PORT = 10_000;
  private static final int TRACES = 201;
  private static final int MOST_FOR_ISOLATION = 1000;
  private static final String EMPTY =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD DROP [0:0]
      :OUTPUT ACCEPT [0:0]
      :DOCKER - [0:0]
      :DOCKER-ISOLATION-STAGE-1 - [0:0]
      :DOCKER-ISOLATION-STAGE-2 - [0:0]
      :DOCKER-USER - [0:0]
      -A DOCKER-USER -j RETURN
      COMMIT
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :DOCKER - [0:0]
      COMMIT
      """;

  private final int containers;
  private final DockerInventory inventory;
  private final String rules;

  private FirewallBenchMain(int containers) throws Exception {
    this.containers = containers;
    this.inventory = inventory(containers);
    this.rules = rules(inventory);
  }

  private static String subnet(int network) {
    return "10." + network / 256 + "." + network % 256 + ".";
  }

  private static String bridge(int network) {
    return "br-" + String.format("%012x", network);
  }

  private static String address(int container) {
    return subnet(container / PER_NETWORK) + (2 + container % PER_NETWORK);
  }

  private static DockerInventory inventory(int count) {
    List<DockerNetwork> networks = new ArrayList<>();
    for (int i = 0; i * PER_NETWORK < count; i++) {
      networks.add(
          new DockerNetwork(
              "n" + i,
              "net" + i,
              "bridge",
              Optional.of(bridge(i)),
              Instant.ofEpochSecond(i),
              true,
              false,
              List.of(new DockerNetwork.Subnet(subnet(i) + "0/24", Optional.of(subnet(i) + "1"))),
              false,
              true,
              true,
              "nat",
              "nat",
              Optional.empty(),
              Optional.empty(),
              List.of(),
              List.of()));
    }
    List<DockerContainer> containers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String network = Integer.toString(i / PER_NETWORK);
      containers.add(
          new DockerContainer(
              "c" + i,
              "c" + i,
              1 + i,
              Instant.ofEpochSecond(count + i),
              "net" + network,
              List.of(
                  new DockerContainer.Endpoint(
                      "net" + network,
                      "n" + network,
                      Optional.of(address(i)),
                      Optional.empty(),
                      Optional.of("10.0.0.1"),
                      Optional.empty(),
                      0)),
              List.of(new PublishedPort("0.0.0.0", FIRST_PORT + i, "tcp", 80)),
              List.of(new DockerContainer.AskedPort(80, "tcp"))));
    }
    Optional<Boolean> yes = Optional.of(true);
    DockerSettings settings =
        new DockerSettings(
            "20.10.24",
            Optional.of("iptables"),
            yes,
            yes,
            Optional.of(false),
            false,
            List.of(),
            yes,
            yes,
            yes);
    return new DockerInventory(networks, containers, settings);
  }

  private static HostRules read(String rules) throws MalformedException {
    return new HostRules(
        Optional.of(Ruleset.parse(rules)),
        Optional.of(Ruleset.parse("")),
        Optional.empty(),
        Optional.empty(),
        Optional.of(NftTables.parse("{\"nftables\":[]}")));
  }

  /** What the engine should have written, as iptables-save prints it. */
  private static String rules(DockerInventory inventory) throws MalformedException {
    List<DockerRule> due = DockerFirewall.of(read(EMPTY), inventory).expected(IpFamily.IPV4);
    StringBuilder text = new StringBuilder();
    String table = "";
    for (String line : EMPTY.split("\n")) {
      if (line.startsWith("*")) {
        table = line.substring(1);
      }
      if (line.equals("COMMIT")) {
        for (DockerRule rule : due) {
          text.append(rule.table().equals(table) ? rule.rule().text() + "\n" : "");
        }
      }
      text.append(line.startsWith("-A") ? "" : line + "\n");
    }
    return text.toString();
  }

  private HostNetwork network() {
    List<Link> links = new ArrayList<>();
    List<Route> routes = new ArrayList<>();
    add(links, routes, "lo", "127.0.0.1", "127.0.0.0/8");
    add(links, routes, "eth0", "192.0.2.1", "192.0.2.0/24");
    routes.add(route("0.0.0.0/0", "unicast", "main", "eth0"));
    for (int i = 0; i * PER_NETWORK < containers; i++) {
      add(links, routes, bridge(i), subnet(i) + "1", subnet(i) + "0/24");
    }
    return HostNetwork.of(links, routes)
        .withSysctls("net.ipv4.ip_forward = 1\nnet.bridge.bridge-nf-call-iptables = 1\n");
  }

  private static void add(
      List<Link> links, List<Route> routes, String name, String address, String subnet) {
    LinkAddress own = new LinkAddress(IpAddress.parse(address), Subnet.parse(subnet));
    links.add(
        new Link(name, name.startsWith("br-") ? "bridge" : "", Optional.empty(), List.of(own)));
    routes.add(route(subnet, "unicast", "main", name));
    routes.add(route(address + "/32", "local", "local", name));
  }

  private static Route route(String to, String type, String table, String device) {
    return new Route(Subnet.parse(to), type, table, List.of(device), Optional.empty(), 0);
  }

  private static long start;

  private static double milliseconds() {
    return (System.nanoTime() - start) / 1e6;
  }

  private void run() throws Exception {
    start = System.nanoTime();
    HostRules read = read(rules);
    final double parsed = milliseconds();
    start = System.nanoTime();
    DockerFirewall firewall = DockerFirewall.of(read, inventory);
    firewall.findings();
    final double verified = milliseconds();
    if (!firewall.drift().isEmpty()) {
      throw new IllegalStateException("the rules that are due differ: " + firewall.drift().get(0));
    }
    HostNetwork network = firewall.locate(network());
    Filters filters = read.filters(IpSets.NONE);
    double[] traces = new double[TRACES];
    for (int i = 0; i < TRACES; i++) {
      int container = (int) ((long) i * containers / TRACES);
      Flow flow =
          Flow.ofOutside(
              IpAddress.parse("192.0.2.7"),
              IpAddress.parse("192.0.2.1"),
              "tcp",
              FIRST_PORT + container);
      start = System.nanoTime();
      PacketTrace trace = PacketTrace.of(filters, network, flow);
      traces[i] = milliseconds();
      if (trace.verdict() != Verdict.REACHABLE) {
        throw new IllegalStateException(flow + ": " + trace.verdict() + ", " + trace.reason());
      }
    }
    final double first = traces[0];
    Arrays.sort(traces);
    String isolation = "-";
    if (containers <= MOST_FOR_ISOLATION) {
      start = System.nanoTime();
      int pairs = Isolation.of(firewall, network, filters).size();
      isolation = String.format("%.0f (%d pairs)", milliseconds(), pairs);
    }
    System.out.printf(
        "%10d %9d %9.1f %9.1f %9.2f %9.2f   %s%n",
        containers,
        rules.lines().filter(line -> line.startsWith("-A")).count(),
        parsed,
        verified,
        first,
        traces[TRACES / 2],
        isolation);
  }

  /** Runs the hosts one after the other in one JVM, the small ones first. */
  public static void main(String[] sizes) throws Exception {
    System.out.printf(
        "%10s %9s %9s %9s %9s %9s   %s%n",
        "containers", "rules", "parse", "verify", "trace 1st", "trace", "isolation");
    for (String size : sizes) {
      new FirewallBenchMain(Integer.parseInt(size)).run();
    }
  }
}
