package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.Chain;
import io.github.jnstools.firewall.Counters;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.ExplainedRule;
import io.github.jnstools.firewall.Generation;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.Rule;
import io.github.jnstools.firewall.RuleOption;
import io.github.jnstools.firewall.Ruleset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code jdocknet chains}: the rules in the order in which packets meet them. */
final class JdocknetChains {
  private final JdocknetCall call;
  private final JdocknetReport report;
  private DockerFirewall firewall;

  JdocknetChains(JdocknetCall call) {
    this.call = call;
    this.report = new JdocknetReport(call);
  }

  int run() throws IOException, UsageException {
    call.takesNone(JdocknetVerb.CHAINS);
    firewall = new HostReading(call.host(), report).firewall();
    if (call.json()) {
      call.console().print(json());
    } else {
      for (IpFamily family : IpFamily.values()) {
        print(family);
      }
    }
    return report.failed() ? 1 : 0;
  }

  private Optional<Ruleset> ruleset(IpFamily family) {
    return firewall.rules().of(family);
  }

  private void print(IpFamily family) {
    Generation generation = firewall.generation(family);
    call.line(
        family.word() + ": " + generation.releases() + " (" + firewall.evidence(family) + ")");
    if (generation == Generation.NFTABLES) {
      call.line("  its rules are those of nft: nft list ruleset");
    }
    Map<String, List<ExplainedRule>> explained = explained(family);
    for (MetChain met : ruleset(family).map(MetChain::all).orElse(List.of())) {
      print(met, explained.getOrDefault(met.place(), List.of()));
    }
    call.line("");
  }

  private void print(MetChain met, List<ExplainedRule> rules) {
    Chain chain = met.chain();
    call.line("");
    call.line(
        met.place()
            + chain.policy().map(policy -> ", policy " + policy).orElse("")
            + chain.counters().map(counters -> ", " + words(counters)).orElse("")
            + (met.reached() ? "" : ", to which no rule leads"));
    if (call.has("--hidden") && !met.table().equals("filter")) {
      call.line("     hidden: iptables -L shows the table filter only");
    }
    for (ExplainedRule each : rules) {
      Rule rule = each.rule();
      String counted = rule.counters().map(counters -> "  (" + words(counters) + ")").orElse("");
      call.line(String.format("%4d %s%s", each.number(), rule.text(), counted));
      if (call.has("--explain")) {
        call.line("     " + sentence(each));
      }
      if (call.has("--hidden") && !hidden(rule).isEmpty()) {
        call.line("     hidden: " + hidden(rule));
      }
    }
  }

  private static String words(Counters counters) {
    return counters.packets() + " packets, " + counters.bytes() + " bytes";
  }

  /** The rules of each chain, by its place. */
  private Map<String, List<ExplainedRule>> explained(IpFamily family) {
    return firewall.explained(family).stream()
        .collect(Collectors.groupingBy(each -> each.table() + " " + each.rule().chain()));
  }

  private static String sentence(ExplainedRule each) {
    return switch (each.origin()) {
      case DOCKER -> each.role();
      case LEFTOVER -> each.role() + "; a leftover of Docker";
      case USER -> each.role() + "; not of Docker";
    };
  }

  /** Without -v it lists no interfaces. */
  private static String hidden(Rule rule) {
    List<String> words = new ArrayList<>();
    rule.in().ifPresent(in -> words.add(interfaceOf("in by", in)));
    rule.out().ifPresent(out -> words.add(interfaceOf("out by", out)));
    return String.join(", ", words);
  }

  private static String interfaceOf(String direction, RuleOption option) {
    return direction + " " + (option.negated() ? "anything but " : "") + option.value();
  }

  private String json() {
    JsonStringWriter json = JsonWriter.indent("  ").string().array();
    for (IpFamily family : IpFamily.values()) {
      Generation generation = firewall.generation(family);
      json.object()
          .value("family", JdocknetJson.word(family))
          .value("generation", JdocknetJson.word(generation))
          .value("letter", generation.letter())
          .value("releases", generation.releases())
          .value("evidence", firewall.evidence(family));
      if (ruleset(family).isEmpty()) {
        json.nul("chains");
      } else {
        json.array("chains");
        Map<String, List<ExplainedRule>> explained = explained(family);
        for (MetChain met : MetChain.all(ruleset(family).get())) {
          write(json, met, explained.getOrDefault(met.place(), List.of()));
        }
        json.end();
      }
      json.end();
    }
    return json.end().done() + "\n";
  }

  private static void write(JsonStringWriter json, MetChain met, List<ExplainedRule> rules) {
    Chain chain = met.chain();
    json.object()
        .value("table", met.table())
        .value("chain", chain.name())
        .value("policy", chain.policy().orElse(null))
        .value("reached", met.reached());
    counters(json, chain.counters());
    json.array("rules");
    for (ExplainedRule each : rules) {
      json.object()
          .value("number", each.number())
          .value("rule", each.rule().text())
          .value("in", each.rule().in().map(RuleOption::value).orElse(null))
          .value("out", each.rule().out().map(RuleOption::value).orElse(null));
      counters(json, each.rule().counters());
      json.value("origin", JdocknetJson.word(each.origin()))
          .value("role", each.role())
          .value("network", each.network().orElse(null))
          .value("container", each.container().orElse(null));
      if (each.port().isPresent()) {
        json.object("port");
        JdocknetJson.members(json, each.port().get());
        json.end();
      } else {
        json.nul("port");
      }
      json.end();
    }
    json.end().end();
  }

  private static void counters(JsonStringWriter json, Optional<Counters> counters) {
    json.value("packets", counters.map(Counters::packets).orElse(null))
        .value("bytes", counters.map(Counters::bytes).orElse(null));
  }
}
