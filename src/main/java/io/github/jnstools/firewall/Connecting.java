package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Condition.Scope;
import io.github.jnstools.firewall.HostNetwork.Listener;
import io.github.jnstools.firewall.HostNetwork.ProxiedPort;
import io.github.jnstools.firewall.Packet.State;
import io.github.jnstools.firewall.Walk.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One run of a trace: a connection with all its packets, under one set of choices. */
final class Connecting {
  private final Filters filters;
  private final Scope scope;
  private final Choices choices;
  private final List<Leg> legs = new ArrayList<>();
  private Optional<Step> accepted = Optional.empty();

  Connecting(Filters filters, Scope scope, Choices choices) {
    this.filters = filters;
    this.scope = scope;
    this.choices = choices;
  }

  Way way(Flow flow) {
    return new Way(connect(flow, ""), legs);
  }

  /**
   * Sends the first packet, the answer, and one more: those are of different states, and rules may
   * tell them apart.
   *
   * @param whose before the names of the legs
   */
  private Way.End connect(Flow flow, String whose) {
    Routing routing = new Routing(scope.network());
    Routing.Decision forth = routing.decide(flow.source(), flow.destination());
    Optional<IpAddress> source = flow.source().or(forth::source);
    if (source.isEmpty()) {
      return unknown("no address is known that this host would send from");
    }
    Optional<String> in = flow.in();
    if (!flow.fromHost() && in.isEmpty()) {
      Routing.Decision back = routing.decide(Optional.empty(), source.get());
      if (back.kind() != Routing.Kind.OUT) {
        return unknown("not known by which interface " + source.get() + " comes in");
      }
      in = Optional.of(back.device());
    }
    Conn conn =
        new Conn(
            new Tuple(source.get(), flow.sourcePort(), flow.destination(), flow.destinationPort()));

    Walk first = walk(flow.protocol(), conn, conn.original(), in, State.NEW, false);
    Arrival arrival = leg(whose + "first packet", first);
    if (first.end() != null) {
      return first.end();
    }
    accepted = accepted.or(first::accepted);
    Optional<ProxiedPort> proxy = Optional.empty();
    if (arrival == Arrival.HOST) {
      Tuple there = first.packet().tuple();
      if (nobodyListens(flow.protocol(), there)) {
        return new Way.End(
            Verdict.REFUSED, "no program of this host listens on " + there.destination(), accepted);
      }
      proxy = scope.network().proxy(flow.protocol(), there.destination(), there.destinationPort());
    }
    Way.End back = answer(flow, whose, conn, in, first, arrival);
    if (back != null) {
      return back;
    }
    Walk later = walk(flow.protocol(), conn, conn.original(), in, State.ESTABLISHED, false);
    leg(whose + "later packets", later);
    if (later.end() != null) {
      return later.end();
    }
    if (proxy.isPresent()) {
      Flow second = Flow.ofHost(proxy.get().target(), flow.protocol(), proxy.get().targetPort());
      return connect(second, "docker-proxy: ");
    }
    return new Way.End(Verdict.REACHABLE, reached(), accepted);
  }

  private String reached() {
    return accepted.isPresent() ? "accepted by " + accepted.get() : "no rule is asked";
  }

  /** Null if the answer comes back. */
  private Way.End answer(
      Flow flow, String whose, Conn conn, Optional<String> in, Walk first, Arrival arrival) {
    Optional<String> from = arrival == Arrival.HOST ? Optional.empty() : first.packet().out();
    IpAddress to = conn.answer().destination();
    boolean turned = !conn.answer().source().equals(conn.original().destination());
    if (arrival == Arrival.INTERFACE
        && turned
        && scope.network().isNeighbour(from.orElseThrow(), to)) {
      return unknown(
          "the answer passes only the bridge " + from.get() + ", where it may keep its address");
    }
    Walk answer = walk(flow.protocol(), conn, conn.answer(), from, State.ESTABLISHED, true);
    leg(whose + "answer", answer);
    if (answer.end() != null) {
      return answer.end();
    }
    Optional<String> back = answer.packet().out();
    if (in.isPresent() && back.isPresent() && !back.equals(in)) {
      return unknown("answers leave by " + back.get() + ", but " + in.get() + " was come in by");
    }
    return null;
  }

  private Arrival leg(String name, Walk walk) {
    Packet sent = walk.packet();
    Arrival arrival = sent.in().isPresent() ? walk.fromInterface() : walk.fromHost();
    legs.add(new Leg(name, sent, walk.steps()));
    return arrival;
  }

  private Walk walk(
      String protocol, Conn conn, Tuple tuple, Optional<String> in, State state, boolean reply) {
    Set<String> flags = Set.of();
    if (protocol.equals("tcp")) {
      flags = state == State.NEW ? Set.of("SYN") : reply ? Set.of("SYN", "ACK") : Set.of("ACK");
    }
    int echo = protocol.equals("icmp") ? (reply ? 0 : 8) : reply ? 129 : 128;
    Packet packet =
        new Packet(
            protocol,
            tuple,
            in,
            Optional.empty(),
            flags,
            protocol.contains("icmp") ? echo : -1,
            0,
            Optional.empty(),
            false);
    return new Walk(filters, scope, choices, conn, packet, state, reply);
  }

  private boolean nobodyListens(String protocol, Tuple there) {
    Optional<List<Listener>> listeners = scope.network().listeners();
    boolean asked = protocol.equals("tcp") || protocol.equals("udp");
    return asked
        && listeners.isPresent()
        && listeners.get().stream()
            .noneMatch(each -> each.hears(protocol, there.destination(), there.destinationPort()));
  }

  private static Way.End unknown(String reason) {
    return new Way.End(Verdict.UNKNOWN, reason, Optional.empty());
  }
}
