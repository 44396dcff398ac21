package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.AddressRange;
import io.github.jnstools.firewall.AllowList;
import io.github.jnstools.firewall.AllowPlan;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.HostPort;
import io.github.jnstools.firewall.IpFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code jdocknet allow}: from which addresses published ports may be reached. */
final class JdocknetAllow {
  static final String PORT = "--port";
  private static final String TAKES = "allow takes list, add SOURCE... or remove [SOURCE...]";

  private final JdocknetCall call;
  private final JdocknetReport report;

  JdocknetAllow(JdocknetCall call) {
    this.call = call;
    this.report = new JdocknetReport(call);
  }

  int run() throws IOException, UsageException {
    List<String> operands = call.operands();
    if (operands.isEmpty()) {
      throw new UsageException(TAKES);
    }
    String action = operands.get(0);
    Optional<HostPort> port = port();
    List<AddressRange> sources = new ArrayList<>();
    for (String operand : operands.subList(1, operands.size())) {
      sources.add(parsed("SOURCE", operand, AddressRange::parse));
    }
    boolean add = action.equals("add");
    boolean list = action.equals("list");
    if (!add && !list && !action.equals("remove")
        || add && sources.isEmpty()
        || list && !sources.isEmpty()) {
      throw new UsageException(TAKES);
    }
    if (!list && !call.isLive() && !call.has(AllowWriting.DRY_RUN)) {
      throw new UsageException("a captured host is not written to: use --dry-run");
    }
    HostReading reading = new HostReading(call.host(), report);
    DockerFirewall firewall = reading.firewall();
    AllowList there = AllowList.of(firewall.rules());
    if (list) {
      return list(firewall, there);
    }
    AllowList wanted = add ? there.with(port, sources) : without(there, port, sources);
    return new AllowWriting(call, report, reading).write(new AllowPlan(firewall, wanted));
  }

  private static AllowList without(
      AllowList there, Optional<HostPort> port, List<AddressRange> sources) {
    return sources.isEmpty() ? there.without(port) : there.without(port, sources);
  }

  private Optional<HostPort> port() throws UsageException {
    return call.has(PORT)
        ? Optional.of(parsed("port", Containers.text(call.options().last(PORT)), HostPort::parse))
        : Optional.empty();
  }

  private static <T> T parsed(String what, String text, Function<String, T> parser)
      throws UsageException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(what + " '" + text + "': " + e.getMessage());
    }
  }

  private int list(DockerFirewall firewall, AllowList list) {
    if (call.json()) {
      JsonStringWriter json = JsonWriter.indent("  ").string().array();
      list.ports().forEach((port, sources) -> write(json, port.toString(), sources));
      list.all().ifPresent(sources -> write(json, null, sources));
      call.console().print(json.end().done() + "\n");
    } else {
      list.ports().forEach((port, sources) -> call.line(port + ": " + text(sources)));
      list.all()
          .ifPresent(
              sources ->
                  call.line(
                      (list.ports().isEmpty() ? "all ports: " : "all other ports: ")
                          + text(sources)));
      if (list.isNone()) {
        call.line("no list: published ports are as open as Docker made them");
      }
    }
    AllowPlan plan = new AllowPlan(firewall, list);
    for (IpFamily family : IpFamily.values()) {
      if (plan.isChange(family)) {
        call.console()
            .error(
                Jdocknet.NAME
                    + ": the rules of "
                    + family.word()
                    + " are not those that are due: networks came or went, or somebody edited"
                    + " them; add or remove writes them anew");
      }
    }
    return report.failed() ? 1 : 0;
  }

  private static String text(SortedSet<AddressRange> sources) {
    return sources.isEmpty()
        ? "nobody"
        : sources.stream().map(AddressRange::toString).collect(Collectors.joining(", "));
  }

  private static void write(JsonStringWriter json, String port, SortedSet<AddressRange> sources) {
    json.object().value("port", port).array("sources");
    sources.forEach(source -> json.value(source.toString()));
    json.end().end();
  }
}
