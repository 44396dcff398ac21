package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.firewall.DockerContainer;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.Filters;
import io.github.jnstools.firewall.Flow;
import io.github.jnstools.firewall.HostNetwork;
import io.github.jnstools.firewall.Leg;
import io.github.jnstools.firewall.PacketTrace;
import io.github.jnstools.firewall.Place;
import io.github.jnstools.firewall.Places;
import io.github.jnstools.firewall.Step;
import io.github.jnstools.firewall.Verdict;
import io.github.jnstools.firewall.Way;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code jdocknet trace}: what becomes of a connection, rule by rule. */
final class JdocknetTrace {
  private static final String FIRST = "first packet";

  private final JdocknetCall call;
  private final JdocknetReport report;

  JdocknetTrace(JdocknetCall call) {
    this.call = call;
    this.report = new JdocknetReport(call);
  }

  int run() throws IOException, UsageException {
    if (call.operands().size() != 2) {
      throw new UsageException("trace takes FROM and TO: web db:5432");
    }
    String from = call.operands().get(0);
    TraceAim aim = TraceAim.parse(call.operands().get(1));
    HostReading reading = new HostReading(call.host(), report);
    DockerFirewall firewall = reading.firewall();
    HostNetwork network = reading.network(firewall);
    List<Flow> flows = flows(Places.of(firewall.inventory(), network), from, aim, firewall);
    if (flows.isEmpty()) {
      throw new NamespaceException(
          "trace",
          from + ", " + aim.name(),
          "they have no address of the same family, or are the same",
          null);
    }
    Filters filters = reading.filters(firewall);
    List<TraceJson.Traced> traced = new ArrayList<>();
    for (Flow flow : flows) {
      traced.add(new TraceJson.Traced(flow, PacketTrace.of(filters, network, flow)));
    }
    if (call.json()) {
      call.console().print(TraceJson.of(traced));
    } else {
      for (TraceJson.Traced one : traced) {
        if (one != traced.get(0)) {
          call.line("");
        }
        print(one);
      }
    }
    return report.failed() ? 1 : 0;
  }

  private List<Flow> flows(Places places, String from, TraceAim aim, DockerFirewall firewall)
      throws NamespaceException, UsageException {
    Place sender = sender(places, from);
    Place target = place(places, aim.name());
    List<Flow> flows = new ArrayList<>();
    for (int port : ports(aim, firewall)) {
      flows.addAll(places.flows(sender, target, aim.protocol(), port));
    }
    return flows;
  }

  private Place sender(Places places, String from) throws NamespaceException {
    if (!call.has("--in")) {
      return place(places, from);
    }
    try {
      return places.address(from, Optional.of(Containers.text(call.options().last("--in"))));
    } catch (IllegalArgumentException e) {
      throw failure(from, "only an address can come in by an interface");
    }
  }

  private static Place place(Places places, String name) throws NamespaceException {
    try {
      return places.named(name);
    } catch (IllegalArgumentException e) {
      throw failure(name, e.getMessage());
    }
  }

  private static NamespaceException failure(String name, String reason) {
    return new NamespaceException("trace", name, reason, "jdocknet ls lists the containers");
  }

  /** Without one, those that a container was to publish. */
  private static List<Integer> ports(TraceAim aim, DockerFirewall firewall) throws UsageException {
    if (aim.port().isPresent()) {
      return List.of(aim.port().getAsInt());
    }
    if (aim.protocol().equals("icmp")) {
      return List.of(0);
    }
    List<Integer> asked =
        firewall.inventory().container(aim.name()).map(DockerContainer::asked).stream()
            .flatMap(List::stream)
            .filter(port -> port.protocol().equals(aim.protocol()))
            .map(DockerContainer.AskedPort::number)
            .toList();
    if (asked.isEmpty()) {
      throw new UsageException("which port of " + aim.name() + "? " + aim.name() + ":80");
    }
    return asked;
  }

  private void print(TraceJson.Traced traced) {
    PacketTrace trace = traced.trace();
    for (int i = 0; i < trace.ways().size(); i++) {
      Way way = trace.ways().get(i);
      if (trace.ways().size() > 1) {
        call.line(i == 0 ? "if it does not match:" : "if it matches:");
      }
      for (Leg leg : way.legs()) {
        boolean last = leg == way.legs().get(way.legs().size() - 1);
        boolean stopped = last && way.end().verdict() != Verdict.REACHABLE;
        if (call.has("--replies") || leg.name().endsWith(FIRST) || stopped) {
          print(leg);
        }
      }
    }
    for (Step doubt : trace.doubts()) {
      call.line("either way: " + doubt);
    }
    call.line(JdocknetJson.word(trace.verdict()) + ": " + trace.reason());
  }

  private void print(Leg leg) {
    call.line(leg.name() + ": " + leg.sent());
    for (Step step : leg.steps()) {
      call.line("  " + step);
    }
  }
}
