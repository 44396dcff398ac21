package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The matches that {@code -m} loads. One whose answer depends on what is not in a packet's header,
 * or that has an option which is not known here, is unknown as a whole: the option may change what
 * the others mean.
 */
final class Matches {
  private static final Set<String> FLAGS = Set.of("SYN", "ACK", "FIN", "RST", "PSH", "URG");

  private Matches() {}

  /** The conditions of one {@code -m NAME} with what follows it. */
  static List<Condition> of(String module, List<RuleOption> options) {
    List<Condition> conditions = new ArrayList<>();
    try {
      for (RuleOption option : options) {
        Optional<Condition> condition = of(module, option);
        if (condition.isEmpty()) {
          return List.of(Condition.UNKNOWN);
        }
        conditions.add(condition.get().negatedIf(option.negated()));
      }
    } catch (IllegalArgumentException e) {
      // A value that iptables-save does not write: the name of a service, a thing to come.
      return List.of(Condition.UNKNOWN);
    }
    boolean empty =
        options.isEmpty() && !Set.of("tcp", "udp", "sctp", "icmp", "icmp6").contains(module);
    return empty ? List.of(Condition.UNKNOWN) : conditions;
  }

  private static Optional<Condition> of(String module, RuleOption option) {
    return switch (module) {
      case "comment" -> Optional.of(Condition.ALWAYS);
      case "tcp", "udp", "sctp", "dccp", "udplite" -> transport(option);
      case "icmp" -> icmp(option, "icmp", "--icmp-type", 255);
      case "icmp6", "ipv6-icmp", "icmpv6" -> icmp(option, "ipv6-icmp", "--icmpv6-type", -1);
      case "multiport" -> multiport(option);
      case "conntrack" -> ConntrackMatch.of(option);
      case "state" ->
          option.name().equals("--state")
              ? Optional.of(ConntrackMatch.state(option.value()))
              : Optional.empty();
      case "addrtype" -> addressType(option);
      case "iprange" -> range(option);
      case "mark" -> mark(option, Packet::mark);
      case "connmark" ->
          mark(option, packet -> packet.connection().map(Packet.Connection::mark).orElse(0));
      case "set" -> set(option);
      case "physdev" -> physical(option);
      default -> Optional.empty();
    };
  }

  private static Optional<Condition> transport(RuleOption option) {
    String value = option.value();
    return switch (option.name()) {
      case "--dport", "--destination-port" -> ports(value, Tuple::destinationPort);
      case "--sport", "--source-port" -> ports(value, Tuple::sourcePort);
      case "--tcp-flags" -> Optional.of(flags(option.values()));
      case "--syn" -> Optional.of(flags(List.of("FIN,SYN,RST,ACK", "SYN")));
      default -> Optional.empty();
    };
  }

  private static Optional<Condition> ports(String value, Function<Tuple, PortRange> end) {
    PortRange those = PortRange.parse(value);
    return Optional.of((packet, scope) -> end.apply(packet.tuple()).within(those));
  }

  /** {@code --tcp-flags FIN,SYN,RST,ACK SYN}: which are looked at, and which of them are set. */
  private static Condition flags(List<String> values) {
    if (values.size() != 2) {
      throw new IllegalArgumentException("two lists of flags");
    }
    Set<String> looked = flagNames(values.get(0));
    Set<String> set = flagNames(values.get(1));
    return (packet, scope) ->
        Truth.of(
            looked.stream().allMatch(flag -> packet.flags().contains(flag) == set.contains(flag)));
  }

  private static Set<String> flagNames(String list) {
    if (list.equals("ALL")) {
      return FLAGS;
    }
    Set<String> names = list.equals("NONE") ? Set.of() : Set.of(list.split(","));
    if (!FLAGS.containsAll(names)) {
      throw new IllegalArgumentException("not flags of TCP: " + list);
    }
    return names;
  }

