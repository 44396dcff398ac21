package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why iptables(8) itself would refuse a command, as far as that is known beforehand. */
final class RefusedCommand {
  private static final Set<String> OF_PORTS =
      Set.of("--dport", "--sport", "--dports", "--sports", "--ports", "--tcp-flags", "--syn");

  private static final Set<String> WITHOUT_IN = Set.of("OUTPUT", "POSTROUTING");
  private static final Set<String> WITHOUT_OUT = Set.of("PREROUTING", "INPUT");

  /**
   * Why, and what to write instead.
   *
   * @param what one sentence without a full stop
   * @param cure what to do about it
   */
  record Reason(String what, String cure) {}

  private final IptablesCommand command;
  private final Ruleset rules;

  private RefusedCommand(IptablesCommand command, Ruleset rules) {
    this.command = command;
    this.rules = rules;
  }

  /** The reason; empty if it is taken, as far as one can tell. */
  static Optional<Reason> of(IptablesCommand command, Ruleset rules) {
    RefusedCommand refused = new RefusedCommand(command, rules);
    return refused
        .byWords()
        .or(refused::byChain)
        .or(() -> command.adds() ? refused.byRule() : Optional.empty());
  }

  private static Optional<Reason> reason(String what, String cure) {
    return Optional.of(new Reason(what, cure));
  }

  private Optional<Reason> byWords() {
    List<String> words = command.rule();
    for (String word : words) {
      if (word.matches("[\\u2013\\u2014\\u2212].*")) {
        return reason(
            word + " begins with a dash of typography", "write -, or -- before a long option");
      }
      if (word.matches(".*[\\u201c\\u201d\\u2018\\u2019].*")) {
        return reason(word + " has quotes of typography", "write \" or '");
      }
    }
    for (int i = 1; i + 1 < words.size(); i++) {
      String option = words.get(i - 1);
      if (words.get(i).equals("!")
          && option.matches("-[a-z]|--[a-z-]+")
          && !words.get(i + 1).startsWith("-")) {
        return reason(
            "a ! stands behind " + option + ", as very old versions had it",
            "write ! " + option + " " + words.get(i + 1));
      }
    }
    return Optional.empty();
  }

  private Optional<Reason> byChain() {
    String chain = command.chain();
    if (command.action().equals("-N") && rules.chain(command.table(), chain).isPresent()) {
      return reason("the chain " + chain + " is there already", "leave the command out");
    }
    boolean needs = command.adds() || command.action().equals("-D");
    if (!needs || chain.contains("$")) {
      return Optional.empty();
    }
    if (chain.isEmpty()) {
      return reason("it names no chain", "write the chain behind " + command.action());
    }
    boolean there =
        rules.chain(command.table(), chain).isPresent()
            || rules.table(command.table()).isEmpty() && Ruleset.isBuiltIn(chain);
    return there
        ? Optional.empty()
        : reason(
            "table " + command.table() + " has no chain " + chain + " on this host",
            "look at iptables-save for the chains that there are");
  }

  private Optional<Reason> byRule() {
    for (Rule rule : command.rules()) {
      Optional<Reason> reason = byRule(rule);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  private Optional<Reason> byRule(Rule rule) {
    String chain = command.chain();
    for (RuleOption option : rule.options()) {
      if (OF_PORTS.contains(option.name()) && rule.protocol().isEmpty()) {
        return reason(option.name() + " needs a protocol", "write -p tcp or -p udp before it");
      }
      if ((option.name().equals("-s") || option.name().equals("-d"))
          && option.value().matches("[0-9.]+-[0-9.]+")) {
        String range = option.name().equals("-s") ? "--src-range " : "--dst-range ";
        return reason(
            option.name() + " takes no range", "write -m iprange " + range + option.value());
      }
    }
    if (rule.in().isPresent() && WITHOUT_IN.contains(chain)) {
      return reason("packets of " + chain + " have come in by no interface", "match -o, or none");
    }
    if (rule.out().isPresent() && WITHOUT_OUT.contains(chain)) {
      return reason("packets of " + chain + " have no way out yet", "match -i, or none");
    }
    if (command.table().equals("nat") && rule.target().equals(Optional.of("DROP"))) {
      return reason("table nat is not for filtering", "drop in DOCKER-USER of table filter");
    }
    boolean list = command.rules().size() > 1;
    if (list && (isNegated(rule.source()) || isNegated(rule.destination()))) {
      return reason(
          "a ! does not go with a list of addresses",
          "return each of them by a rule of its own, then drop the rest");
    }
    return Optional.empty();
  }

  private static boolean isNegated(Optional<RuleOption> option) {
    return option.filter(RuleOption::negated).isPresent();
  }
}
