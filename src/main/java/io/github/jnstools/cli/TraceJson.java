package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.Flow;
import io.github.jnstools.firewall.IpAddress;
import io.github.jnstools.firewall.Leg;
import io.github.jnstools.firewall.PacketTrace;
import io.github.jnstools.firewall.Rule;
import io.github.jnstools.firewall.Step;
import io.github.jnstools.firewall.Way;
import java.util.List;

/** Traces as JSON. */
final class TraceJson {
  private final JsonStringWriter json = JsonWriter.indent("  ").string();

  /** A connection, and what becomes of it. */
  record Traced(Flow flow, PacketTrace trace) {}

  /** All of these in an array. */
  static String of(List<Traced> all) {
    TraceJson writer = new TraceJson();
    writer.json.array();
    all.forEach(writer::write);
    return writer.json.end().done() + "\n";
  }

  private void write(Traced traced) {
    Flow flow = traced.flow();
    PacketTrace trace = traced.trace();
    json.object()
        .value("in", flow.in().orElse(null))
        .value("source", flow.source().map(IpAddress::toString).orElse(null))
        .value("destination", flow.destination().toString())
        .value("protocol", flow.protocol())
        .value("port", flow.destinationPort().low())
        .value("verdict", JdocknetJson.word(trace.verdict()))
        .value("reason", trace.reason());
    if (trace.decider().isPresent()) {
      json.object("decider");
      members(trace.decider().get());
      json.end();
    } else {
      json.nul("decider");
    }
    steps("doubts", trace.doubts());
    json.array("ways");
    for (Way way : trace.ways()) {
      json.object().value("verdict", JdocknetJson.word(way.end().verdict()));
      json.value("reason", way.end().reason()).array("legs");
      for (Leg leg : way.legs()) {
        json.object().value("name", leg.name()).value("packet", leg.sent().toString());
        steps("steps", leg.steps());
        json.end();
      }
      json.end().end();
    }
    json.end().end();
  }

  private void steps(String key, List<Step> steps) {
    json.array(key);
    for (Step step : steps) {
      json.object();
      members(step);
      json.end();
    }
    json.end();
  }

  /** A decision of the kernel has no table. */
  private void members(Step step) {
    json.value("packet", step.packet().toString())
        .value("table", step.table().isEmpty() ? null : step.table())
        .value("chain", step.chain().isEmpty() ? null : step.chain())
        .value("number", step.number())
        .value("rule", step.rule().map(Rule::text).orElse(null))
        .value("effect", step.effect());
  }
}