  /**
   * {@code --icmp-type 8}, {@code --icmp-type 3/1}.
   *
   * @param any the number that stands for every type, or -1
   */
  private static Optional<Condition> icmp(
      RuleOption option, String protocol, String name, int any) {
    if (!option.name().equals(name)) {
      return Optional.empty();
    }
    boolean v6 = protocol.equals("ipv6-icmp");
    String value =
        switch (option.value()) {
          case "echo-request", "ping" -> v6 ? "128" : "8";
          case "echo-reply", "pong" -> v6 ? "129" : "0";
          case "any" -> Integer.toString(any);
          default -> option.value();
        };
    int slash = value.indexOf('/');
    int type = Integer.parseInt(slash < 0 ? value : value.substring(0, slash));
    int code = slash < 0 ? 0 : Integer.parseInt(value.substring(slash + 1));
    // Echoes and their answers have the code 0.
    return Optional.of(
        (packet, scope) -> Truth.of(type == any || type == packet.icmpType() && code == 0));
  }

  private static Optional<Condition> multiport(RuleOption option) {
    List<PortRange> ranges = new ArrayList<>();
    for (String part : option.value().split(",")) {
      ranges.add(PortRange.parse(part));
    }
    Condition source = (packet, scope) -> within(packet.tuple().sourcePort(), ranges);
    Condition destination = (packet, scope) -> within(packet.tuple().destinationPort(), ranges);
    return switch (option.name()) {
      case "--sports", "--source-ports" -> Optional.of(source);
      case "--dports", "--destination-ports" -> Optional.of(destination);
      case "--ports" ->
          Optional.of(
              (packet, scope) -> source.holds(packet, scope).or(destination.holds(packet, scope)));
      default -> Optional.empty();
    };
  }

  private static Truth within(PortRange port, List<PortRange> ranges) {
    Truth found = Truth.FALSE;
    for (PortRange range : ranges) {
      found = found.or(port.within(range));
    }
    return found;
  }

  private static Optional<Condition> addressType(RuleOption option) {
    Set<String> types = Set.of(option.value().split(","));
    return switch (option.name()) {
      case "--dst-type" ->
          Optional.of(
              (packet, scope) ->
                  Truth.of(types.contains(scope.network().type(packet.tuple().destination()))));
      case "--src-type" ->
          Optional.of(
              (packet, scope) ->
                  Truth.of(types.contains(scope.network().type(packet.tuple().source()))));
      default -> Optional.empty();
    };
  }

  private static Optional<Condition> range(RuleOption option) {
    String value = option.value();
    int dash = value.indexOf('-');
    IpAddress low = IpAddress.parse(dash < 0 ? value : value.substring(0, dash));
    IpAddress high = IpAddress.parse(value.substring(dash + 1));
    return switch (option.name()) {
      case "--src-range" ->
          Optional.of((packet, scope) -> between(packet.tuple().source(), low, high));
      case "--dst-range" ->
          Optional.of((packet, scope) -> between(packet.tuple().destination(), low, high));
      default -> Optional.empty();
    };
  }

  private static Truth between(IpAddress address, IpAddress low, IpAddress high) {
    return Truth.of(low.compareTo(address) <= 0 && address.compareTo(high) <= 0);
  }

  /** {@code --mark 0x10/0xff}. */
  private static Optional<Condition> mark(RuleOption option, ToIntFunction<Packet> of) {
    if (!option.name().equals("--mark")) {
      return Optional.empty();
    }
    Mark mark = Mark.parse(option.value());
    return Optional.of(
        (packet, scope) -> Truth.of((of.applyAsInt(packet) & mark.mask()) == mark.value()));
  }

  /** {@code --match-set NAME src,dst}. */
  private static Optional<Condition> set(RuleOption option) {
    List<String> values = option.values();
    if (!option.name().equals("--match-set") || values.size() != 2) {
      return Optional.empty();
    }
    List<String> directions = List.of(values.get(1).split(","));
    return Optional.of((packet, scope) -> scope.sets().contains(values.get(0), directions, packet));
  }

  /** Which port of a bridge a packet passes is not known, but whether it only passes the bridge. */
  private static Optional<Condition> physical(RuleOption option) {
    return option.name().equals("--physdev-is-bridged")
        ? Optional.of((packet, scope) -> Truth.of(packet.bridged()))
        : Optional.empty();
  }
}
