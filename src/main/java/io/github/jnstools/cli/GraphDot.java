package io.github.jnstools.cli;

import static java.util.stream.Collectors.joining;

import io.github.jnstools.cli.GraphPart.Kind;
import io.github.jnstools.firewall.Verdict;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A picture of a host's graph, in Graphviz' language and drawn by it. */
final class GraphDot {
  private static final String HINT =
      "install graphviz, or hand what --format dot prints to one on another machine";
  private static final String START =
      """
      digraph "Docker's networks" {
        graph [rankdir=LR ranksep=1.1 nodesep=0.2 fontname="Helvetica" fontsize=12 style=rounded]
        node [fontname="Helvetica" fontsize=11 shape=box style="rounded,filled" color="#6e7781"]
        edge [fontname="Helvetica" fontsize=9 color="#8c959f" fontcolor="#57606a"]
      """;
  private static final Map<Kind, String> FILLS =
      Map.of(
          Kind.OUTSIDE, "#fff8c5",
          Kind.PUBLISHED, "#ddf4ff",
          Kind.NETWORK, "#eaeef2",
          Kind.CONTAINER, "#ffffff",
          Kind.ELSEWHERE, "#ffffff");

  /** Colours tell the verdicts, and for who cannot tell those apart so do lines and their ends. */
  private static final Map<Verdict, String> STYLES =
      Map.of(
          Verdict.REACHABLE, "color=\"#1a7f37\" arrowhead=normal arrowtail=normal",
          Verdict.BLOCKED, "color=\"#cf222e\" arrowhead=tee arrowtail=tee style=dashed",
          Verdict.REFUSED, "color=\"#6e7781\" arrowhead=dot arrowtail=dot style=dashed",
          Verdict.UNKNOWN, "color=\"#9a6700\" arrowhead=odot arrowtail=odot style=dotted");

  private final StringBuilder text = new StringBuilder(START);
  private final Map<String, Kind> kinds = new HashMap<>();

  private GraphDot() {}

  /** Its text. */
  static String of(GraphPart host, List<GraphLine> lines) {
    GraphDot dot = new GraphDot();
    dot.parts(host);
    for (int i = 0; i < lines.size(); i++) {
      dot.line("l" + i, lines.get(i));
    }
    return dot.text.append("}\n").toString();
  }

  /**
   * SVG of it. A part has its id there, a line {@code l} and its number.
   *
   * @throws io.github.jnstools.NamespaceException if Graphviz is not installed, or fails
   */
  static String drawn(GraphPart host, List<GraphLine> lines) throws IOException {
    return SystemTool.require("dot", HINT).runOn(of(host, lines), "-Tsvg").out();
  }

  private void parts(GraphPart host) {
    host.parts(Kind.OUTSIDE).forEach(this::node);
    List<GraphPart> networks = host.parts(Kind.NETWORK);
    open(host.id(), "this host");
    host.all().filter(part -> part.kind() == Kind.PUBLISHED).forEach(this::node);
    text.append("  }\n");
    for (GraphPart network : networks) {
      open("in_" + network.id(), network.line());
      node(network);
      network.parts(Kind.CONTAINER).forEach(this::node);
      text.append("  }\n");
    }
    List<GraphPart> elsewhere = host.parts(Kind.ELSEWHERE);
    if (!elsewhere.isEmpty()) {
      open("elsewhere", "on no bridge network");
      elsewhere.forEach(this::node);
      text.append("  }\n");
    }
  }

  private void open(String id, String label) {
    text.append("  subgraph cluster_" + id + " {\n");
    text.append("    graph [id=" + id + " label=" + quoted(label) + " color=\"#d0d7de\"]\n");
  }

  private void node(GraphPart part) {
    kinds.put(part.id(), part.kind());
    String label = part.title();
    // A network has its own above all of it.
    if (part.kind() != Kind.NETWORK) {
      label = Stream.concat(Stream.of(label), part.facts().stream()).collect(joining("\n"));
    }
    text.append("    " + part.id() + " [id=" + part.id() + " label=" + quoted(label));
    text.append(" fillcolor=\"" + FILLS.get(part.kind()) + "\" tooltip=" + quoted(part.line()));
    text.append("]\n");
  }

  private void line(String id, GraphLine line) {
    text.append("  " + line.from() + " -> " + line.to() + " [id=" + id);
    text.append(" label=" + quoted(line.label()) + " ");
    text.append(line.verdict().map(STYLES::get).orElse("dir=none"));
    if (line.verdict().isPresent()) {
      text.append(line.both() ? " dir=both" : "");
      text.append(column(line));
      text.append(" tooltip=" + quoted(String.join("\n", line.why())));
    }
    text.append("]\n");
  }

  /** The columns are: who is outside, ports, networks, containers. */
  private String column(GraphLine line) {
    if (kinds.get(line.from()) != Kind.OUTSIDE) {
      return " constraint=false";
    }
    return kinds.get(line.to()) == Kind.NETWORK ? " minlen=2" : "";
  }

  /** A string of the language, of text in which nothing means anything. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
