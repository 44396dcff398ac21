package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.Finding;
import io.github.jnstools.firewall.Finding.Severity;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code jdocknet verify}: what the owner of this firewall should know. */
final class JdocknetVerify {
  /** The exit status if something could not be known: then nothing else is certain. */
  static final int UNKNOWN = 2;

  private static final int FOUND = 1;

  private final JdocknetCall call;

  JdocknetVerify(JdocknetCall call) {
    this.call = call;
  }

  int run() throws IOException, UsageException {
    call.takesNone(JdocknetVerb.VERIFY);
    JdocknetReport report = new JdocknetReport(call);
    DockerFirewall firewall = new HostReading(call.host(), report).firewall();
    List<Finding> findings = firewall.findings();
    if (call.json()) {
      call.console().print(json(findings));
    } else {
      print(firewall, findings);
    }
    if (report.failed() || count(findings, Severity.UNKNOWN) > 0) {
      return UNKNOWN;
    }
    return findings.size() > count(findings, Severity.NOTE) ? FOUND : 0;
  }

  private static long count(List<Finding> findings, Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  private void print(DockerFirewall firewall, List<Finding> findings) {
    for (IpFamily family : IpFamily.values()) {
      call.line(
          family.word()
              + ": "
              + firewall.generation(family).releases()
              + " ("
              + firewall.evidence(family)
              + ")");
    }
    for (Severity severity : Severity.values()) {
      for (Finding finding : findings) {
        if (finding.severity() == severity) {
          print(finding);
        }
      }
    }
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      counts.add(count(findings, severity) + " " + JdocknetJson.word(severity));
    }
    call.line("");
    call.line("findings: " + String.join(", ", counts));
  }

  private void print(Finding finding) {
    call.line("");
    call.line(
        JdocknetJson.word(finding.severity()) + " " + finding.name() + ": " + finding.where());
    finding.rule().ifPresent(rule -> call.line("  rule:  " + rule.text()));
    call.line("  what:  " + finding.what());
    call.line("  so:    " + finding.consequence());
    call.line("  do:    " + finding.cure());
  }

  private static String json(List<Finding> findings) {
    JsonStringWriter json = JsonWriter.indent("  ").string().array();
    for (Finding finding : findings) {
      json.object()
          .value("severity", JdocknetJson.word(finding.severity()))
          .value("name", finding.name())
          .value("where", finding.where())
          .value("rule", finding.rule().map(Rule::text).orElse(null))
          .value("what", finding.what())
          .value("consequence", finding.consequence())
          .value("cure", finding.cure())
          .end();
    }
    return json.end().done() + "\n";
  }
}
