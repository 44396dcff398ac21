package io.github.jnstools.firewall;

import java.util.Optional;

/**
 * One thing that a packet met.
 *
 * @param packet as it came there
 * @param table of the rule; "" if it was no rule: a decision of the kernel
 * @param chain of the rule
 * @param number of the rule in its chain, from 1; 0 for a policy
 * @param rule what it met; empty for a policy
 * @param effect what became of it: {@code jump DOCKER}, {@code policy DROP}, {@code DNAT
 *     --to-destination 172.17.0.2:80}
 */
public record Step(
    Packet packet, String table, String chain, int number, Optional<Rule> rule, String effect) {

  /** A decision of the kernel. */
  static Step of(Packet packet, String effect) {
    return new Step(packet, "", "", 0, Optional.empty(), effect);
  }

  /** As a person reads it: {@code filter DOCKER 2: -A DOCKER -i docker0 -j RETURN}. */
  @Override
  public String toString() {
    if (table.isEmpty()) {
      return effect;
    }
    return rule.isPresent()
        ? table + " " + chain + " " + number + ": " + rule.get().text()
        : table + " " + chain + ": " + effect;
  }
}
