package io.github.jnstools.firewall;

import io.github.jnstools.firewall.ChainWalk.Fate;
import io.github.jnstools.firewall.Condition.Scope;
import io.github.jnstools.firewall.Packet.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One packet's way through a host, from where it comes to where it leaves.
 *
 * <p>The hooks follow each other as the kernel has them: at each of them raw, then connection
 * tracking, mangle, nat for the destination, filter, security, nat for the source. What the table
 * nat made of the first packet is done to later ones in its place, so mangle sees them before.
 */
final class Walk {
  private final Filters filters;
  private final Scope scope;
  private final Choices choices;
  private final Routing routing;
  private final Conn conn;
  private final State state;
  private final boolean reply;
  private final List<Step> steps = new ArrayList<>();

  private Packet packet;
  private Way.End end;
  private Optional<Step> accepted = Optional.empty();

  /**
   * A packet that sets out.
   *
   * @param state of its connection that it will have
   * @param reply whether it is an answer
   */
  Walk(
      Filters filters,
      Scope scope,
      Choices choices,
      Conn conn,
      Packet packet,
      State state,
      boolean reply) {
    this.filters = filters;
    this.scope = scope;
    this.choices = choices;
    this.routing = new Routing(scope.network());
    this.conn = conn;
    this.packet = packet;
    this.state = state;
    this.reply = reply;
  }

  List<Step> steps() {
    return steps;
  }

  /** Why it got no further; null if it arrived. */
  Way.End end() {
    return end;
  }

  /** Where the table filter let it pass. */
  Optional<Step> accepted() {
    return accepted;
  }

  /** The packet as it is by now. */
  Packet packet() {
    return packet;
  }

  /** Where a packet arrived. */
  enum Arrival {
    /** At a program of this host. */
    HOST,
    /** At an interface, on its way to another machine or a container. */
    INTERFACE,
    /** At another port of the bridge that it came in by. */
    BRIDGE,
    /** Nowhere: see {@link Walk#end}. */
    NONE
  }

  /** From a program of this host. */
  Arrival fromHost() {
    Routing.Decision way = routing.decide(Optional.of(packet.tuple().source()), destination());
    if (!goes(way)) {
      return Arrival.NONE;
    }
    packet = packet.via(Optional.empty(), Optional.of(way.device()));
    note("routed: leaves by " + way.device());
    if (!pass("raw", "OUTPUT") || !track() || !pass("mangle", "OUTPUT") || !nat("OUTPUT", true)) {
      return Arrival.NONE;
    }
    Routing.Decision again = routing.decide(Optional.of(packet.tuple().source()), destination());
    if (!goes(again)) {
      return Arrival.NONE;
    }
    if (!again.device().equals(way.device())) {
      packet = packet.via(Optional.empty(), Optional.of(again.device()));
      note("routed again: leaves by " + again.device());
      boolean loopback = packet.tuple().source().isLoopback();
      if (loopback && again.kind() == Routing.Kind.OUT && !localnet(again.device())) {
        return stopped("an address of the loopback interface may not leave by " + again.device());
      }
    }
    if (!filter("OUTPUT") || !leave()) {
      return Arrival.NONE;
    }
    if (again.kind() == Routing.Kind.OUT) {
      return Arrival.INTERFACE;
    }
    packet = packet.via(Optional.of("lo"), Optional.empty());
    return fromInterface();
  }

  /** From another machine or a container, by the packet's interface. */
  Arrival fromInterface() {
    String in = packet.in().orElseThrow();
    boolean neighbour = scope.network().isNeighbour(in, destination());
    if (neighbour && !bridgeIsFiltered()) {
      packet = packet.via(packet.in(), packet.in());
      note("passes the bridge " + in + " without the firewall: bridge-nf-call is 0");
      return Arrival.BRIDGE;
    }
    IpAddress asked = destination();
    if (!pass("raw", "PREROUTING")
        || !track()
        || !pass("mangle", "PREROUTING")
        || !nat("PREROUTING", true)) {
      return Arrival.NONE;
    }
    if (neighbour && asked.equals(destination())) {
      return overBridge(in);
    }
    boolean loopback = destination().isLoopback() || packet.tuple().source().isLoopback();
    if (loopback && !in.equals("lo") && !localnet(in)) {
      return stopped("an address of the loopback interface may not come in by " + in);
    }
    Routing.Decision way = routing.decide(Optional.of(packet.tuple().source()), destination());
    if (!goes(way) || !hasReversePath(in)) {
      return Arrival.NONE;
    }
    return way.kind() == Routing.Kind.LOCAL ? toHost() : onwards(way.device());
  }

  private Arrival overBridge(String bridge) {
    packet =
        new Packet(
            packet.protocol(),
            packet.tuple(),
            packet.in(),
            Optional.of(bridge),
            packet.flags(),
            packet.icmpType(),
            packet.mark(),
            packet.connection(),
            true);
    note("passes the bridge " + bridge);
    return filter("FORWARD") && leave() ? Arrival.BRIDGE : Arrival.NONE;
  }

  private Arrival toHost() {
    note("routed: for this host");
    return filter("INPUT") && nat("INPUT", false) ? Arrival.HOST : Arrival.NONE;
  }

  private Arrival onwards(String out) {
    String sysctl = packet.v6() ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";
    OptionalInt forward = scope.network().sysctl(sysctl);
    if (forward.isPresent() ? forward.getAsInt() == 0 : !choose(sysctl + " is 1")) {
      return stopped(sysctl + " is 0: this host forwards nothing");
    }
    packet = packet.via(packet.in(), Optional.of(out));
    note("routed: leaves by " + out);
    return filter("FORWARD") && leave() ? Arrival.INTERFACE : Arrival.NONE;
  }

