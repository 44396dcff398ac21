package io.github.jnstools.firewall;

import java.util.Optional;

/**
 * A connection that somebody might open.
 *
 * @param fromHost whether this host opens it itself
 * @param in the interface that its packets come in by: of a container, the bridge; empty from this
 *     host, and where the route back to the sender is to decide
 * @param source the sender's address; empty if this host is to choose one
 * @param destination whom it is for
 * @param protocol {@code tcp}, {@code udp}, {@code sctp}, {@code icmp}, {@code ipv6-icmp}
 * @param sourcePort the sender's port, mostly {@link PortRange#EPHEMERAL}
 * @param destinationPort to which port
 */
public record Flow(
    boolean fromHost,
    Optional<String> in,
    Optional<IpAddress> source,
    IpAddress destination,
    String protocol,
    PortRange sourcePort,
    PortRange destinationPort) {

  /** Refuses what nobody can open. */
  public Flow {
    if (source.isPresent() && source.get().v6() != destination.v6()) {
      throw new IllegalArgumentException(
          source.get() + " and " + destination + " are of two families");
    }
    if (!fromHost && source.isEmpty()) {
      throw new IllegalArgumentException("only this host may choose its address");
    }
  }

  /** From a container or another machine, by an interface. */
  public static Flow of(
      String in, IpAddress source, IpAddress destination, String protocol, int port) {
    return of(false, Optional.of(in), Optional.of(source), destination, protocol, port);
  }

  /** From another machine, by the interface that the route to it has. */
  public static Flow ofOutside(IpAddress source, IpAddress destination, String protocol, int port) {
    return of(false, Optional.empty(), Optional.of(source), destination, protocol, port);
  }

  /** From this host, which chooses its address. */
  public static Flow ofHost(IpAddress destination, String protocol, int port) {
    return of(true, Optional.empty(), Optional.empty(), destination, protocol, port);
  }

  /** From this host, and one of its addresses. */
  public static Flow ofHost(IpAddress source, IpAddress destination, String protocol, int port) {
    return of(true, Optional.empty(), Optional.of(source), destination, protocol, port);
  }

  private static Flow of(
      boolean fromHost,
      Optional<String> in,
      Optional<IpAddress> source,
      IpAddress destination,
      String protocol,
      int port) {
    boolean ports = !protocol.contains("icmp");
    return new Flow(
        fromHost,
        in,
        source,
        destination,
        protocol,
        ports ? PortRange.EPHEMERAL : PortRange.NONE,
        ports ? PortRange.of(port) : PortRange.NONE);
  }
}
