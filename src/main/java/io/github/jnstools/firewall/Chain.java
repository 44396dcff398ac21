package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;

/**
 * One chain of a table, with its rules in order. Immutable.
 *
 * @param line the one that declares it: {@code :FORWARD DROP [0:0]}
 * @param name {@code FORWARD}
 * @param policy {@code ACCEPT} or {@code DROP} of a built-in chain; empty for one that was made
 * @param counters how often the policy was met, if the text says so
 * @param rules from the first to the last
 */
public record Chain(
    String line,
    String name,
    Optional<String> policy,
    Optional<Counters> counters,
    List<Rule> rules) {

  public Chain {
    rules = List.copyOf(rules);
  }

  /** Whether packets enter it by themselves, without a jump. */
  public boolean isBuiltIn() {
    return policy.isPresent();
  }
}
