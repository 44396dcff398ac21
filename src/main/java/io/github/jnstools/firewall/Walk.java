package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Routing.Decision;
import java.util.Optional;
import java.util.OptionalInt;

/** One packet's way through a host, from where it comes to where it leaves. */
final class Walk {
  private final HostNetwork network;
  private final Routing routing;
  private final Passage passage;

  Walk(HostNetwork network, Passage passage) {
    this.network = network;
    this.routing = new Routing(network);
    this.passage = passage;
  }

  /** Where a packet arrived. */
  enum Arrival {
    /** At a program of this host. */
    HOST,
    /** At an interface, on its way to another machine or a container. */
    INTERFACE,
    /** At another port of the bridge that it came in by. */
    BRIDGE,
    /** Nowhere: see {@link Passage#end}. */
    NONE
  }

  Arrival go() {
    return packet().in().isPresent() ? fromInterface() : fromHost();
  }

  private Packet packet() {
    return passage.packet();
  }

  private IpAddress source() {
    return packet().tuple().source();
  }

  private IpAddress destination() {
    return packet().tuple().destination();
  }

  private void route(String in, String out) {
    passage.move(
        packet().via(Optional.ofNullable(in), Optional.of(out)), "routed: leaves by " + out);
  }

  private Arrival stopped(String reason) {
    passage.stop(reason);
    return Arrival.NONE;
  }

  /**
   * From a program of this host, which is routed before NAT, and once more after it; to all of
   * OUTPUT it leaves by the interface of before.
   */
  private Arrival fromHost() {
    Decision first = routing.decide(Optional.of(source()), destination());
    if (!goes(first)) {
      return Arrival.NONE;
    }
    route(null, first.device());
    if (!passage.enter("OUTPUT") || !passage.filter("OUTPUT")) {
      return Arrival.NONE;
    }
    Decision second = routing.decide(Optional.of(source()), destination());
    if (!goes(second)) {
      return Arrival.NONE;
    }
    boolean out = second.kind() == Routing.Kind.OUT;
    if (!second.device().equals(first.device())) {
      route(null, second.device());
      if (out && source().isLoopback() && !localnet(second.device())) {
        return stopped(source() + " of the loopback interface may not leave by " + second.device());
      }
    }
    if (!passage.leave()) {
      return Arrival.NONE;
    }
    if (out) {
      return Arrival.INTERFACE;
    }
    passage.move(packet().via(Optional.of("lo"), Optional.empty()), "comes in by lo");
    return fromInterface();
  }

  /** From another machine or a container, by the packet's interface. */
  private Arrival fromInterface() {
    String in = packet().in().orElseThrow();
    IpAddress asked = destination();
    boolean neighbour = network.isNeighbour(in, asked);
    if (neighbour && !bridgeIsFiltered()) {
      passage.move(
          packet().overBridge(in),
          "passes the bridge " + in + " past the firewall: bridge-nf-call is 0");
      return Arrival.BRIDGE;
    }
    if (!neighbour && !network.hasRoute(in, source(), asked)) {
      return stopped(
          "behind " + in + " is no route to " + asked + ": no gateway, as in internal networks");
    }
    if (!passage.enter("PREROUTING")) {
      return Arrival.NONE;
    }
    if (neighbour && asked.equals(destination())) {
      passage.move(packet().overBridge(in), "passes the bridge " + in);
      return passage.filter("FORWARD") && passage.leave() ? Arrival.BRIDGE : Arrival.NONE;
    }
    boolean loopback = destination().isLoopback() || source().isLoopback();
    if (loopback && !in.equals("lo") && !localnet(in)) {
      return stopped("an address of the loopback interface may not come in by " + in);
    }
    Decision way = routing.decide(Optional.of(source()), destination());
    if (!goes(way) || !hasReversePath(in)) {
      return Arrival.NONE;
    }
    if (way.kind() == Routing.Kind.LOCAL) {
      passage.note("routed: for this host");
      return passage.arrive() ? Arrival.HOST : Arrival.NONE;
    }
    return onwards(in, way.device());
  }

  private Arrival onwards(String in, String out) {
    String sysctl = packet().v6() ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";
    OptionalInt forward = network.sysctl(sysctl);
    if (forward.isPresent() ? forward.getAsInt() == 0 : !passage.choose(sysctl + " is 1")) {
      return stopped(sysctl + " is 0: this host forwards nothing");
    }
    route(in, out);
    return passage.filter("FORWARD") && passage.leave() ? Arrival.INTERFACE : Arrival.NONE;
  }

  private boolean goes(Decision way) {
    switch (way.kind()) {
      case NOWHERE -> passage.stop(way.reason());
      case UNKNOWN -> passage.doubt(way.reason());
      case LOCAL, OUT -> {}
    }
    return passage.end() == null;
  }

  private boolean bridgeIsFiltered() {
    String sysctl = "net.bridge.bridge-nf-call-ip" + (packet().v6() ? "6" : "") + "tables";
    OptionalInt value = network.sysctl(sysctl);
    return value.isPresent() ? value.getAsInt() != 0 : passage.choose(sysctl + " is 1");
  }

  /** Whether addresses of the loopback interface may pass another one. */
  private boolean localnet(String device) {
    return !packet().v6() && perDevice("route_localnet", device);
  }

  /** Whether the kernel takes a packet by an interface that is not the way back to its sender. */
  private boolean hasReversePath(String in) {
    IpAddress source = source();
    if (source.v6() || in.equals("lo") || network.isLocal(source)) {
      return true;
    }
    Decision back = routing.decide(Optional.of(destination()), source);
    boolean same = back.kind() == Routing.Kind.OUT && back.device().equals(in);
    if (!same && perDevice("rp_filter", in)) {
      passage.stop("rp_filter of " + in + " is 1, and the way back to " + source + " is another");
    }
    return passage.end() == null;
  }

  /** Whether a setting of an interface is 1; the higher of its own and that of all counts. */
  private boolean perDevice(String setting, String device) {
    OptionalInt all = network.sysctl("net.ipv4.conf.all." + setting);
    OptionalInt own = network.sysctl("net.ipv4.conf." + device + "." + setting);
    return all.isPresent() && own.isPresent()
        ? Math.max(all.getAsInt(), own.getAsInt()) == 1
        : passage.choose("net.ipv4.conf." + device + "." + setting + " is 1");
  }
}
