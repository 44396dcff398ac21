package io.github.jnstools.firewall;

import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code docker network inspect} prints. */
final class NetworkInspect {
  private static final String BRIDGE = "com.docker.network.bridge.";
  private static final PrintedJson JSON = new PrintedJson("docker network inspect");

  private NetworkInspect() {}

  static List<DockerNetwork> parse(String text) throws MalformedException {
    List<DockerNetwork> networks = new ArrayList<>();
    for (JsonObject network : JSON.objects(text)) {
      networks.add(network(network));
    }
    return networks;
  }

  private static DockerNetwork network(JsonObject json) throws MalformedException {
    JsonObject options = PrintedJson.inner(json, "Options");
    String id = JSON.text(json, "Id");
    String driver = JSON.text(json, "Driver");
    return new DockerNetwork(
        id,
        JSON.text(json, "Name"),
        driver,
        driver.equals("bridge") ? Optional.of(bridge(id, options)) : Optional.empty(),
        JSON.time(json, "Created"),
        json.getBoolean("EnableIPv4", true),
        json.getBoolean("EnableIPv6", false),
        subnets(json),
        json.getBoolean("Internal", false),
        isOn(options, BRIDGE + "enable_icc"),
        isOn(options, BRIDGE + "enable_ip_masquerade"),
        options.getString(BRIDGE + "gateway_mode_ipv4", "nat"),
        options.getString(BRIDGE + "gateway_mode_ipv6", "nat"),
        PrintedJson.some(options, BRIDGE + "host_binding_ipv4")
            .filter(address -> !address.equals("0.0.0.0")),
        PrintedJson.some(options, "com.docker.network.host_ipv4"),
        PrintedJson.some(options, BRIDGE + "trusted_host_interfaces")
            .map(names -> List.of(names.split(":")))
            .orElse(List.of()),
        attached(json));
  }

  private static String bridge(String id, JsonObject options) {
    String prefix = id.substring(0, Math.min(12, id.length()));
    return PrintedJson.some(options, BRIDGE + "name").orElse("br-" + prefix);
  }

  /** Options are texts, in any spelling of Go's booleans. */
  private static boolean isOn(JsonObject options, String option) {
    return !List.of("false", "0", "f").contains(options.getString(option, "true").toLowerCase());
  }

  private static List<DockerNetwork.Subnet> subnets(JsonObject json) throws MalformedException {
    List<DockerNetwork.Subnet> subnets = new ArrayList<>();
    for (JsonObject config : PrintedJson.inners(PrintedJson.inner(json, "IPAM"), "Config")) {
      subnets.add(
          new DockerNetwork.Subnet(
              JSON.text(config, "Subnet"), PrintedJson.some(config, "Gateway")));
    }
    return subnets;
  }

  private static List<DockerNetwork.Attachment> attached(JsonObject json) {
    JsonObject containers = PrintedJson.inner(json, "Containers");
    List<DockerNetwork.Attachment> attached = new ArrayList<>();
    for (String id : containers.keySet()) {
      JsonObject one = PrintedJson.inner(containers, id);
      attached.add(
          new DockerNetwork.Attachment(
              one.getString("Name", id), address(one, "IPv4Address"), address(one, "IPv6Address")));
    }
    return attached;
  }

  /** Without the length of its prefix. */
  private static Optional<String> address(JsonObject one, String member) {
    return PrintedJson.some(one, member).map(text -> text.replaceFirst("/.*", ""));
  }
}
