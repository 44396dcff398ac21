package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which rules of a chain may be for a packet at all: Docker writes some for each container, and of
 * those nearly all are for others.
 *
 * <p>Each rule is under one thing that it asks for: a single destination or source, a single port,
 * or an interface. Those that ask for none of these are for all packets.
 */
final class ChainIndex {
  private static final int[] NONE = {};

  /** In a shorter chain it takes longer to look up than to ask every rule. */
  private static final int FEW = 16;

  private final Map<Object, int[]> numbers = new HashMap<>();
  private final NavigableMap<Integer, int[]> byPort = new TreeMap<>();

  /** What a rule may ask for, beside a destination's address and a port. */
  private record Sender(IpAddress address) {}

  private record Input(String device) {}

  private record Output(String device) {}

  private static final Object ALL = "all";

  ChainIndex(List<Rule> rules) {
    Map<Object, List<Integer>> lists = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      Object key = rules.size() < FEW ? ALL : key(rules.get(i));
      lists.computeIfAbsent(key, those -> new ArrayList<>()).add(i);
    }
    lists.forEach(
        (key, list) -> {
          int[] those = list.stream().mapToInt(Integer::intValue).toArray();
          if (key instanceof Integer port) {
            byPort.put(port, those);
          } else {
            numbers.put(key, those);
          }
        });
  }

  private static Object key(Rule rule) {
    Optional<Object> key = single(rule, "-d").map(Object.class::cast);
    return key.or(() -> single(rule, "-s").map(Sender::new))
        .or(() -> port(rule))
        .or(() -> plain(rule, "-o").map(Output::new))
        .or(() -> plain(rule, "-i").map(Input::new))
        .orElse(ALL);
  }

  /** The value of an option without a {@code !}, if the rule has it once. */
  private static Optional<String> plain(Rule rule, String name) {
    List<RuleOption> found =
        rule.options().stream().filter(option -> option.name().equals(name)).toList();
    return found.size() == 1 && !found.get(0).negated() && !found.get(0).value().endsWith("+")
        ? Optional.of(found.get(0).value())
        : Optional.empty();
  }

  private static Optional<IpAddress> single(Rule rule, String name) {
    Optional<String> text = plain(rule, name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Subnet subnet = Subnet.parse(text.get());
      boolean one = subnet.length() == (subnet.address().v6() ? 128 : 32);
      return one ? Optional.of(subnet.address()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      // A name: nobody knows whose.
      return Optional.empty();
    }
  }

  private static Optional<Object> port(Rule rule) {
    return plain(rule, "--dport")
        .filter(text -> text.matches("\\d{1,5}"))
        .map(text -> (Object) Integer.valueOf(text));
  }

  /** The numbers, from 0 and rising, of the rules that may be for a packet. */
  int[] candidates(Packet packet) {
    Tuple tuple = packet.tuple();
    List<int[]> found = new ArrayList<>();
    found.add(numbers.getOrDefault(ALL, NONE));
    found.add(numbers.getOrDefault(tuple.destination(), NONE));
    found.add(numbers.getOrDefault(new Sender(tuple.source()), NONE));
    PortRange port = tuple.destinationPort();
    found.addAll(byPort.subMap(port.low(), true, port.high(), true).values());
    packet.out().ifPresent(name -> found.add(numbers.getOrDefault(new Output(name), NONE)));
    packet.in().ifPresent(name -> found.add(numbers.getOrDefault(new Input(name), NONE)));
    int size = 0;
    for (int[] each : found) {
      size += each.length;
    }
    int[] all = new int[size];
    int end = 0;
    for (int[] each : found) {
      System.arraycopy(each, 0, all, end, each.length);
      end += each.length;
    }
    Arrays.sort(all);
    return all;
  }
}
