package io.github.jnstools.firewall;

/**
 * A difference between the rules that are there and those that Docker should have written.
 *
 * @param family whose rules
 * @param kind what is wrong
 * @param table the table that the rule is in, or should be
 * @param number the place of the rule in its chain, from 1; 0 if it is missing
 * @param rule the rule
 * @param because why, for a person
 */
public record Drift(
    IpFamily family, Kind kind, String table, int number, Rule rule, String because) {

  /** What can be wrong. */
  public enum Kind {
    /** A rule that is due is not there. */
    MISSING,
    /** A jump from a built-in chain is not there: a whole chain does nothing. */
    JUMP_MISSING,
    /** The jump to DOCKER-USER stands behind other rules. */
    JUMP_NOT_FIRST,
    /** A rule of Docker that is due to nothing, or stands there twice. */
    EXTRA,
    /** A rule stands before one that it should stand behind. */
    OUT_OF_ORDER,
    /** No packet can come as far as this rule. */
    DEAD
  }
}
