package io.github.jnstools.cli;

import io.github.jnstools.firewall.DockerNetwork;
import io.github.jnstools.firewall.HostGraph.Way;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is said of the parts of a graph, whatever it is drawn with. */
final class GraphWords {
  private GraphWords() {}

  /** {@code reachable from host, net2}: a line for each verdict, and way if it is an odd one. */
  static List<String> from(List<Way> ways) {
    return lines(ways, " from ", way -> way.from().name());
  }

  /** {@code blocked to db:5432/tcp, net2}. */
  static List<String> to(List<Way> ways) {
    return lines(ways, " to ", way -> way.to().toString());
  }

  private static List<String> lines(List<Way> ways, String word, Function<Way, String> other) {
    Map<String, Long> times =
        ways.stream().collect(Collectors.groupingBy(other, Collectors.counting()));
    Map<String, List<String>> lines = new LinkedHashMap<>();
    List<Way> sorted = new ArrayList<>(ways);
    sorted.sort(Comparator.comparing(Way::verdict).thenComparing(GraphWords::odd));
    for (Way way : sorted) {
      String name = other.apply(way);
      String shown = times.get(name) > 1 ? name + " (" + addresses(way) + ")" : name;
      lines.computeIfAbsent(verdict(way) + word, start -> new ArrayList<>()).add(shown);
    }
    return lines.entrySet().stream()
        .map(line -> line.getKey() + String.join(", ", line.getValue()))
        .toList();
  }

  /** {@code reachable}, {@code reachable by docker-proxy}. */
  static String verdict(Way way) {
    return (JdocknetJson.word(way.verdict()) + " " + odd(way)).strip();
  }

  /** {@code by docker-proxy}; empty if it is no odd way. */
  static String odd(Way way) {
    return switch (way.via()) {
      case DOCKER_PROXY -> "by docker-proxy";
      case SEVERAL_NETWORKS -> "by several networks";
      case NONE, NETWORK, RULES -> "";
    };
  }

  private static String addresses(Way way) {
    return way.reaches().stream()
        .map(reach -> reach.flow().destination().toString())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** {@code bridge docker0}, {@code 172.17.0.0/16}, {@code internal}. */
  static List<String> facts(DockerNetwork network) {
    List<String> facts = new ArrayList<>(List.of("bridge " + network.bridge().orElseThrow()));
    network.subnets().forEach(subnet -> facts.add(subnet.prefix()));
    if (network.internal()) {
      facts.add("internal");
    }
    if (!network.icc()) {
      facts.add("icc=false");
    }
    return facts;
  }
}
