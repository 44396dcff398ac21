package io.github.jnstools.firewall;

/**
 * Whether one reaches another, as far as the firewall goes.
 *
 * @param from who: {@code host}, {@code outside by eth0}, a network, a container
 * @param to whom: a network, {@code web:80/tcp}, a published port as {@code docker ps} has it
 * @param flow the connection that was traced
 * @param trace what becomes of it
 * @param via how, if it is reachable
 */
public record Reach(String from, String to, Flow flow, PacketTrace trace, Via via) {

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
