package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.firewall.AllowPlan;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.Effect;
import io.github.jnstools.firewall.Finding;
import io.github.jnstools.firewall.FirewallChange;
import io.github.jnstools.firewall.HostRules;
import io.github.jnstools.firewall.IpAddress;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.UserChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes an allow-list into DOCKER-USER, after saying what that does. */
final class AllowWriting {
  static final String DRY_RUN = "--dry-run";
  static final String FORCE = "--force";

  private final JdocknetCall call;
  private final JdocknetReport report;
  private final HostReading reading;

  AllowWriting(JdocknetCall call, JdocknetReport report, HostReading reading) {
    this.call = call;
    this.report = report;
    this.reading = reading;
  }

  int write(AllowPlan plan) throws IOException, UsageException {
    DockerFirewall firewall = plan.firewall();
    List<IpAddress> managers = managers();
    List<Effect> effects =
        JdocknetEffect.of(
            plan.change(), reading.network(firewall), reading.filters(firewall).sets(), managers);
    List<Finding> findings = new ArrayList<>(plan.findings());
    List<Finding> objections = FirewallChange.objections(effects, new HashSet<>(managers));
    findings.addAll(objections);
    Map<IpFamily, UserChain> chains = new TreeMap<>();
    for (IpFamily family : IpFamily.values()) {
      if (plan.isChange(family)) {
        chains.put(family, plan.wanted(family).orElseThrow());
      }
    }
    boolean possible = plan.list().isNone() || plan.wanted(IpFamily.IPV4).isPresent();
    boolean clean = objections.isEmpty() && !report.failed();
    boolean writes = possible && (clean || call.has(FORCE));
    if (writes && !call.has(DRY_RUN)) {
      requireUnchanged(plan, chains.keySet());
      restore(chains);
    }
    if (call.json()) {
      call.console().print(json(plan, chains, findings, effects, writes));
    } else if (call.has(DRY_RUN)) {
      findings.forEach(finding -> call.console().error(text(finding)));
      chains.forEach(
          (family, chain) ->
              call.console()
                  .print("# " + program(family) + " -w --noflush\n" + chain.restoreText()));
    } else {
      print(plan, chains, findings, effects);
    }
    if (!writes) {
      String force = possible ? "; --force writes it all the same" : "";
      call.console().error(Jdocknet.NAME + ": nothing was written" + force);
    }
    return writes ? 0 : 1;
  }

  private static String program(IpFamily family) {
    return family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
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

  /** What somebody wrote into the chain since it was read would be lost. */
  private void requireUnchanged(AllowPlan plan, Set<IpFamily> families)
      throws IOException, UsageException {
    HostRules now = new HostReading(call.host(), report).firewall().rules();
    for (IpFamily family : families) {
      if (!UserChain.of(now, family).equals(UserChain.of(plan.firewall().rules(), family))) {
        throw new NamespaceException(
            "allow",
            family.word() + " filter DOCKER-USER",
            "somebody else has changed the chain meanwhile; nothing was written",
            "try again");
      }
    }
  }

  /** Both families are tried before one is written: each is a transaction of its own. */
  private static void restore(Map<IpFamily, UserChain> chains) throws IOException {
    for (boolean test : List.of(true, false)) {
      for (Map.Entry<IpFamily, UserChain> each : chains.entrySet()) {
        SystemTool tool =
            SystemTool.require(program(each.getKey()), "install iptables, which Docker uses");
        String text = each.getValue().restoreText();
        if (test) {
          tool.runOn(text, "-w", "--noflush", "--test");
        } else {
          tool.runOn(text, "-w", "--noflush");
        }
      }
    }
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
      AllowPlan plan,
      Map<IpFamily, UserChain> chains,
      List<Finding> findings,
      List<Effect> effects) {
    for (Map.Entry<IpFamily, UserChain> each : chains.entrySet()) {
      call.line(each.getKey().word() + " filter DOCKER-USER");
      before(plan, each.getKey()).diff(each.getValue()).forEach(call::line);
    }
    findings.forEach(finding -> JdocknetFinding.print(call, finding));
    effects.forEach(effect -> JdocknetEffect.print(call, effect));
    if (chains.isEmpty()) {
      call.line("nothing to change");
    }
  }

  private static UserChain before(AllowPlan plan, IpFamily family) {
    return UserChain.of(plan.firewall().rules(), family).orElseThrow();
  }

  private String json(
      AllowPlan plan,
      Map<IpFamily, UserChain> chains,
      List<Finding> findings,
      List<Effect> effects,
      boolean writes) {
    JsonStringWriter json = JsonWriter.indent("  ").string().object();
    json.value("written", writes && !call.has(DRY_RUN) && !chains.isEmpty()).array("chains");
    for (Map.Entry<IpFamily, UserChain> each : chains.entrySet()) {
      json.object()
          .value("family", each.getKey().word())
          .value("restore", each.getValue().restoreText())
          .array("diff");
      before(plan, each.getKey()).diff(each.getValue()).forEach(json::value);
      json.end().end();
    }
    json.end().array("findings");
    findings.forEach(finding -> JdocknetFinding.write(json, finding));
    json.end().array("connections");
    effects.forEach(effect -> JdocknetEffect.write(json, effect));
    return json.end().end().done() + "\n";
  }
}
