package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Condition.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a connection on a host, and why: its packets' way through all tables, rule by
 * rule. Immutable.
 *
 * <p>A connection is more than its first packet: answers meet the same rules in another state, and
 * behind docker-proxy there is a second connection. Nothing is guessed: where a rule asks what is
 * not known, both ways are gone, and if they end differently the verdict is unknown.
 *
 * @param verdict what becomes of it
 * @param reason why, for a person
 * @param decider the rule or policy from which that follows; if the verdict is unknown, the one on
 *     which it depends
 * @param ways how it goes; if that depends on the decider, first as if it did not match, then as if
 *     it did
 * @param doubts rules that may or may not have matched, without a difference
 */
public record PacketTrace(
    Verdict verdict, String reason, Optional<Step> decider, List<Way> ways, List<Step> doubts) {
  /** So many ways are gone before the answer is that nobody can tell. */
  private static final int MOST = 64;

  public PacketTrace {
    ways = List.copyOf(ways);
    doubts = List.copyOf(doubts);
  }

  /** Traces a connection. */
  public static PacketTrace of(Filters filters, HostNetwork network, Flow flow) {
    return of(filters, filters, network, flow);
  }

  /**
   * Traces a connection that is open already as the rules change.
   *
   * <p>What NAT made of it stays; of the new rules only those for packets after the first matter.
   *
   * @param opened what was in force as its first packet came
   * @param filters what is in force now
   */
  public static PacketTrace of(Filters opened, Filters filters, HostNetwork network, Flow flow) {
    Scope scope = new Scope(network, filters.sets());
    Choices choices = new Choices();
    Set<Step> doubts = new LinkedHashSet<>();
    Way first = new Connecting(opened, filters, scope, choices).way(flow);
    doubts.addAll(choices.questions());
    Way before = first;
    for (int runs = 1; choices.advance(); runs++) {
      Step changed = choices.changed();
      if (runs == MOST) {
        return unknown("more than " + MOST + " ways are possible", changed, List.of(before));
      }
      Way way = new Connecting(opened, filters, scope, choices).way(flow);
      doubts.addAll(choices.questions());
      if (way.end().verdict() != before.end().verdict()) {
        String reason =
            before.end().verdict() + " or " + way.end().verdict() + ", which depends on " + changed;
        return unknown(reason, changed, List.of(before, way));
      }
      before = way;
    }
    if (!filters.others().isEmpty()) {
      String reason = first.end().verdict() + " by these rules, but " + filters.others().get(0);
      return new PacketTrace(
          Verdict.UNKNOWN, reason, first.end().decider(), List.of(first), List.of());
    }
    Way.End end = first.end();
    return new PacketTrace(
        end.verdict(), end.reason(), end.decider(), List.of(first), new ArrayList<>(doubts));
  }

  private static PacketTrace unknown(String reason, Step decider, List<Way> ways) {
    return new PacketTrace(Verdict.UNKNOWN, reason, Optional.of(decider), ways, List.of());
  }

  /** The packets of the first way. */
  public List<Leg> legs() {
    return ways.get(0).legs();
  }
}
