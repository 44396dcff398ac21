package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.Finding;
import io.github.jnstools.firewall.Finding.Severity;
import io.github.jnstools.firewall.IpFamily;
import java.io.IOException;
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
    if (report.failed() || JdocknetFinding.count(findings, Severity.UNKNOWN) > 0) {
      return UNKNOWN;
    }
    return findings.size() > JdocknetFinding.count(findings, Severity.NOTE) ? FOUND : 0;
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
          call.line("");
          JdocknetFinding.print(call, finding);
        }
      }
    }
    call.line("");
    call.line(JdocknetFinding.counts(findings));
  }

  private static String json(List<Finding> findings) {
    JsonStringWriter json = JsonWriter.indent("  ").string().array();
    findings.forEach(finding -> JdocknetFinding.write(json, finding));
    return json.end().done() + "\n";
  }
}
