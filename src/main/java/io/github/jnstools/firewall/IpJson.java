package io.github.jnstools.firewall;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import io.github.jnstools.firewall.HostNetwork.Link;
import io.github.jnstools.firewall.HostNetwork.LinkAddress;
import io.github.jnstools.firewall.HostNetwork.PolicyRule;
import io.github.jnstools.firewall.HostNetwork.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What ip(8) prints with {@code -j}. */
final class IpJson {
  private static final Subnet ALL = Subnet.parse("0.0.0.0/0");
  private static final Subnet ALL_V6 = Subnet.parse("::/0");

  /** What a rule of ip-rule(8) has beside conditions. */
  private static final Set<String> PLAIN =
      Set.of("priority", "src", "srclen", "table", "protocol", "flags");

  private IpJson() {}

  /** The objects of a text; several lists one after the other count as one. */
  private static List<JsonObject> objects(PrintedJson json, String text) throws MalformedException {
    List<JsonObject> objects = new ArrayList<>();
    for (String list : text.strip().split("(?<=\\])\\s*(?=\\[)")) {
      objects.addAll(json.objects(list));
    }
    // ip leaves an empty object for what its filter took out.
    objects.removeIf(JsonObject::isEmpty);
    return objects;
  }

  static List<Link> links(String addresses, String links) throws MalformedException {
    Map<String, String> kinds = new HashMap<>();
    for (JsonObject link : objects(new PrintedJson("ip -j -d link"), links)) {
      JsonObject info = PrintedJson.inner(link, "linkinfo");
      kinds.put(link.getString("ifname"), info.getString("info_kind", ""));
    }
    PrintedJson json = new PrintedJson("ip -j addr");
    List<Link> found = new ArrayList<>();
    for (JsonObject link : objects(json, addresses)) {
      String name = json.text(link, "ifname");
      List<LinkAddress> own = new ArrayList<>();
      for (JsonObject info : PrintedJson.inners(link, "addr_info")) {
        // What a container's end of a point-to-point link may have instead of a local address.
        if (info.has("local")) {
          IpAddress address = address(json, json.text(info, "local"));
          own.add(new LinkAddress(address, Subnet.of(address, info.getInt("prefixlen", 0))));
        }
      }
      found.add(
          new Link(
              name,
              kinds.getOrDefault(name, ""),
              Optional.ofNullable(link.getString("master")),
              List.copyOf(own)));
    }
    return found;
  }

  static List<Route> routes(String text) throws MalformedException {
    PrintedJson json = new PrintedJson("ip -j route");
    List<Route> routes = new ArrayList<>();
    for (JsonObject route : objects(json, text)) {
      if (!route.getArray("flags", new JsonArray()).contains("dead")) {
        routes.add(route(json, route));
      }
    }
    return routes;
  }

  private static Route route(PrintedJson json, JsonObject route) throws MalformedException {
    String to = json.text(route, "dst");
    boolean v6 =
        to.contains(":") || route.getString("gateway", "").contains(":") || route.has("pref");
    List<String> devices = new ArrayList<>();
    if (route.has("dev")) {
      devices.add(route.getString("dev"));
    }
    for (JsonObject hop : PrintedJson.inners(route, "nexthops")) {
      devices.add(hop.getString("dev", ""));
    }
    String preferred = route.getString("prefsrc");
    return new Route(
        to.equals("default") ? (v6 ? ALL_V6 : ALL) : subnet(json, to),
        route.getString("type", "unicast"),
        route.getString("table", "main"),
        List.copyOf(devices),
        preferred == null ? Optional.empty() : Optional.of(address(json, preferred)),
        route.getLong("metric", 0));
  }

  static List<PolicyRule> rules(String text) throws MalformedException {
    PrintedJson json = new PrintedJson("ip -j rule");
    List<PolicyRule> rules = new ArrayList<>();
    for (JsonObject rule : objects(json, text)) {
      String from = rule.getString("src", "all");
      Subnet senders = from.equals("all") ? ALL : subnet(json, from);
      if (rule.has("srclen")) {
        senders = Subnet.of(senders.address(), rule.getInt("srclen"));
      }
      rules.add(
          new PolicyRule(
              rule.getInt("priority", 0),
              senders,
              rule.getString("table", ""),
              PLAIN.containsAll(rule.keySet())));
    }
    return rules;
  }

  private static IpAddress address(PrintedJson json, String text) throws MalformedException {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw json.wrong(e.getMessage());
    }
  }

  private static Subnet subnet(PrintedJson json, String text) throws MalformedException {
    try {
      return Subnet.parse(text);
    } catch (IllegalArgumentException e) {
      throw json.wrong("not a subnet: " + text);
    }
  }
}
