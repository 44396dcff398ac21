package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Packet.Connection;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The match {@code conntrack}: what the kernel knows of a packet's connection. */
final class ConntrackMatch {
  private static final Set<String> STATES =
      Set.of("INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED", "SNAT", "DNAT");

  private ConntrackMatch() {}

  static Optional<Condition> of(RuleOption option) {
    String value = option.value();
    return switch (option.name()) {
      case "--ctstate" -> Optional.of(state(value));
      case "--ctdir" -> Optional.of(direction(value));
      case "--ctproto" -> {
        String protocol = OwnConditions.protocolName(value);
        yield known((packet, connection) -> Truth.of(packet.protocol().equals(protocol)));
      }
      case "--ctorigsrc" -> address(value, connection -> connection.original().source());
      case "--ctorigdst" -> address(value, connection -> connection.original().destination());
      case "--ctreplsrc" -> address(value, connection -> connection.answer().source());
      case "--ctrepldst" -> address(value, connection -> connection.answer().destination());
      case "--ctorigsrcport" -> port(value, connection -> connection.original().sourcePort());
      case "--ctorigdstport" -> port(value, connection -> connection.original().destinationPort());
      case "--ctreplsrcport" -> port(value, connection -> connection.answer().sourcePort());
      case "--ctrepldstport" -> port(value, connection -> connection.answer().destinationPort());
      default -> Optional.empty();
    };
  }

  /**
   * {@code RELATED,ESTABLISHED}; a connection may have the virtual states DNAT and SNAT besides.
   */
  static Condition state(String list) {
    Set<String> states = Set.of(list.split(","));
    if (!STATES.containsAll(states)) {
      throw new IllegalArgumentException("not states: " + list);
    }
    return (packet, scope) -> {
      Optional<Connection> connection = packet.connection();
      boolean changed =
          connection.isPresent()
              && (connection.get().destinationChanged() && states.contains("DNAT")
                  || connection.get().sourceChanged() && states.contains("SNAT"));
      return Truth.of(changed || states.contains(packet.state().name()));
    };
  }

  private static Condition direction(String value) {
    boolean reply = value.equals("REPLY");
    if (!reply && !value.equals("ORIGINAL")) {
      throw new IllegalArgumentException("not a direction: " + value);
    }
    return known((packet, connection) -> Truth.of(connection.reply() == reply)).orElseThrow();
  }

  private static Optional<Condition> address(String value, Function<Connection, IpAddress> end) {
    Subnet subnet = Subnet.parse(value);
    return known((packet, connection) -> Truth.of(subnet.contains(end.apply(connection))));
  }

  private static Optional<Condition> port(String value, Function<Connection, PortRange> end) {
    PortRange those = PortRange.parse(value);
    return known((packet, connection) -> end.apply(connection).within(those));
  }

  /** In the table raw there is no connection yet: the answers there are not modelled. */
  private static Optional<Condition> known(BiFunction<Packet, Connection, Truth> test) {
    return Optional.of(
        (packet, scope) ->
            packet.connection().isPresent()
                ? test.apply(packet, packet.connection().get())
                : Truth.UNKNOWN);
  }
}
