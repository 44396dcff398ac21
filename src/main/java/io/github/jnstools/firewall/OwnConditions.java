package io.github.jnstools.firewall;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The conditions that iptables has by itself: addresses, interfaces, protocol, fragments. */
final class OwnConditions {
  /** Of numbers and other names, those that iptables-save may leave as they are. */
  private static final Map<String, String> PROTOCOLS =
      Map.ofEntries(
          Map.entry("0", "all"),
          Map.entry("ip", "all"),
          Map.entry("1", "icmp"),
          Map.entry("2", "igmp"),
          Map.entry("6", "tcp"),
          Map.entry("17", "udp"),
          Map.entry("33", "dccp"),
          Map.entry("47", "gre"),
          Map.entry("50", "esp"),
          Map.entry("51", "ah"),
          Map.entry("58", "ipv6-icmp"),
          Map.entry("icmpv6", "ipv6-icmp"),
          Map.entry("132", "sctp"),
          Map.entry("136", "udplite"));

  private OwnConditions() {}

  static Condition of(RuleOption option) {
    String value = option.value();
    Condition condition =
        switch (option.name()) {
          case "-s" -> address(value, Tuple::source);
          case "-d" -> address(value, Tuple::destination);
          case "-i" -> device(value, Packet::in);
          case "-o" -> device(value, Packet::out);
          case "-p" -> protocol(value);
          // Connection tracking puts fragments together before any rule sees them.
          case "-f" -> (packet, scope) -> Truth.FALSE;
          case "-4" -> (packet, scope) -> Truth.of(!packet.v6());
          case "-6" -> (packet, scope) -> Truth.of(packet.v6());
          default -> Condition.UNKNOWN;
        };
    return condition.negatedIf(option.negated());
  }

  private static Condition address(String value, Function<Tuple, IpAddress> end) {
    Subnet subnet;
    try {
      subnet = Subnet.parse(value);
    } catch (IllegalArgumentException e) {
      // A name, or a list as people write it.
      return Condition.UNKNOWN;
    }
    return (packet, scope) -> Truth.of(subnet.contains(end.apply(packet.tuple())));
  }

  /** A packet that has no such interface fails every name, and so passes every {@code !}. */
  private static Condition device(String value, Function<Packet, Optional<String>> of) {
    if (value.endsWith("+")) {
      String start = value.substring(0, value.length() - 1);
      return (packet, scope) ->
          Truth.of(of.apply(packet).filter(n -> n.startsWith(start)).isPresent());
    }
    return (packet, scope) -> {
      Optional<String> name = of.apply(packet);
      return Truth.of(name.isPresent() && name.get().equals(value));
    };
  }

  private static Condition protocol(String value) {
    String name = protocolName(value);
    if (name.equals("all")) {
      return Condition.ALWAYS;
    }
    return (packet, scope) -> Truth.of(packet.protocol().equals(name));
  }

  static String protocolName(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    return PROTOCOLS.getOrDefault(lower, lower);
  }
}
