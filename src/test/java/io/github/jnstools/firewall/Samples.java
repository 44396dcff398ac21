package io.github.jnstools.firewall;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.github.jnstools.firewall.HostNetwork.Listener;
import io.github.jnstools.firewall.HostNetwork.ProxiedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The captured files of hosts with Docker's rules, by host. */
final class Samples {
  static final Path ROOT = Path.of("src/test/resources/firewall");

  private Samples() {}

  /** A file of a host: {@code 29.7.2-std}, {@code iptables-save.txt}. */
  static String text(String host, String file) {
    return text(ROOT.resolve(host).resolve(file));
  }

  static Ruleset ruleset(String host, String file) {
    try {
      return Ruleset.parse(text(host, file));
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A host's network, as it was captured. */
  static HostNetwork network(String host) {
    try {
      return HostNetwork.parse(
              text(host, "ip-addr.json"), text(host, "ip-route.json"), text(host, "ip-link.json"))
          .withRules(text(host, "ip-rule.json"))
          .withSysctls(text(host, "sysctl.txt"))
          .withListeners(text(host, "ss-listen.txt"));
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The ports of a host that docker-proxy serves; to the container's address of the same family.
   */
  static List<ProxiedPort> proxied(String host) {
    List<ProxiedPort> proxied = new ArrayList<>();
    try {
      for (Object each : JsonParser.array().from(text(host, "docker-inspect.json"))) {
        JsonObject settings = ((JsonObject) each).getObject("NetworkSettings");
        JsonObject network = (JsonObject) settings.getObject("Networks").values().iterator().next();
        for (Map.Entry<String, Object> port : settings.getObject("Ports").entrySet()) {
          if (port.getValue() instanceof JsonArray bindings) {
            for (Object binding : bindings) {
              proxied.add(proxied(port.getKey(), (JsonObject) binding, network));
            }
          }
        }
      }
    } catch (JsonParserException e) {
      throw new IllegalStateException(e);
    }
    return proxied;
  }

  /** {@code 80/tcp} of a container, bound to {@code 0.0.0.0} and 8080 of the host. */
  private static ProxiedPort proxied(String port, JsonObject binding, JsonObject network) {
    String[] target = port.split("/");
    IpAddress bound = IpAddress.parse(binding.getString("HostIp"));
    String v6 = network.getString("GlobalIPv6Address", "");
    boolean same = bound.v6() && !v6.isEmpty();
    return new ProxiedPort(
        new Listener(
            target[1],
            bound.isUnspecified() ? Optional.empty() : Optional.of(bound),
            !bound.v6(),
            bound.v6(),
            Integer.parseInt(binding.getString("HostPort"))),
        IpAddress.parse(same ? v6 : network.getString("IPAddress")),
        Integer.parseInt(target[0]));
  }

  /** All texts of iptables-save and ip6tables-save, of every host. */
  static List<Path> rulesets() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*ip6?tables-save(-c)?\\.txt"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
