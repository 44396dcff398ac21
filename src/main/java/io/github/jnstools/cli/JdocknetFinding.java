package io.github.jnstools.cli;

import com.grack.nanojson.JsonSink;
import io.github.jnstools.firewall.Finding;
import io.github.jnstools.firewall.Finding.Severity;
import io.github.jnstools.firewall.Rule;
import java.util.ArrayList;
import java.util.List;

/** How findings are told, to people and as JSON. */
final class JdocknetFinding {
  private JdocknetFinding() {}

  static void print(JdocknetCall call, Finding finding) {
    call.line(
        JdocknetJson.word(finding.severity()) + " " + finding.name() + ": " + finding.where());
    finding.rule().ifPresent(rule -> call.line("  rule:  " + rule.text()));
    call.line("  what:  " + finding.what());
    call.line("  so:    " + finding.consequence());
    call.line("  do:    " + finding.cure());
  }

  /** How many there are of each severity, in a line. */
  static String counts(List<Finding> findings) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      counts.add(count(findings, severity) + " " + JdocknetJson.word(severity));
    }
    return "findings: " + String.join(", ", counts);
  }

  static long count(List<Finding> findings, Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  static void write(JsonSink<?> json, Finding finding) {
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
}
