package io.github.jnstools.firewall;

/**
 * A rule that Docker writes, and where in its chain it has to stand.
 *
 * <p>Docker writes rules as networks and containers come and go, so much of their order is chance.
 * What is not: a later section stands behind an earlier one, and in one section the rules of one
 * block stand in their order.
 *
 * @param rule the rule
 * @param section the section of its chain
 * @param block whose rules stand in order among each other
 * @param step its place among the rules of its block
 * @param required whether it has to be there; engines differ on the others
 */
record Wanted(DockerRule rule, int section, String block, int step, boolean required) {

  /** The chain, in its table. */
  String place() {
    return rule.table() + " " + rule.rule().chain();
  }
}
