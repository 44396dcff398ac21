package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.Effect;
import io.github.jnstools.firewall.Finding;
import io.github.jnstools.firewall.Finding.Severity;
import io.github.jnstools.firewall.HostNetwork;
import io.github.jnstools.firewall.Lint;
import io.github.jnstools.firewall.LintedCommand;
import java.io.IOException;
import java.util.List;

/** {@code jdocknet lint}: what iptables commands of a script would do on a host. */
final class JdocknetLint {
  private static final int FOUND = 1;

  private final JdocknetCall call;
  private final JdocknetReport report;

  JdocknetLint(JdocknetCall call) {
    this.call = call;
    this.report = new JdocknetReport(call);
  }

  int run() throws IOException, UsageException {
    if (call.operands().size() != 1) {
      throw new UsageException("lint takes one FILE, or - for standard input");
    }
    String script = InputText.read(call.operands().get(0));
    HostReading reading = new HostReading(call.host(), report);
    DockerFirewall firewall = reading.firewall();
    HostNetwork network = reading.network(firewall);
    Lint lint = Lint.of(script, firewall);
    List<Effect> effects =
        JdocknetEffect.of(lint.change(), network, reading.filters(firewall).sets(), List.of());
    List<Finding> findings =
        lint.commands().stream().flatMap(command -> command.findings().stream()).toList();
    if (call.json()) {
      call.console().print(json(lint, effects));
    } else {
      lint.commands().forEach(this::print);
      effects.forEach(effect -> JdocknetEffect.print(call, effect));
      call.line("commands of iptables: " + lint.commands().size());
      call.line(JdocknetFinding.counts(findings));
    }
    if (report.failed() || JdocknetFinding.count(findings, Severity.UNKNOWN) > 0) {
      return JdocknetVerify.UNKNOWN;
    }
    return findings.size() > JdocknetFinding.count(findings, Severity.NOTE) ? FOUND : 0;
  }

  private void print(LintedCommand command) {
    call.line("line " + command.line() + ": " + command.text());
    call.line("  " + command.effect());
    command.findings().forEach(finding -> JdocknetFinding.print(call, finding));
    call.line("");
  }

  private static String json(Lint lint, List<Effect> effects) {
    JsonStringWriter json = JsonWriter.indent("  ").string().object().array("commands");
    for (LintedCommand command : lint.commands()) {
      json.object()
          .value("line", command.line())
          .value("command", command.text())
          .value("effect", command.effect())
          .array("findings");
      command.findings().forEach(finding -> JdocknetFinding.write(json, finding));
      json.end().end();
    }
    json.end().array("connections");
    effects.forEach(effect -> JdocknetEffect.write(json, effect));
    return json.end().end().done() + "\n";
  }
}
