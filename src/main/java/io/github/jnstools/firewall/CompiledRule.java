package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Condition.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A rule, interpreted once for all packets. */
final class CompiledRule {
  private static final Set<String> OWN = Set.of("-s", "-d", "-i", "-o", "-p", "-f", "-4", "-6");
  private static final Set<String> TARGET = Set.of("-j", "-g", "-c");

  private final Condition[] conditions;
  private final Target target;

  private CompiledRule(List<Condition> conditions, Target target) {
    this.conditions = conditions.toArray(new Condition[0]);
    this.target = target;
  }

  static CompiledRule of(Rule rule) {
    Target target = Target.of(rule);
    List<Condition> conditions = new ArrayList<>();
    Map<String, List<RuleOption>> matches = new LinkedHashMap<>();
    for (RuleOption option : rule.options()) {
      String module = option.module();
      if (option.name().equals("-m")) {
        matches.computeIfAbsent(option.value(), name -> new ArrayList<>());
      } else if (module.isEmpty() && OWN.contains(option.name())) {
        conditions.add(OwnConditions.of(option));
      } else if (!TARGET.contains(option.name()) && !target.owns(option)) {
        matches.computeIfAbsent(module, name -> new ArrayList<>()).add(option);
      }
    }
    matches.forEach((module, options) -> conditions.addAll(Matches.of(module, options)));
    return new CompiledRule(conditions, target);
  }

  Target target() {
    return target;
  }

  /** Whether a packet is one that the rule is for. */
  Truth matches(Packet packet, Scope scope) {
    Truth all = Truth.TRUE;
    for (Condition condition : conditions) {
      Truth each = condition.holds(packet, scope);
      if (each == Truth.FALSE) {
        return Truth.FALSE;
      }
      if (each == Truth.UNKNOWN) {
        all = Truth.UNKNOWN;
      }
    }
    return all;
  }
}
