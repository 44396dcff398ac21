package io.github.jnstools.firewall;

/**
 * Whence and whither, as a packet's header has it.
 *
 * @param source the sender's address
 * @param sourcePort its port, as far as it is known
 * @param destination the receiver's address
 * @param destinationPort its port
 */
public record Tuple(
    IpAddress source, PortRange sourcePort, IpAddress destination, PortRange destinationPort) {

  /** What answers have. */
  Tuple reversed() {
    return new Tuple(destination, destinationPort, source, sourcePort);
  }

  Tuple withSource(IpAddress address, PortRange port) {
    return new Tuple(address, port, destination, destinationPort);
  }

  Tuple withDestination(IpAddress address, PortRange port) {
    return new Tuple(source, sourcePort, address, port);
  }

  @Override
  public String toString() {
    return end(source, sourcePort) + " -> " + end(destination, destinationPort);
  }

  private static String end(IpAddress address, PortRange port) {
    if (port.equals(PortRange.NONE) || port.equals(PortRange.EPHEMERAL)) {
      return address.toString();
    }
    return (address.v6() ? "[" + address + "]" : address.toString()) + ":" + port;
  }
}
