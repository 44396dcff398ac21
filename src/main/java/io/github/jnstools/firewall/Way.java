package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;

/**
 * One way that a connection may go: there, back, and on.
 *
 * @param end how it ends
 * @param legs the packets of the connection, as far as they got
 */
public record Way(End end, List<Leg> legs) {
  public Way {
    legs = List.copyOf(legs);
  }

  /**
   * How a way ends.
   *
   * @param verdict what becomes of the connection
   * @param reason why, for a person
   * @param decider the rule, policy or decision of the kernel from which that follows
   */
  public record End(Verdict verdict, String reason, Optional<Step> decider) {}
}
