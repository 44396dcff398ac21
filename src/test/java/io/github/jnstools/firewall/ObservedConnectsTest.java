package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.github.jnstools.firewall.HostNetwork.Link;
import io.github.jnstools.firewall.HostNetwork.LinkAddress;
import io.github.jnstools.firewall.HostNetwork.Listener;
import io.github.jnstools.firewall.HostNetwork.ProxiedPort;
import io.github.jnstools.firewall.HostNetwork.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces beside what real connects gave, under the rules that were in force. */
class ObservedConnectsTest {
  private static HostNetwork network(JsonObject topology) throws MalformedException {
    List<Link> links = new ArrayList<>();
    for (Map.Entry<String, Object> each : topology.getObject("host_addresses").entrySet()) {
      List<LinkAddress> addresses = new ArrayList<>();
      for (Object text : (JsonArray) each.getValue()) {
        String address = (String) text;
        addresses.add(
            new LinkAddress(
                IpAddress.parse(address.substring(0, address.indexOf('/'))),
                Subnet.parse(address)));
      }
      boolean bridge = each.getKey().equals(topology.getString("bridge"));
      links.add(new Link(each.getKey(), bridge ? "bridge" : "", Optional.empty(), addresses));
    }
    List<Route> routes = new ArrayList<>();
    for (Object text : topology.getArray("routes")) {
      // 192.168.1.0/24 dev h3v0
      String[] words = ((String) text).split(" ");
      routes.add(
          new Route(
              Subnet.parse(words[0]), "unicast", "main", List.of(words[2]), Optional.empty(), 0));
    }
    Listener listener = new Listener("tcp", Optional.empty(), true, true, 18080);
    return HostNetwork.of(links, routes)
        .withSysctls(
            "net.ipv4.ip_forward = "
                + topology.getInt("ip_forward")
                + "\nnet.bridge.bridge-nf-call-iptables = "
                + topology.getInt("bridge_nf_call_iptables")
                + "\n")
        .withListeners("tcp LISTEN 0 4096 0.0.0.0:18080 0.0.0.0:*\n")
        .withProxies(
            List.of(new ProxiedPort(listener, IpAddress.parse(topology.getString("server")), 80)));
  }

  /** {@code config,dump,probe,in_interface,src,dst,dport,proto,observed}. */
  private static Flow flow(String[] row) {
    IpAddress destination = IpAddress.parse(row[5]);
    int port = Integer.parseInt(row[6]);
    return row[3].equals("(local)")
        ? Flow.ofHost(destination, row[7], port)
        : Flow.of(row[3], IpAddress.parse(row[4]), destination, row[7], port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed-experiment-main-20.10.24", "seed-experiment-docker0-20.10.24"})
  void everyObservedConnectIsForetold(String host) throws Exception {
    HostNetwork network = network(topology(host));
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String line : Samples.text(host, "expected.csv").split("\r?\n")) {
      String[] row = line.split(",");
      if (!row[0].equals("config")) {
        rows++;
        Ruleset ruleset = Samples.ruleset(host, row[1]);
        PacketTrace trace = PacketTrace.of(Filters.of(ruleset), network, flow(row));
        if (!trace.verdict().name().equalsIgnoreCase(row[8])) {
          wrong.add(line + ": " + trace.verdict() + ": " + trace.reason());
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(253, rows);
  }

  private static JsonObject topology(String host) throws JsonParserException {
    return JsonParser.object().from(Samples.text(host, "topology.json"));
  }
}
