package io.github.jnstools.firewall;

import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What {@code docker inspect} prints of containers. */
final class ContainerInspect {
  private static final PrintedJson JSON = new PrintedJson("docker inspect");

  private ContainerInspect() {}

  static List<DockerContainer> parse(String text) throws MalformedException {
    List<DockerContainer> containers = new ArrayList<>();
    for (JsonObject container : JSON.objects(text)) {
      containers.add(container(container));
    }
    return containers;
  }

  private static DockerContainer container(JsonObject json) throws MalformedException {
    JsonObject state = PrintedJson.inner(json, "State");
    JsonObject host = PrintedJson.inner(json, "HostConfig");
    JsonObject network = PrintedJson.inner(json, "NetworkSettings");
    // Docker before 26 keeps the word that its command was given.
    String mode = host.getString("NetworkMode", "");
    return new DockerContainer(
        JSON.text(json, "Id"),
        JSON.text(json, "Name").replaceFirst("^/", ""),
        state.getInt("Pid"),
        JSON.time(state, "StartedAt"),
        mode.equals("default") ? "bridge" : mode,
        endpoints(PrintedJson.inner(network, "Networks")),
        ports(PrintedJson.inner(network, "Ports")),
        asked(PrintedJson.inner(host, "PortBindings")));
  }

  private static List<DockerContainer.Endpoint> endpoints(JsonObject networks) {
    List<DockerContainer.Endpoint> endpoints = new ArrayList<>();
    for (String name : networks.keySet()) {
      JsonObject endpoint = PrintedJson.inner(networks, name);
      endpoints.add(
          new DockerContainer.Endpoint(
              name,
              endpoint.getString("NetworkID", ""),
              PrintedJson.some(endpoint, "IPAddress"),
              PrintedJson.some(endpoint, "GlobalIPv6Address"),
              PrintedJson.some(endpoint, "Gateway"),
              PrintedJson.some(endpoint, "IPv6Gateway"),
              endpoint.getInt("GwPriority", 0)));
    }
    return endpoints;
  }

  /** A port that is exposed only has null instead of bindings; one of a routed network, no port. */
  private static List<PublishedPort> ports(JsonObject json) throws MalformedException {
    List<PublishedPort> ports = new ArrayList<>();
    for (String key : json.keySet()) {
      DockerContainer.AskedPort port = port(key);
      for (JsonObject binding : PrintedJson.inners(json, key)) {
        String hostPort = binding.getString("HostPort", "");
        if (!hostPort.isEmpty() && !hostPort.equals("0")) {
          ports.add(
              new PublishedPort(
                  binding.getString("HostIp", ""),
                  JSON.number(hostPort),
                  port.protocol(),
                  port.number()));
        }
      }
    }
    return ports;
  }

  private static List<DockerContainer.AskedPort> asked(JsonObject json) throws MalformedException {
    List<DockerContainer.AskedPort> asked = new ArrayList<>();
    for (String key : json.keySet()) {
      asked.add(port(key));
    }
    return asked;
  }

  /** A key is {@code 80/tcp}. */
  private static DockerContainer.AskedPort port(String key) throws MalformedException {
    int slash = key.indexOf('/');
    if (slash < 0) {
      throw JSON.wrong("no port: " + key);
    }
    return new DockerContainer.AskedPort(
        JSON.number(key.substring(0, slash)), key.substring(slash + 1));
  }
}
