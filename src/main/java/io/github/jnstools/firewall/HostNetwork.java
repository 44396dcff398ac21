package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What decides where a host's packets go, apart from its firewall: links, addresses, routes,
 * sysctls, sockets. Immutable; each {@code with} makes another. What was not handed in is not
 * known.
 */
public final class HostNetwork {
  private static final String LOCAL = "LOCAL";
  private static final Set<String> SPECIAL = Set.of("local", "broadcast", "anycast");

  private final List<Link> links;
  private final List<Route> routes;
  private final Parts parts;

  private final Map<String, Link> byName = new HashMap<>();
  private final Map<IpAddress, String> types = new HashMap<>();
  private final Set<String> occupied;
  private final Set<String> withGateway;
  private final Map<Integer, List<ProxiedPort>> proxiedByPort = new HashMap<>();

  /** What need not be known. */
  private record Parts(
      Optional<List<PolicyRule>> rules,
      Map<String, String> sysctls,
      Optional<List<Listener>> listeners,
      Map<IpAddress, Place> behind,
      List<ProxiedPort> proxied) {}

  /**
   * A network interface.
   *
   * @param name {@code docker0}
   * @param kind {@code bridge}, {@code veth}; "" for what no software made, or if it is not known
   * @param master the bridge that it is a port of
   * @param addresses its own, each with its subnet
   */
  public record Link(
      String name, String kind, Optional<String> master, List<LinkAddress> addresses) {}

  /**
   * An address of an interface.
   *
   * @param address itself
   * @param subnet whose neighbours it has
   */
  public record LinkAddress(IpAddress address, Subnet subnet) {}

  /**
   * One route of one table.
   *
   * @param to where it leads
   * @param type {@code unicast}, {@code local}, {@code broadcast}, {@code unreachable}, ...
   * @param table {@code main}, {@code local}, or another's name or number
   * @param devices the interface to take; several if the kernel spreads packets
   * @param source the address that the host sends from; empty if that is left to the interface
   * @param metric the lower of two equals wins
   */
  public record Route(
      Subnet to,
      String type,
      String table,
      List<String> devices,
      Optional<IpAddress> source,
      long metric) {}

  /**
   * One rule of ip-rule(8), which chooses the table of routes.
   *
   * @param priority the lowest is asked first
   * @param from the senders that it is for
   * @param table which to look into; "" if it does something else
   * @param plain whether nothing else of the packet counts
   */
  public record PolicyRule(int priority, Subnet from, String table, boolean plain) {}

  /**
   * A socket that waits.
   *
   * @param protocol {@code tcp} or {@code udp}
   * @param address the one that it is bound to; empty for any of its families
   * @param v4 whether IPv4 reaches it
   * @param v6 whether IPv6 reaches it
   * @param port its port
   */
  public record Listener(
      String protocol, Optional<IpAddress> address, boolean v4, boolean v6, int port) {

    boolean hears(String kind, IpAddress destination, PortRange ports) {
      return protocol.equals(kind)
          && (destination.v6() ? v6 : v4)
          && (address.isEmpty() || address.get().equals(destination))
          && ports.equals(PortRange.of(port));
    }
  }

  /**
   * A port that docker-proxy hands on to a container, by a connection of its own.
   *
   * @param listener where it listens
   * @param target the container's address, of whichever family
   * @param targetPort its port
   */
  public record ProxiedPort(Listener listener, IpAddress target, int targetPort) {}

  /**
   * Where a container is.
   *
   * @param bridge the interface that it is behind
   * @param hasGateway whether it has a route to more than its neighbours
   */
  public record Place(String bridge, boolean hasGateway) {}

  private HostNetwork(List<Link> links, List<Route> routes, Parts parts) {
    this.links = List.copyOf(links);
    this.routes = List.copyOf(routes);
    this.parts = parts;
    this.occupied = bridges(parts.behind.values().stream());
    this.withGateway = bridges(parts.behind.values().stream().filter(Place::hasGateway));
    for (ProxiedPort each : parts.proxied) {
      proxiedByPort.computeIfAbsent(each.listener().port(), port -> new ArrayList<>()).add(each);
    }
    for (Route route : routes) {
      boolean single = route.to().length() == (route.to().address().v6() ? 128 : 32);
      if (single && SPECIAL.contains(route.type())) {
        types.put(route.to().address(), route.type().toUpperCase(Locale.ROOT));
      }
    }
    for (Link link : links) {
      byName.put(link.name(), link);
      link.addresses().forEach(each -> types.put(each.address(), LOCAL));
    }
  }

  private static Set<String> bridges(Stream<Place> places) {
    return places.map(Place::bridge).collect(Collectors.toUnmodifiableSet());
  }

  /** Of the links with their addresses, and the routes of all tables; nothing else is known. */
  public static HostNetwork of(List<Link> links, List<Route> routes) {
    return new HostNetwork(
        links,
        routes,
        new Parts(Optional.empty(), Map.of(), Optional.empty(), Map.of(), List.of()));
  }

