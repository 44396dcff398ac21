package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A picture of a host's graph in a page of its own, with what is to be said of each part. */
final class GraphPage {
  private static final String TEMPLATE = "graph.html";
  private static final Pattern PLACE = Pattern.compile("@([A-Z]+)@");

  private GraphPage() {}

  /**
   * HTML that needs nothing else.
   *
   * @throws io.github.jnstools.NamespaceException if Graphviz is not installed, or fails
   */
  static String of(GraphPart host, List<GraphLine> lines) throws IOException {
    String svg = GraphDot.drawn(host, lines);
    String page;
    try (InputStream stream = GraphPage.class.getResourceAsStream(TEMPLATE)) {
      page = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    Map<String, String> values =
        Map.of(
            "PICTURE", svg.substring(svg.indexOf("<svg")),
            "PARTS", json(host),
            "LINES", json(lines));
    return PLACE
        .matcher(page)
        .replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1))));
  }

  private static String json(GraphPart host) {
    JsonStringWriter json = JsonWriter.string().object();
    host.all()
        .forEach(
            part ->
                json.object(part.id())
                    .value("title", part.title())
                    .array("facts", part.facts())
                    .array("incoming", part.incoming())
                    .array("outgoing", part.outgoing())
                    .array("parts", part.parts().stream().map(GraphPart::id).toList())
                    .end());
    return inScript(json.end().done());
  }

  private static String json(List<GraphLine> lines) {
    JsonStringWriter json = JsonWriter.string().array();
    for (GraphLine line : lines) {
      json.object()
          .value("from", line.from())
          .value("to", line.to())
          .array("why", line.why())
          .end();
    }
    return inScript(json.end().done());
  }

  /** Nothing in it ends the script. */
  private static String inScript(String json) {
    return json.replace("<", "\\u003c");
  }
}
