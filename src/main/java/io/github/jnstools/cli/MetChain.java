package io.github.jnstools.cli;

import io.github.jnstools.firewall.Chain;
import io.github.jnstools.firewall.Rule;
import io.github.jnstools.firewall.Ruleset;
import io.github.jnstools.firewall.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chain, in the order in which packets meet them.
 *
 * @param table its table's name
 * @param chain itself
 * @param reached whether packets come to it at all
 */
record MetChain(String table, Chain chain, boolean reached) {
  /** What comes in, what is for this host, what goes through it, what it sends, what leaves. */
  private static final List<String> HOOKS =
      List.of(
          "raw PREROUTING",
          "mangle PREROUTING",
          "nat PREROUTING",
          "mangle INPUT",
          "filter INPUT",
          "security INPUT",
          "nat INPUT",
          "mangle FORWARD",
          "filter FORWARD",
          "security FORWARD",
          "raw OUTPUT",
          "mangle OUTPUT",
          "nat OUTPUT",
          "filter OUTPUT",
          "security OUTPUT",
          "mangle POSTROUTING",
          "nat POSTROUTING");

  /**
   * Those of a ruleset, each chain behind the first that leads to it; last those that none leads
   * to. Built-in chains that have no rules and accept are left out.
   */
  static List<MetChain> all(Ruleset ruleset) {
    Map<String, MetChain> met = new LinkedHashMap<>();
    for (String hook : HOOKS) {
      String[] words = hook.split(" ");
      Optional<Chain> chain = ruleset.chain(words[0], words[1]);
      if (chain.isPresent() && decides(chain.get())) {
        add(met, ruleset.table(words[0]).orElseThrow(), chain.get());
      }
    }
    for (Table table : ruleset.tables()) {
      for (Chain chain : table.chains()) {
        if (!chain.isBuiltIn()) {
          MetChain unreached = new MetChain(table.name(), chain, false);
          met.putIfAbsent(unreached.place(), unreached);
        }
      }
    }
    return List.copyOf(met.values());
  }

  private static boolean decides(Chain chain) {
    return !chain.rules().isEmpty() || !chain.policy().equals(Optional.of("ACCEPT"));
  }

  private static void add(Map<String, MetChain> met, Table table, Chain chain) {
    MetChain reached = new MetChain(table.name(), chain, true);
    if (met.putIfAbsent(reached.place(), reached) == null) {
      for (Rule rule : chain.rules()) {
        rule.target().flatMap(table::chain).ifPresent(next -> add(met, table, next));
      }
    }
  }

  /** {@code filter FORWARD}. */
  String place() {
    return table + " " + chain.name();
  }
}