  /**
   * Of the texts that ip(8) prints.
   *
   * @param addresses of {@code ip -j addr}
   * @param routes of {@code ip -j route show table all}, the lists of both families one after the
   *     other or in one
   * @param links of {@code ip -j -d link}
   * @throws MalformedException if one is not of its kind
   */
  public static HostNetwork parse(String addresses, String routes, String links)
      throws MalformedException {
    return of(IpJson.links(addresses, links), IpJson.routes(routes));
  }

  /**
   * With the rules of {@code ip -j rule}, which are those of IPv4, instead of those that Linux has
   * by itself.
   *
   * @throws MalformedException if the text is not of its kind
   */
  public HostNetwork withRules(String json) throws MalformedException {
    return withParts(
        new Parts(
            Optional.of(IpJson.rules(json)),
            parts.sysctls,
            parts.listeners,
            parts.behind,
            parts.proxied));
  }

  /** With settings as sysctl(8) prints them: {@code net.ipv4.ip_forward = 1}. */
  public HostNetwork withSysctls(String text) {
    Map<String, String> sysctls = new HashMap<>();
    for (String line : text.split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        sysctls.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    return withParts(
        new Parts(parts.rules, Map.copyOf(sysctls), parts.listeners, parts.behind, parts.proxied));
  }

  /**
   * With the sockets of {@code ss -lntu}, with or without its heading.
   *
   * @throws MalformedException if the text is not of its kind
   */
  public HostNetwork withListeners(String text) throws MalformedException {
    return withParts(
        new Parts(
            parts.rules,
            parts.sysctls,
            Optional.of(SocketTable.parse(text)),
            parts.behind,
            parts.proxied));
  }

  /** With the containers' addresses. */
  public HostNetwork withContainers(Map<IpAddress, Place> behind) {
    return withParts(
        new Parts(parts.rules, parts.sysctls, parts.listeners, Map.copyOf(behind), parts.proxied));
  }

  /** With the ports that docker-proxy serves, if it does on this host. */
  public HostNetwork withProxies(List<ProxiedPort> proxied) {
    return withParts(
        new Parts(parts.rules, parts.sysctls, parts.listeners, parts.behind, List.copyOf(proxied)));
  }

  private HostNetwork withParts(Parts changed) {
    return new HostNetwork(links, routes, changed);
  }

  /** All interfaces. */
  public List<Link> links() {
    return links;
  }

  /** An interface by its name. */
  public Optional<Link> link(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  List<Route> routes() {
    return routes;
  }

  /** The rules that choose a table; empty if Linux' own are in force. */
  List<PolicyRule> rules() {
    return parts.rules.orElse(List.of());
  }

  /** Whether an address is one of this host's own. */
  public boolean isLocal(IpAddress address) {
    return address.isLoopback() || LOCAL.equals(types.get(address));
  }

  /** What addrtype calls an address. */
  String type(IpAddress address) {
    if (isLocal(address)) {
      return LOCAL;
    }
    if (address.isMulticast()) {
      return "MULTICAST";
    }
    return types.getOrDefault(address, address.isUnspecified() ? "UNSPEC" : "UNICAST");
  }

  /** The number that a sysctl is set to: {@code net.ipv4.ip_forward}; empty if it is not known. */
  public OptionalInt sysctl(String name) {
    String value = parts.sysctls.get(name);
    try {
      return value == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(value));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** The sockets that wait; empty if it is not known. */
  Optional<List<Listener>> listeners() {
    return parts.listeners;
  }

  /** What docker-proxy would do with a connection to a port of this host. */
  Optional<ProxiedPort> proxy(String protocol, IpAddress destination, PortRange port) {
    return proxiedByPort.getOrDefault(port.low(), List.of()).stream()
        .filter(each -> each.listener().hears(protocol, destination, port))
        .findFirst();
  }

  /** Whether an interface is a bridge. */
  boolean isBridge(String name) {
    Link link = byName.get(name);
    return occupied.contains(name) || link != null && link.kind().equals("bridge");
  }

  /** Whether one that is behind a bridge reaches an address without this host's routing. */
  boolean isNeighbour(String bridge, IpAddress address) {
    if (!isBridge(bridge) || isLocal(address)) {
      return false;
    }
    Place known = parts.behind.get(address);
    return known != null ? known.bridge().equals(bridge) : isInSubnet(bridge, address);
  }

  private boolean isInSubnet(String name, IpAddress address) {
    Link link = byName.get(name);
    return link != null
        && link.addresses().stream().anyMatch(each -> each.subnet().contains(address));
  }

  /**
   * Whether one that is behind a bridge has a route to an address. One that is not known has what
   * the others there have.
   */
  boolean hasRoute(String bridge, IpAddress from, IpAddress to) {
    Place known = parts.behind.get(from);
    boolean gateway =
        known != null
            ? known.hasGateway()
            : !occupied.contains(bridge) || withGateway.contains(bridge);
    return gateway || isInSubnet(bridge, to);
  }

  /** The address that packets which leave by an interface are given by MASQUERADE. */
  Optional<IpAddress> address(String name, boolean v6) {
    return Optional.ofNullable(byName.get(name)).stream()
        .flatMap(link -> link.addresses().stream())
        .map(LinkAddress::address)
        .filter(each -> each.v6() == v6 && !each.isLinkLocal())
        .findFirst();
  }
}
