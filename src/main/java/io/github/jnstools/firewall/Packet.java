package io.github.jnstools.firewall;

import java.util.Optional;
import java.util.Set;

/**
 * A packet at one point of its way. Immutable.
 *
 * @param protocol {@code tcp}, {@code udp}, {@code sctp}, {@code icmp}, {@code ipv6-icmp}, ...
 * @param tuple its addresses and ports now, which NAT changes
 * @param in the interface that it came in by; empty if this host sent it
 * @param out the one that it leaves by; empty before that is decided, and for this host's own
 * @param flags what is set of TCP's {@code SYN}, {@code ACK}, {@code FIN}, {@code RST}, {@code
 *     PSH}, {@code URG}
 * @param icmpType ICMP's type, of an echo or its answer; -1 for other protocols
 * @param mark the firewall's mark
 * @param connection what the kernel knows of its connection; empty before it has looked
 * @param bridged whether it only passes a bridge, and is not routed
 */
public record Packet(
    String protocol,
    Tuple tuple,
    Optional<String> in,
    Optional<String> out,
    Set<String> flags,
    int icmpType,
    int mark,
    Optional<Connection> connection,
    boolean bridged) {

  /** What conntrack says of a packet. */
  public enum State {
    /** The first of its connection. */
    NEW,
    /** Of a connection that was answered. */
    ESTABLISHED,
    /** Of none, or not looked up yet. */
    INVALID
  }

  /**
   * The connection of a packet.
   *
   * @param state of this packet
   * @param reply whether it is on its way back
   * @param original as the first packet was sent
   * @param answer as answers are sent, to what NAT made of the first
   * @param destinationChanged whether the first packet was sent on to another destination
   * @param sourceChanged whether it was given another source
   * @param mark the connection's own
   */
  public record Connection(
      State state,
      boolean reply,
      Tuple original,
      Tuple answer,
      boolean destinationChanged,
      boolean sourceChanged,
      int mark) {}

  State state() {
    return connection.isPresent() ? connection.get().state() : State.INVALID;
  }

  boolean v6() {
    return tuple.destination().v6();
  }

  Packet with(Tuple changed) {
    return new Packet(protocol, changed, in, out, flags, icmpType, mark, connection, bridged);
  }

  Packet withMark(int changed) {
    return new Packet(protocol, tuple, in, out, flags, icmpType, changed, connection, bridged);
  }

  Packet with(Connection known) {
    return new Packet(protocol, tuple, in, out, flags, icmpType, mark, Optional.of(known), bridged);
  }

  Packet via(Optional<String> input, Optional<String> output) {
    return new Packet(protocol, tuple, input, output, flags, icmpType, mark, connection, bridged);
  }

  /** From one port of a bridge to another. */
  Packet overBridge(String bridge) {
    return new Packet(
        protocol, tuple, in, Optional.of(bridge), flags, icmpType, mark, connection, true);
  }

  /** As a person reads it: {@code tcp 192.0.2.7 -> 172.17.0.2:80 NEW in=eth0 out=docker0}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(protocol).append(' ').append(tuple);
    connection.ifPresent(known -> text.append(' ').append(known.state()));
    in.ifPresent(name -> text.append(" in=").append(name));
    out.ifPresent(name -> text.append(" out=").append(name));
    if (mark != 0) {
      text.append(" mark=0x").append(Integer.toHexString(mark));
    }
    return text.toString();
  }
}
