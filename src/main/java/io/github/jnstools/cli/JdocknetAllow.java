package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.AddressRange;
import io.github.jnstools.firewall.AllowList;
import io.github.jnstools.firewall.AllowPlan;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.HostPort;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.UserChainPlan;
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
  static final String YAML = "--yaml";

  private final JdocknetCall call;
  private final JdocknetReport report;

  JdocknetAllow(JdocknetCall call) {
    this.call = call;
    this.report = new JdocknetReport(call);
  }

  int run() throws IOException, UsageException {
    List<String> operands = call.operands();
    if (operands.isEmpty()) {
      throw new UsageException(AllowAction.TAKES);
    }
    List<String> rest = operands.subList(1, operands.size());
    AllowAction action = AllowAction.of(operands.get(0), rest.size());
    refuseOptions(action);
    Optional<HostPort> port = port();
    List<AddressRange> sources = new ArrayList<>();
    if (action.ofOneList()) {
      for (String operand : rest) {
        sources.add(parsed("SOURCE", operand, AddressRange::parse));
      }
    }
    refuseCaptured(action);
    if (action == AllowAction.CONFIRM) {
      return new AllowConfirmation(AllowJournal.ofHere(), call.console()).confirm();
    }
    AllowWriter writer = new AllowWriter(call, action);
    Optional<AllowList> file =
        action == AllowAction.APPLY ? Optional.of(read(rest.get(0))) : Optional.empty();
    HostReading reading = new HostReading(call.host(), report);
    DockerFirewall firewall = reading.firewall();
    AllowList there = AllowList.of(firewall.rules());
    if (action == AllowAction.LIST) {
      return list(firewall, there);
    }
    AllowWriting writing = new AllowWriting(call, report, reading, writer);
    if (action == AllowAction.ROLLBACK) {
      UserChainPlan plan =
          new AllowRollback(firewall, call.has(AllowWriting.FORCE))
              .plan(AllowJournal.ofHere().read());
      return writing.write(plan, List.of(), true);
    }
    AllowList wanted =
        action == AllowAction.APPLY
            ? file.orElseThrow()
            : action == AllowAction.ADD ? there.with(port, sources) : without(there, port, sources);
    return writing.write(new AllowPlan(firewall, wanted));
  }

  /** Refuses options that would have no effect. */
  private void refuseOptions(AllowAction action) throws UsageException {
    refuse(PORT, action == AllowAction.LIST || action.ofOneList(), action);
    refuse(YAML, action == AllowAction.LIST, action);
    refuse(AllowWriting.DRY_RUN, action.writes(), action);
    refuse(AllowWriting.FORCE, action.writes(), action);
    refuse(AllowWriter.AUTO_REVERT, action.writes(), action);
    if (call.has(YAML) && call.json()) {
      throw new UsageException("only one of " + YAML + " and --json");
    }
    if (call.has(AllowWriting.DRY_RUN) && call.has(AllowWriter.AUTO_REVERT)) {
      throw new UsageException(
          AllowWriting.DRY_RUN + " writes nothing that " + AllowWriter.AUTO_REVERT + " could undo");
    }
  }

  private void refuseCaptured(AllowAction action) throws UsageException {
    if (call.isLive()) {
      return;
    }
    if (action == AllowAction.ROLLBACK || action == AllowAction.CONFIRM) {
      throw new UsageException(action.word() + " is for this host, not for a captured one");
    }
    if (action.writes() && !call.has(AllowWriting.DRY_RUN)) {
      throw new UsageException("a captured host is not written to: use --dry-run");
    }
  }

  private void refuse(String option, boolean fits, AllowAction action) throws UsageException {
    if (call.has(option) && !fits) {
      throw new UsageException(option + " is not for allow " + action.word());
    }
  }

  private AllowList read(String file) throws IOException, UsageException {
    return AllowFile.parse(file, InputText.read(file));
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
    if (call.has(YAML)) {
      call.console().print(AllowFile.text(list));
    } else if (call.json()) {
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
    for (IpFamily family : new AllowPlan(firewall, list).chains().due().keySet()) {
      call.console()
          .error(
              Jdocknet.NAME
                  + ": the rules of "
                  + family.word()
                  + " are not those that are due: networks came or went, or somebody edited"
                  + " them; add, remove or apply writes them anew");
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
