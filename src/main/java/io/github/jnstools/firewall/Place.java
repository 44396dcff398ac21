package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;

/**
 * One end of a connection, as people name it.
 *
 * @param name {@code web}, {@code net1}, {@code host}, {@code 192.0.2.7}
 * @param kind what it is
 * @param spots where it is; none of this host, which has an address for each that asks
 */
public record Place(String name, Kind kind, List<Spot> spots) {
  public Place {
    spots = List.copyOf(spots);
  }

  /** What may be at an end of a connection. */
  public enum Kind {
    /** This host, and containers on its network. */
    HOST,
    /** A container. */
    CONTAINER,
    /** Some container on a network, which publishes nothing. */
    NETWORK,
    /** An address, of whomever. */
    ADDRESS
  }

  /**
   * One address of it.
   *
   * @param in the interface of this host that its packets come in by; empty if the route decides
   * @param address itself
   * @param wayOut whether it sends from there what is for no network of its own
   */
  public record Spot(Optional<String> in, IpAddress address, boolean wayOut) {}
}
