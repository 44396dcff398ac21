package io.github.jnstools.firewall;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the engine, daemon.json and sysctl(8) tell of settings. */
final class SettingsReader {
  private static final List<String> BOOLEANS =
      List.of(
          "iptables",
          "ip6tables",
          "userland-proxy",
          "icc",
          "ip-masq",
          "ip-forward",
          "ipv6",
          "experimental",
          "live-restore");

  private SettingsReader() {}

  static DockerSettings parse(DockerInventory.Sources sources) throws MalformedException {
    JsonObject version = new PrintedJson("docker version").object(sources.version());
    JsonObject info = new PrintedJson("docker info").object(sources.info());
    JsonObject file = new PrintedJson("daemon.json").object(sources.daemonJson());
    JsonObject backend = PrintedJson.inner(info, "FirewallBackend");
    return new DockerSettings(
        // What the engine was built as may stand in its info: a version is a number.
        PrintedJson.some(PrintedJson.inner(version, "Server"), "Version")
            .filter(text -> Character.isDigit(text.charAt(0)))
            .or(() -> PrintedJson.some(info, "ServerVersion"))
            .orElse(""),
        PrintedJson.some(backend, "Driver").or(() -> PrintedJson.some(file, "firewall-backend")),
        detail(backend, "EnableUserlandProxy")
            .map(Boolean::valueOf)
            .or(() -> bool(file, "userland-proxy")),
        bool(file, "iptables"),
        bool(file, "ip6tables"),
        PrintedJson.inner(info, "Swarm").getString("LocalNodeState", "").equals("active"),
        misspelled(file),
        sysctl(sources.sysctl(), "net.bridge.bridge-nf-call-iptables"),
        sysctl(sources.sysctl(), "net.bridge.bridge-nf-call-ip6tables"),
        sysctl(sources.sysctl(), "net.ipv4.ip_forward"));
  }

  /** Details are pairs, in arrays: {@code [["EnableUserlandProxy","true"]]}. */
  private static Optional<String> detail(JsonObject backend, String name) {
    for (Object element : backend.getArray("Info", new JsonArray())) {
      if (element instanceof JsonArray pair && name.equals(pair.getString(0))) {
        return Optional.ofNullable(pair.getString(1));
      }
    }
    return Optional.empty();
  }

  private static Optional<Boolean> bool(JsonObject file, String member) {
    return file.isBoolean(member) ? Optional.of(file.getBoolean(member)) : Optional.empty();
  }

  private static List<String> misspelled(JsonObject file) {
    List<String> misspelled = new ArrayList<>();
    for (String member : BOOLEANS) {
      if (file.isString(member)) {
        misspelled.add(member);
      }
    }
    return misspelled;
  }

  private static Optional<Boolean> sysctl(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> !line.endsWith(" 0"))
        .findFirst();
  }
}
