package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.Flow;
import io.github.jnstools.firewall.HostNetwork;
import io.github.jnstools.firewall.IpAddress;
import io.github.jnstools.firewall.Isolation;
import io.github.jnstools.firewall.Reach;
import java.io.IOException;
import java.util.List;

/** {@code jdocknet isolation}: who reaches whom, and by which way. */
final class JdocknetIsolation {
  private final JdocknetCall call;

  JdocknetIsolation(JdocknetCall call) {
    this.call = call;
  }

  int run() throws IOException, UsageException {
    call.takesNone(JdocknetVerb.ISOLATION);
    JdocknetReport report = new JdocknetReport(call);
    HostReading reading = new HostReading(call.host(), report);
    DockerFirewall firewall = reading.firewall();
    HostNetwork network = reading.network(firewall);
    List<Reach> reaches = Isolation.of(firewall, network, reading.filters(firewall));
    if (call.json()) {
      call.console().print(json(reaches));
    } else {
      print(reaches);
    }
    return report.failed() ? 1 : 0;
  }

  private void print(List<Reach> reaches) {
    Table table = new Table("FROM", "TO", "ADDRESS", "VERDICT", "VIA");
    for (Reach reach : reaches) {
      table.add(
          reach.from().name().replace(' ', '-'),
          reach.to().toString().replace(" (", "(").replace(' ', '-'),
          reach.flow().destination().toString(),
          JdocknetJson.word(reach.verdict()),
          JdocknetJson.via(reach.via()).orElse(""));
    }
    table.text().forEach(call::line);
  }

  private static String json(List<Reach> reaches) {
    JsonStringWriter json = JsonWriter.indent("  ").string().array();
    for (Reach reach : reaches) {
      Flow flow = reach.flow();
      json.object()
          .value("from", reach.from().name())
          .value("to", reach.to().toString())
          .value("in", flow.in().orElse(null))
          .value("source", flow.source().map(IpAddress::toString).orElse(null))
          .value("destination", flow.destination().toString())
          .value("protocol", flow.protocol())
          .value("port", flow.destinationPort().low())
          .value("verdict", JdocknetJson.word(reach.verdict()))
          .value("reason", reach.reason())
          .value("via", JdocknetJson.via(reach.via()).orElse(null))
          .end();
    }
    return json.end().done() + "\n";
  }
}
