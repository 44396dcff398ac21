package io.github.jnstools.firewall;

import java.util.Optional;

/** What the targets of the table nat make of a packet's ends. */
final class Nat {
  private Nat() {}

  /**
   * The packet's addresses and ports afterwards; empty if they are one of several, or not known.
   *
   * @param hook the built-in chain that the rule was reached from
   */
  static Optional<Tuple> apply(Target target, String hook, Packet packet, HostNetwork network) {
    try {
      return switch (target.name()) {
        case "DNAT" -> destination(packet.tuple(), Place.parse(target.value("--to-destination")));
        case "SNAT" -> source(packet.tuple(), Place.parse(target.value("--to-source")));
        case "MASQUERADE" -> masquerade(target, packet, network);
        case "REDIRECT" -> redirect(target, hook, packet, network);
        case "NETMAP" -> netmap(target, hook, packet.tuple());
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException e) {
      // One of several addresses, or a form that iptables-save does not write.
      return Optional.empty();
    }
  }

  /** {@code 172.17.0.2:80}, {@code [fd00::2]:80}, {@code 172.17.0.2}, {@code :8080-8090}. */
  private record Place(Optional<IpAddress> address, Optional<PortRange> port) {
    static Place parse(String text) {
      boolean bracketed = text.startsWith("[");
      int colon =
          bracketed
              ? text.indexOf(':', text.indexOf(']'))
              : text.indexOf(':') == text.lastIndexOf(':') ? text.indexOf(':') : -1;
      String address = colon < 0 ? text : text.substring(0, colon);
      if (bracketed) {
        address = address.substring(1, address.indexOf(']'));
      }
      return new Place(
          address.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(address)),
          colon < 0 ? Optional.empty() : Optional.of(PortRange.parse(text.substring(colon + 1))));
    }
  }

  private static Optional<Tuple> destination(Tuple tuple, Place place) {
    return Optional.of(
        tuple.withDestination(
            place.address.orElse(tuple.destination()), place.port.orElse(tuple.destinationPort())));
  }

  private static Optional<Tuple> source(Tuple tuple, Place place) {
    return Optional.of(
        tuple.withSource(
            place.address.orElse(tuple.source()), place.port.orElse(tuple.sourcePort())));
  }

  private static Optional<PortRange> ports(Target target) {
    return target.has("--to-ports")
        ? Optional.of(PortRange.parse(target.value("--to-ports")))
        : Optional.empty();
  }

  private static Optional<Tuple> masquerade(Target target, Packet packet, HostNetwork network) {
    return packet
        .out()
        .flatMap(device -> network.address(device, packet.v6()))
        .flatMap(own -> source(packet.tuple(), new Place(Optional.of(own), ports(target))));
  }

  private static Optional<Tuple> redirect(
      Target target, String hook, Packet packet, HostNetwork network) {
    Optional<IpAddress> own =
        hook.equals("OUTPUT")
            ? Optional.of(IpAddress.parse(packet.v6() ? "::1" : "127.0.0.1"))
            : packet.in().flatMap(device -> network.address(device, packet.v6()));
    return own.flatMap(
        address -> destination(packet.tuple(), new Place(Optional.of(address), ports(target))));
  }

  private static Optional<Tuple> netmap(Target target, String hook, Tuple tuple) {
    Subnet to = Subnet.parse(target.value("--to"));
    boolean source = hook.equals("POSTROUTING") || hook.equals("INPUT");
    return Optional.of(
        source
            ? tuple.withSource(tuple.source().replaced(to.mask(), to.address()), tuple.sourcePort())
            : tuple.withDestination(
                tuple.destination().replaced(to.mask(), to.address()), tuple.destinationPort()));
  }
}
