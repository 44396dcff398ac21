package io.github.jnstools.cli;

import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.HostGraph;
import io.github.jnstools.firewall.HostNetwork;
import io.github.jnstools.firewall.Isolation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** {@code jdocknet graph}: all that there is, and who reaches whom, as a tree or a picture. */
final class JdocknetGraph {
  static final String FORMAT = "--format";

  private final JdocknetCall call;

  /** How it is drawn. */
  enum Format {
    TEXT,
    DOT,
    SVG,
    HTML,
    JSON;

    static String names() {
      return Arrays.stream(values()).map(JdocknetJson::word).collect(Collectors.joining(", "));
    }
  }

  JdocknetGraph(JdocknetCall call) {
    this.call = call;
  }

  int run() throws IOException, UsageException {
    call.takesNone(JdocknetVerb.GRAPH);
    Format format = format();
    JdocknetReport report = new JdocknetReport(call);
    HostReading reading = new HostReading(call.host(), report);
    DockerFirewall firewall = reading.firewall();
    HostNetwork network = reading.network(firewall);
    HostGraph graph =
        HostGraph.of(
            firewall.inventory(),
            network,
            Isolation.of(firewall, network, reading.filters(firewall)));
    ContainerNetns namespaces =
        call.isLive() ? ContainerNetns.ofHost(report) : ContainerNetns.none();
    GraphParts parts = GraphParts.of(graph, firewall.inventory(), namespaces);
    GraphPart host = parts.root();
    List<GraphLine> lines = GraphLine.of(parts);
    switch (format) {
      case TEXT -> host.tree().forEach(call::line);
      case JSON -> call.console().print(GraphJson.of(graph, firewall.inventory(), namespaces));
      case DOT -> call.console().print(GraphDot.of(host, lines));
      case SVG -> call.console().print(GraphDot.drawn(host, lines));
      case HTML -> call.console().print(GraphPage.of(host, lines));
    }
    return report.failed() ? 1 : 0;
  }

  private Format format() throws UsageException {
    String word = call.has(FORMAT) ? Containers.text(call.options().last(FORMAT)) : null;
    if (call.json() && word != null && !word.equals("json")) {
      throw new UsageException("--json is a format of its own, besides " + FORMAT + " " + word);
    }
    if (call.json() || word == null) {
      return call.json() ? Format.JSON : Format.TEXT;
    }
    for (Format format : Format.values()) {
      if (JdocknetJson.word(format).equals(word)) {
        return format;
      }
    }
    throw new UsageException(FORMAT + " is one of " + Format.names() + ", not '" + word + "'");
  }
}
