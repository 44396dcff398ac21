package io.github.jnstools.cli;

import java.util.OptionalInt;
import java.util.Set;

/**
 * The end of a connection on the command line: {@code web:80/tcp}, {@code [fd00::2]:443}.
 *
 * @param name who
 * @param port which one; empty if it was left out
 * @param protocol {@code tcp} if it was left out
 */
record TraceAim(String name, OptionalInt port, String protocol) {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp", "icmp");

  static TraceAim parse(String text) throws UsageException {
    int slash = text.lastIndexOf('/');
    String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
    if (!PROTOCOLS.contains(protocol)) {
      throw new UsageException(
          "protocol '" + protocol + "' of " + text + "; one of tcp, udp, sctp, icmp");
    }
    String end = slash < 0 ? text : text.substring(0, slash);
    int colon = end.lastIndexOf(':');
    boolean bare = end.indexOf(':') != colon && !end.startsWith("[");
    boolean hasPort = colon >= 0 && !bare && !end.endsWith("]");
    String name = hasPort ? end.substring(0, colon) : end;
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    OptionalInt port = hasPort ? port(end.substring(colon + 1), text) : OptionalInt.empty();
    if (protocol.equals("icmp") && hasPort) {
      throw new UsageException("icmp has no ports: " + text);
    }
    return new TraceAim(name, port, protocol);
  }

  private static OptionalInt port(String digits, String text) throws UsageException {
    int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
    if (port < 1 || port > 65535) {
      throw new UsageException("port '" + digits + "' of " + text + "; one of 1 to 65535");
    }
    return OptionalInt.of(port);
  }
}
