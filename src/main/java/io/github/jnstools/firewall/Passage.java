package io.github.jnstools.firewall;

import io.github.jnstools.firewall.ChainWalk.Fate;
import io.github.jnstools.firewall.Condition.Scope;
import io.github.jnstools.firewall.Packet.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A packet on its way through the tables of a host, with what it met so far.
 *
 * <p>At each hook the tables follow each other as the kernel has them: raw, then connection
 * tracking, mangle, nat for the destination, filter, security, nat for the source. What the table
 * nat made of the first packet is done to later ones in its place, so mangle sees them before.
 */
final class Passage {
  private final Filters filters;
  private final Scope scope;
  private final Choices choices;
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
  Passage(
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
    this.conn = conn;
    this.packet = packet;
    this.state = state;
    this.reply = reply;
  }

  /** What it met, in order. */
  List<Step> steps() {
    return steps;
  }

  /** Why it got no further; null if it goes on. */
  Way.End end() {
    return end;
  }

  /** Where the table filter let it pass last. */
  Optional<Step> accepted() {
    return accepted;
  }

  /** The packet as it is by now. */
  Packet packet() {
    return packet;
  }

  void move(Packet moved, String decision) {
    packet = moved;
    note(decision);
  }

  void note(String decision) {
    steps.add(Step.of(packet, decision));
  }

  boolean choose(String question) {
    return choices.choose(Step.of(packet, question));
  }

  void stop(String reason) {
    end = new Way.End(Verdict.BLOCKED, reason, Optional.of(Step.of(packet, reason)));
  }

  void doubt(String reason) {
    doubt(reason, Step.of(packet, reason));
  }

  private void doubt(String reason, Step step) {
    end = new Way.End(Verdict.UNKNOWN, reason, Optional.of(step));
  }

  /** Where packets come in, or where this host's set out; false if the packet ends there. */
  boolean enter(String hook) {
    if (!pass("raw", hook)) {
      return false;
    }
    if (packet.connection().isEmpty()) {
      packet = packet.with(conn.view(state, reply));
    }
    return pass("mangle", hook) && nat(hook, true);
  }

  /** Where packets are let through or not. */
  boolean filter(String hook) {
    boolean mangled = hook.equals("OUTPUT") || pass("mangle", hook);
    return mangled && pass("filter", hook) && pass("security", hook);
  }

  /** Where packets go to a program of this host. */
  boolean arrive() {
    return filter("INPUT") && nat("INPUT", false);
  }

  /** Where packets leave. */
  boolean leave() {
    return pass("mangle", "POSTROUTING") && nat("POSTROUTING", false);
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
      doubt(reason);
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
      case UNKNOWN -> doubt("not known what becomes of a packet at " + decider, decider);
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
        doubt("not known which address is given by " + decider, decider);
        return false;
      }
      packet = packet.with(changed.get());
      note("NAT: now " + changed.get());
    }
    conn.decide(destination, packet.tuple());
    packet = packet.with(conn.view(state, reply));
    return true;
  }
}
