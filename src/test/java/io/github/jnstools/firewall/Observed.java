package io.github.jnstools.firewall;

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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A real connect: {@code config,dump,probe,in_interface,src,dst,dport,proto,observed}.
 *
 * @param line the line of expected.csv
 * @param config which rules were in DOCKER-USER: {@code ex1-e-corrected}
 * @param dump the file of the rules that were in force
 * @param flow what was tried
 * @param verdict what came of it
 */
record Observed(String line, String config, String dump, Flow flow, Verdict verdict) {

  /** All of a host. */
  static List<Observed> all(String host) {
    return Samples.text(host, "expected.csv").lines().skip(1).map(Observed::parse).toList();
  }

  private static Observed parse(String line) {
    String[] row = line.split(",");
    IpAddress destination = IpAddress.parse(row[5]);
    int port = Integer.parseInt(row[6]);
    Flow flow =
        row[3].equals("(local)")
            ? Flow.ofHost(destination, row[7], port)
            : Flow.of(row[3], IpAddress.parse(row[4]), destination, row[7], port);
    return new Observed(
        line, row[0], row[1], flow, Verdict.valueOf(row[8].toUpperCase(Locale.ROOT)));
  }

  /** The network of a host. */
  static HostNetwork network(String host) {
    try {
      return network(JsonParser.object().from(Samples.text(host, "topology.json")));
    } catch (JsonParserException | MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

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
}
