package io.github.jnstools.firewall;

/**
 * Whether one reaches another, as far as the firewall goes.
 *
 * @param from who: this host, {@code outside by eth0}, a network, a container
 * @param to whom
 * @param flow the connection that was traced
 * @param verdict what becomes of it
 * @param reason why, for a person
 * @param via how, if it is reachable
 */
public record Reach(Place from, Aim to, Flow flow, Verdict verdict, String reason, Via via) {

  /** By which way one reaches another. */
  public enum Via {
    /** By none, or it is not known. */
    NONE,
    /** Within a network, past isolation and translation. */
    NETWORK,
    /** As the one who asks is on several networks. */
    SEVERAL_NETWORKS,
    /** By a second connection, which docker-proxy opens from this host. */
    DOCKER_PROXY,
    /** As the rules let it through, or as this host itself sends it. */
    RULES
  }
}
