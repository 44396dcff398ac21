package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.firewall.AllowPlan;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.Effect;
import io.github.jnstools.firewall.Finding;
import io.github.jnstools.firewall.FirewallChange;
import io.github.jnstools.firewall.IpAddress;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.UserChain;
import io.github.jnstools.firewall.UserChainPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Writes an allow-list into DOCKER-USER, after saying what that does. */
final class AllowWriting {
  static final String DRY_RUN = "--dry-run";
  static final String FORCE = "--force";

  private final JdocknetCall call;
  private final JdocknetReport report;
  private final HostReading reading;
  private final AllowWriter writer;

  AllowWriting(JdocknetCall call, JdocknetReport report, HostReading reading, AllowWriter writer) {
    this.call = call;
    this.report = report;
    this.reading = reading;
    this.writer = writer;
  }

  /** Writes a list. */
  int write(AllowPlan plan) throws IOException, UsageException {
    return write(plan.chains(), plan.findings(), plan.isPossible());
  }

  /**
   * Writes chains.
   *
   * @param known what is to be told of them
   * @param possible whether there is a place for all of it
   */
  int write(UserChainPlan plan, List<Finding> known, boolean possible)
      throws IOException, UsageException {
    DockerFirewall firewall = plan.firewall();
    List<IpAddress> managers = managers();
    List<Effect> effects =
        JdocknetEffect.of(
            plan.change(), reading.network(firewall), reading.filters(firewall).sets(), managers);
    List<Finding> findings = new ArrayList<>(known);
    List<Finding> objections = FirewallChange.objections(effects, new HashSet<>(managers));
    findings.addAll(objections);
    SortedMap<IpFamily, UserChain> chains = plan.due();
    boolean clean = objections.isEmpty() && !report.failed();
    boolean writes = possible && (clean || call.has(FORCE));
    boolean written = writes && !call.has(DRY_RUN) && !chains.isEmpty();
    String id = written ? writer.write(plan, chains) : "";
    if (call.json()) {
      call.console().print(json(plan, chains, findings, effects, written));
    } else if (call.has(DRY_RUN)) {
      findings.forEach(finding -> call.console().error(text(finding)));
      chains.forEach(
          (family, chain) ->
              call.console()
                  .print(
                      "# " + UserChains.program(family) + " -w --noflush\n" + chain.restoreText()));
    } else {
      print(plan, chains, findings, effects);
    }
    if (!writes) {
      String force = possible ? "; --force writes it all the same" : "";
      call.console().error(Jdocknet.NAME + ": nothing was written" + force);
    }
    if (written && writer.takesBack()) {
      return writer.await(id);
    }
    return writes ? 0 : 1;
  }

  private static String text(Finding finding) {
    return Jdocknet.NAME
        + ": "
        + JdocknetJson.word(finding.severity())
        + " "
        + finding.name()
        + ": "
        + finding.where()
        + ": "
        + finding.what();
  }

  /** Who came by SSH: of that it is known from where. */
  private static List<IpAddress> managers() throws NamespaceException {
    String connection = System.getenv("SSH_CONNECTION");
    if (connection == null || connection.isBlank()) {
      return List.of();
    }
    String address = connection.split(" ")[0];
    try {
      return List.of(IpAddress.parse(address));
    } catch (IllegalArgumentException e) {
      throw new NamespaceException("allow", "SSH_CONNECTION", e.getMessage(), "unset it");
    }
  }

  private void print(
      UserChainPlan plan,
      Map<IpFamily, UserChain> chains,
      List<Finding> findings,
      List<Effect> effects) {
    for (Map.Entry<IpFamily, UserChain> each : chains.entrySet()) {
      call.line(UserChain.place(each.getKey()));
      plan.before(each.getKey()).diff(each.getValue()).forEach(call::line);
    }
    findings.forEach(finding -> JdocknetFinding.print(call, finding));
    effects.forEach(effect -> JdocknetEffect.print(call, effect));
    if (chains.isEmpty()) {
      call.line("nothing to change");
    }
  }

  private static String json(
      UserChainPlan plan,
      Map<IpFamily, UserChain> chains,
      List<Finding> findings,
      List<Effect> effects,
      boolean written) {
    JsonStringWriter json = JsonWriter.indent("  ").string().object();
    json.value("written", written).array("chains");
    for (Map.Entry<IpFamily, UserChain> each : chains.entrySet()) {
      json.object()
          .value("family", each.getKey().word())
          .value("restore", each.getValue().restoreText())
          .array("diff");
      plan.before(each.getKey()).diff(each.getValue()).forEach(json::value);
      json.end().end();
    }
    json.end().array("findings");
    findings.forEach(finding -> JdocknetFinding.write(json, finding));
    json.end().array("connections");
    effects.forEach(effect -> JdocknetEffect.write(json, effect));
    return json.end().end().done() + "\n";
  }
}
