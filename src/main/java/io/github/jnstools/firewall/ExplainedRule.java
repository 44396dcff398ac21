package io.github.jnstools.firewall;

import java.util.Optional;

/**
 * A rule that is there, and what it is for.
 *
 * @param family whose rule it is
 * @param table the table that it is in
 * @param number its place in its chain, from 1
 * @param rule the rule
 * @param origin who wrote it
 * @param role what it does, in words
 * @param network the name of the network that it serves, of a rule of Docker
 * @param container the name of the container that it serves, of a rule of Docker
 * @param port the published port that it serves, of a rule of Docker
 */
public record ExplainedRule(
    IpFamily family,
    String table,
    int number,
    Rule rule,
    Origin origin,
    String role,
    Optional<String> network,
    Optional<String> container,
    Optional<PublishedPort> port) {

  /** Who wrote a rule. */
  public enum Origin {
    /** Docker, and it is due. */
    DOCKER,
    /** Docker, as it seems, for something that is not there any more; or somebody in its chains. */
    LEFTOVER,
    /** The user, or another program. */
    USER
  }
}
