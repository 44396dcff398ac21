package io.github.jnstools.firewall;

import io.github.jnstools.firewall.HostNetwork.PolicyRule;
import io.github.jnstools.firewall.HostNetwork.Route;
import java.util.List;
import java.util.Optional;

/** A host's decision where a packet goes. */
final class Routing {
  private final HostNetwork network;

  Routing(HostNetwork network) {
    this.network = network;
  }

  /** What was decided. */
  enum Kind {
    /** To this host itself. */
    LOCAL,
    /** To another, by an interface. */
    OUT,
    /** To nobody. */
    NOWHERE,
    /** Not known from what was handed in. */
    UNKNOWN
  }

  /**
   * A decision.
   *
   * @param device the interface; "" if it goes nowhere
   * @param source the address that the host itself would send from
   * @param reason why nowhere, or what is not known
   */
  record Decision(Kind kind, String device, Optional<IpAddress> source, String reason) {}

  /**
   * Decides.
   *
   * @param source whose packet it is; empty if the host has still to choose
   */
  Decision decide(Optional<IpAddress> source, IpAddress destination) {
    if (network.isLocal(destination)) {
      return new Decision(Kind.LOCAL, "lo", Optional.of(destination), "");
    }
    String type = network.type(destination);
    if (!type.equals("UNICAST")) {
      return unknown(destination + " is not of one machine: " + type);
    }
    if (destination.isLinkLocal()) {
      return unknown(destination + " is on each link, none of which was named");
    }
    if (network.rules().isEmpty() || destination.v6()) {
      return found(
          lookUp("main", destination).or(() -> lookUp("default", destination)), destination);
    }
    for (PolicyRule rule : network.rules()) {
      boolean local = rule.table().equals("local");
      if (!local) {
        if (!rule.plain() || rule.table().isEmpty()) {
          return unknown("the rule " + rule.priority() + " of ip-rule(8) has other conditions");
        }
        boolean all = rule.from().length() == 0;
        if (source.isEmpty() && !all) {
          return unknown("the rule " + rule.priority() + " of ip-rule(8) asks for the source");
        }
        if (all || rule.from().contains(source.get())) {
          Optional<Route> route = lookUp(rule.table(), destination);
          if (route.isPresent() && !route.get().type().equals("throw")) {
            return found(route, destination);
          }
        }
      }
    }
    return found(Optional.empty(), destination);
  }

  /** The longest prefix, and of those the lowest metric. */
  private Optional<Route> lookUp(String table, IpAddress destination) {
    Route best = null;
    for (Route route : network.routes()) {
      if (route.table().equals(table) && route.to().contains(destination)) {
        int longer = best == null ? 1 : route.to().length() - best.to().length();
        if (longer > 0 || longer == 0 && route.metric() < best.metric()) {
          best = route;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private Decision found(Optional<Route> route, IpAddress destination) {
    if (route.isEmpty()) {
      return nowhere("no route to " + destination);
    }
    String type = route.get().type();
    List<String> devices = route.get().devices();
    if (type.equals("unicast") && devices.stream().distinct().count() == 1) {
      String device = devices.get(0);
      Optional<IpAddress> source =
          route.get().source().or(() -> network.address(device, destination.v6()));
      return new Decision(Kind.OUT, device, source, "");
    }
    if (type.equals("unicast")) {
      return unknown("the route to " + route.get().to() + " has several ways: " + devices);
    }
    return nowhere("the route to " + route.get().to() + " is " + type);
  }

  private static Decision nowhere(String reason) {
    return new Decision(Kind.NOWHERE, "", Optional.empty(), reason);
  }

  private static Decision unknown(String reason) {
    return new Decision(Kind.UNKNOWN, "", Optional.empty(), reason);
  }
}
