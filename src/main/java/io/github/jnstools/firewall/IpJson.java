package io.github.jnstools.firewall;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
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
  private static List<JsonObject> objects(String source, String json) throws MalformedException {
    List<JsonObject> objects = new ArrayList<>();
    try {
      for (String list : json.strip().split("(?<=\\])\\s*(?=\\[)")) {
        JsonArray array = JsonParser.array().from(list);
        for (int i = 0; i < array.size(); i++) {
          JsonObject object = array.getObject(i);
          if (object == null) {
            throw new MalformedException(source, 0, "element " + i + " is not an object");
          }
          // ip leaves an empty object for what its filter took out.
          if (!object.isEmpty()) {
            objects.add(object);
          }
        }
      }
    } catch (JsonParserException e) {
      throw new MalformedException(source, e.getLinePosition(), e.getMessage());
    }
    return objects;
  }

  static List<Link> links(String addresses, String links) throws MalformedException {
    Map<String, String> kinds = new HashMap<>();
    for (JsonObject link : objects("ip -j -d link", links)) {
      JsonObject info = link.getObject("linkinfo", new JsonObject());
      kinds.put(link.getString("ifname"), info.getString("info_kind", ""));
    }
    String source = "ip -j addr";
    List<Link> found = new ArrayList<>();
    for (JsonObject link : objects(source, addresses)) {
      String name = text(source, link, "ifname");
      List<LinkAddress> own = new ArrayList<>();
      JsonArray infos = link.getArray("addr_info", new JsonArray());
      for (int i = 0; i < infos.size(); i++) {
        JsonObject info = infos.getObject(i);
        // What a container's end of a point-to-point link may have instead of a local address.
        if (info != null && info.has("local")) {
          IpAddress address = address(source, text(source, info, "local"));
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

  static List<Route> routes(String json) throws MalformedException {
    String source = "ip -j route";
    List<Route> routes = new ArrayList<>();
    for (JsonObject route : objects(source, json)) {
      JsonArray flags = route.getArray("flags", new JsonArray());
      if (!flags.contains("dead")) {
        routes.add(route(source, route));
      }
    }
    return routes;
  }

  private static Route route(String source, JsonObject route) throws MalformedException {
    String to = text(source, route, "dst");
    boolean v6 =
        to.contains(":") || route.getString("gateway", "").contains(":") || route.has("pref");
    List<String> devices = new ArrayList<>();
    if (route.has("dev")) {
      devices.add(route.getString("dev"));
    }
    JsonArray hops = route.getArray("nexthops", new JsonArray());
    for (int i = 0; i < hops.size(); i++) {
      devices.add(hops.getObject(i).getString("dev", ""));
    }
    String preferred = route.getString("prefsrc");
    return new Route(
        to.equals("default") ? (v6 ? ALL_V6 : ALL) : subnet(source, to),
        route.getString("type", "unicast"),
        route.getString("table", "main"),
        List.copyOf(devices),
        preferred == null ? Optional.empty() : Optional.of(address(source, preferred)),
        route.getLong("metric", 0));
  }

  static List<PolicyRule> rules(String json) throws MalformedException {
    String source = "ip -j rule";
    List<PolicyRule> rules = new ArrayList<>();
    for (JsonObject rule : objects(source, json)) {
      String from = rule.getString("src", "all");
      Subnet senders = from.equals("all") ? ALL : subnet(source, from);
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

  private static String text(String source, JsonObject object, String key)
      throws MalformedException {
    String text = object.getString(key);
    if (text == null) {
      throw new MalformedException(source, 0, "an element has no \"" + key + "\"");
    }
    return text;
  }

  private static IpAddress address(String source, String text) throws MalformedException {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(source, 0, e.getMessage());
    }
  }

  private static Subnet subnet(String source, String text) throws MalformedException {
    try {
      return Subnet.parse(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(source, 0, "not a subnet: " + text);
    }
  }
}
