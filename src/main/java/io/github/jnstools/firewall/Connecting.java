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
  private final Filters opened;
  private final Filters filters;
  private final Scope scope;
  private final Choices choices;
  private final List<Leg> legs = new ArrayList<>();
  private Optional<Step> accepted = Optional.empty();

  /**
   * A connection.
   *
   * @param opened what the first packet meets
   * @param filters what those after it meet
   */
  Connecting(Filters opened, Filters filters, Scope scope, Choices choices) {
    this.opened = opened;
    this.filters = filters;
    this.scope = scope;
    this.choices = choices;
  }

  Way way(Flow flow) {
    return new Way(connect(flow, ""), legs);
  }

  /**
   * Finds where the connection comes from.
   *
   * @param whose before the names of the legs
   */
  private Way.End connect(Flow flow, String whose) {
    Routing routing = new Routing(scope.network());
    Optional<IpAddress> source =
        flow.source().or(() -> routing.decide(Optional.empty(), flow.destination()).source());
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
    Tuple original =
        new Tuple(source.get(), flow.sourcePort(), flow.destination(), flow.destinationPort());
    return open(flow.protocol(), new Conn(original), in, whose);
  }

  private Way.End open(String protocol, Conn conn, Optional<String> in, String whose) {
    Passage first = passage(protocol, conn, conn.original(), in, State.NEW, false);
    Arrival arrival = leg(whose + "first packet", first);
    if (first.end() != null) {
      return first.end();
    }
    accepted = accepted.or(first::accepted);
    boolean here = arrival == Arrival.HOST;
    Tuple there = first.packet().tuple();
    if (here && nobodyListens(protocol, there)) {
      String reason = "no program of this host listens on " + there.destination();
      return new Way.End(Verdict.REFUSED, reason, accepted);
    }
    Way.End lost = goOn(protocol, conn, in, here ? Optional.empty() : first.packet().out(), whose);
    if (lost != null) {
      return lost;
    }
    // What docker-proxy opens is for a container, and handed on no further.
    Optional<ProxiedPort> proxy =
        here && whose.isEmpty()
            ? scope.network().proxy(protocol, there.destination(), there.destinationPort())
            : Optional.empty();
    if (proxy.isPresent()) {
      ProxiedPort port = proxy.get();
      return connect(Flow.ofHost(port.target(), protocol, port.targetPort()), "docker-proxy: ");
    }
    String reason = accepted.isPresent() ? "accepted by " + accepted.get() : "past all rules";
    return new Way.End(Verdict.REACHABLE, reason, accepted);
  }

  /**
   * Sends the answer and one more packet: those are of another state, and rules may tell them
   * apart. Null if both arrive.
   *
   * @param from the interface that the answer comes in by; empty from this host
   */
  private Way.End goOn(
      String protocol, Conn conn, Optional<String> in, Optional<String> from, String whose) {
    Passage answer = passage(protocol, conn, conn.answer(), from, State.ESTABLISHED, true);
    leg(whose + "answer", answer);
    if (answer.end() != null) {
      return answer.end();
    }
    if (!answer.packet().tuple().equals(conn.original().reversed())) {
      String reason = "the answer comes as " + answer.packet().tuple() + ", which nobody asked";
      return new Way.End(Verdict.BLOCKED, reason, Optional.of(Step.of(answer.packet(), reason)));
    }
    Passage later = passage(protocol, conn, conn.original(), in, State.ESTABLISHED, false);
    leg(whose + "later packets", later);
    return later.end();
  }

  private Arrival leg(String name, Passage passage) {
    Packet sent = passage.packet();
    Arrival arrival = new Walk(scope.network(), passage).go();
    legs.add(new Leg(name, sent, passage.steps()));
    return arrival;
  }

  private Passage passage(
      String protocol, Conn conn, Tuple tuple, Optional<String> in, State state, boolean reply) {
    Set<String> flags = Set.of();
    if (protocol.equals("tcp")) {
      flags = state == State.NEW ? Set.of("SYN") : reply ? Set.of("SYN", "ACK") : Set.of("ACK");
    }
    int echo =
        switch (protocol) {
          case "icmp" -> reply ? 0 : 8;
          case "ipv6-icmp" -> reply ? 129 : 128;
          default -> -1;
        };
    Packet packet =
        new Packet(protocol, tuple, in, Optional.empty(), flags, echo, 0, Optional.empty(), false);
    Filters met = state == State.NEW ? opened : filters;
    return new Passage(met, scope, choices, conn, packet, state, reply);
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
