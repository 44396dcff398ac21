package io.github.jnstools.firewall;

import java.util.Comparator;
import java.util.Set;

/**
 * A port of the host, as a client sees it: {@code 8080/tcp}.
 *
 * @param number the port
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
public record HostPort(int number, String protocol) implements Comparable<HostPort> {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

  /** Refuses what no container publishes. */
  public HostPort {
    if (number < 1 || number > 65535) {
      throw new IllegalArgumentException("not the number of a port: " + number);
    }
    if (!PROTOCOLS.contains(protocol)) {
      throw new IllegalArgumentException("not tcp, udp or sctp: " + protocol);
    }
  }

  /**
   * Parses {@code 8080/tcp}, or {@code 8080} of tcp.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static HostPort parse(String text) {
    int slash = text.indexOf('/');
    String number = slash < 0 ? text : text.substring(0, slash);
    if (!number.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("not a port such as 8080/tcp: " + text);
    }
    return new HostPort(Integer.parseInt(number), slash < 0 ? "tcp" : text.substring(slash + 1));
  }

  @Override
  public int compareTo(HostPort other) {
    return Comparator.comparingInt(HostPort::number)
        .thenComparing(HostPort::protocol)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return number + "/" + protocol;
  }
}