  /** The tables filter and mangle of a hook between two NATs. */
  private boolean filter(String hook) {
    boolean mangled = hook.equals("OUTPUT") || pass("mangle", hook);
    return mangled && pass("filter", hook) && pass("security", hook);
  }

  private boolean leave() {
    return pass("mangle", "POSTROUTING") && nat("POSTROUTING", false);
  }

  private boolean track() {
    if (packet.connection().isEmpty()) {
      packet = packet.with(conn.view(state, reply));
    }
    return true;
  }

  private IpAddress destination() {
    return packet.tuple().destination();
  }

  private void note(String decision) {
    steps.add(Step.of(packet, decision));
  }

  private boolean choose(String question) {
    return choices.choose(Step.of(packet, question));
  }

  private Arrival stopped(String reason) {
    end = new Way.End(Verdict.BLOCKED, reason, Optional.of(Step.of(packet, reason)));
    return Arrival.NONE;
  }

  private boolean unknown(String reason, Step step) {
    end = new Way.End(Verdict.UNKNOWN, reason, Optional.of(step));
    return false;
  }

  private boolean goes(Routing.Decision way) {
    switch (way.kind()) {
      case NOWHERE -> stopped(way.reason());
      case UNKNOWN -> unknown(way.reason(), Step.of(packet, way.reason()));
      default -> {}
    }
    return end == null;
  }

  /** Asks the chain of a table; false if the packet ends there. */
  private boolean pass(String table, String hook) {
    return ask(table, hook).isPresent();
  }

  private Optional<ChainWalk> ask(String table, String hook) {
    Optional<Ruleset> ruleset = filters.of(packet.v6());
    if (ruleset.isEmpty() || ruleset.get().unreadable().contains(table)) {
      String reason =
          ruleset.isEmpty()
              ? "the rules of " + (packet.v6() ? "IPv6" : "IPv4") + " are not known"
              : "the table " + table + " cannot be read by iptables";
      unknown(reason, Step.of(packet, reason));
      return Optional.empty();
    }
    Table rules = ruleset.get().table(table).orElse(new Table(table, List.of()));
    ChainWalk walk = new ChainWalk(rules, hook, packet, conn, scope, choices, steps);
    Fate fate = walk.walk();
    packet = walk.packet();
    Step decider = walk.decider();
    switch (fate) {
      case DROP ->
          end = new Way.End(Verdict.BLOCKED, "dropped by " + decider, Optional.of(decider));
      case UNKNOWN -> unknown("not known what becomes of a packet at " + decider, decider);
      case ACCEPT -> {
        if (table.equals("filter")) {
          accepted = Optional.ofNullable(decider);
        }
      }
    }
    return end == null ? Optional.of(walk) : Optional.empty();
  }

  /** NAT of one hook, for the destination or the source: asked once a connection, then repeated. */
  private boolean nat(String hook, boolean destination) {
    if (state != State.NEW) {
      packet = packet.with(conn.translate(packet.tuple(), reply, destination));
      return true;
    }
    if (conn.isDecided(destination)) {
      return true;
    }
    Optional<ChainWalk> walk = ask("nat", hook);
    if (walk.isEmpty()) {
      return false;
    }
    Optional<Target> target = walk.get().nat();
    if (target.isPresent()) {
      Optional<Tuple> changed = Nat.apply(target.get(), hook, packet, scope.network());
      if (changed.isEmpty()) {
        Step decider = walk.get().decider();
        return unknown("not known which address is given by " + decider, decider);
      }
      packet = packet.with(changed.get());
      note("NAT: now " + changed.get());
    }
    conn.decide(destination, packet.tuple());
    packet = packet.with(conn.view(state, reply));
    return true;
  }

  private boolean bridgeIsFiltered() {
    String sysctl = "net.bridge.bridge-nf-call-ip" + (packet.v6() ? "6" : "") + "tables";
    OptionalInt value = scope.network().sysctl(sysctl);
    return value.isPresent() ? value.getAsInt() != 0 : choose(sysctl + " is 1");
  }

  /** Whether addresses of the loopback interface may pass another one. */
  private boolean localnet(String device) {
    if (packet.v6()) {
      return false;
    }
    return perDevice("route_localnet", device, 1);
  }

  /** Whether the kernel takes a packet by an interface that is not the way back to its sender. */
  private boolean hasReversePath(String in) {
    IpAddress source = packet.tuple().source();
    if (source.v6() || in.equals("lo") || scope.network().isLocal(source)) {
      return true;
    }
    Routing.Decision back = routing.decide(Optional.empty(), source);
    if (back.kind() == Routing.Kind.OUT && back.device().equals(in)) {
      return true;
    }
    if (perDevice("rp_filter", in, 1)) {
      stopped("rp_filter: the way back to " + source + " is not " + in);
    }
    return end == null;
  }

  /** Whether a setting of an interface has a value; the higher of its own and of all's counts. */
  private boolean perDevice(String setting, String device, int value) {
    OptionalInt all = scope.network().sysctl("net.ipv4.conf.all." + setting);
    OptionalInt own = scope.network().sysctl("net.ipv4.conf." + device + "." + setting);
    if (all.isPresent() && own.isPresent()) {
      return Math.max(all.getAsInt(), own.getAsInt()) == value;
    }
    return choose("net.ipv4.conf." + device + "." + setting + " is " + value);
  }
}
