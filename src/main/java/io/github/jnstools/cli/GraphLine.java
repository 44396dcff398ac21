package io.github.jnstools.cli;

import io.github.jnstools.cli.GraphPart.Kind;
import io.github.jnstools.firewall.Aim;
import io.github.jnstools.firewall.HostGraph.Way;
import io.github.jnstools.firewall.Place;
import io.github.jnstools.firewall.Reach;
import io.github.jnstools.firewall.Reach.Via;
import io.github.jnstools.firewall.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A line between two parts in a picture of a graph.
 *
 * @param from the id of one part
 * @param to the id of the other
 * @param verdict what becomes of connections along it; empty of a wire, or of a port's container
 * @param both whether the same holds the other way round
 * @param label beside it; may be empty
 * @param why for a person, a line each; empty if there is nothing to explain
 */
record GraphLine(
    String from,
    String to,
    Optional<Verdict> verdict,
    boolean both,
    String label,
    List<String> why) {

  /** Where ways are the same there and back. */
  private record Ends(String from, String to, Optional<Verdict> verdict, String label) {}

  /**
   * Those of a picture. What follows from where its parts are has none: that a container reaches
   * its own network, that this host reaches all. Published ports have them from outside only.
   */
  static List<GraphLine> of(GraphParts parts) {
    List<GraphLine> lines = new ArrayList<>();
    for (GraphPart network : parts.root().parts(Kind.NETWORK)) {
      for (GraphPart member : network.parts()) {
        String container = parts.container(member.title());
        // At home a container has its addresses on itself.
        String label = member.kind() == Kind.AGAIN ? String.join("\n", member.facts()) : "";
        lines.add(wire(network.id(), container, label));
        for (GraphPart port : member.parts(Kind.PUBLISHED)) {
          lines.add(wire(port.id(), container, ""));
        }
      }
    }
    Map<Ends, GraphLine> ways = new LinkedHashMap<>();
    for (Way way : parts.ways()) {
      if (isDrawn(way)) {
        GraphLine line = of(way, parts);
        Ends back = new Ends(line.to, line.from, line.verdict, line.label);
        if (ways.containsKey(back)) {
          ways.computeIfPresent(back, (ends, there) -> there.and(line));
        } else {
          ways.put(new Ends(line.from, line.to, line.verdict, line.label), line);
        }
      }
    }
    lines.addAll(ways.values());
    return lines;
  }

  private static boolean isDrawn(Way way) {
    boolean own = way.from().kind() == Place.Kind.CONTAINER && way.via() == Via.NETWORK;
    return switch (way.to().kind()) {
      case PUBLISHED -> way.from().kind() == Place.Kind.ADDRESS;
      case CONTAINER -> way.from().kind() != Place.Kind.HOST && !own;
      case NETWORK ->
          way.from().kind() != Place.Kind.HOST
              && !own
              && !way.from().name().equals(way.to().name());
    };
  }

  private static GraphLine wire(String from, String to, String label) {
    return new GraphLine(from, to, Optional.empty(), false, label, List.of());
  }

  private static GraphLine of(Way way, GraphParts parts) {
    Aim aim = way.to();
    boolean own = aim.kind() == Aim.Kind.CONTAINER;
    String to = own ? parts.container(aim.name()) : parts.id(aim);
    String odd = GraphWords.odd(way);
    String label = own ? (aim.port() + " " + odd).strip() : odd;
    List<String> why = new ArrayList<>();
    for (Reach reach : way.reaches()) {
      why.add(
          way.from().name()
              + " to "
              + aim
              + ", "
              + reach.flow().destination()
              + ": "
              + GraphWords.verdict(way)
              + ": "
              + reach.reason());
    }
    return new GraphLine(parts.id(way.from()), to, Optional.of(way.verdict()), false, label, why);
  }

  private GraphLine and(GraphLine back) {
    List<String> all = new ArrayList<>(why);
    all.addAll(back.why);
    return new GraphLine(from, to, verdict, true, label, all);
  }
}
