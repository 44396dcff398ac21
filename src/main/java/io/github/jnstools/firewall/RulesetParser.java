package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what iptables-save printed, line by line. */
final class RulesetParser {
  private static final String SOURCE = "iptables-save";

  /** Printed instead of a table by iptables-save on nf_tables. */
  private static final Pattern UNREADABLE =
      Pattern.compile("# Table `(\\w+)' is incompatible, use 'nft' tool\\.");

  private final String text;
  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final Set<String> unreadable = new LinkedHashSet<>();

  /** The table that is being read, or null between two. */
  private String table;

  private final Map<String, Chain> declared = new LinkedHashMap<>();
  private final Map<String, List<Rule>> rules = new LinkedHashMap<>();

  RulesetParser(String text) {
    this.text = text;
  }

  Ruleset parse() throws MalformedException {
    int number = 0;
    for (int start = 0; start < text.length(); number++) {
      int end = text.indexOf('\n', start);
      String line = text.substring(start, end < 0 ? text.length() : end);
      start = end < 0 ? text.length() : end + 1;
      try {
        read(line);
      } catch (IllegalArgumentException e) {
        throw new MalformedException(SOURCE, number + 1, e.getMessage());
      }
    }
    if (table != null) {
      throw new MalformedException(
          SOURCE, number, "the text ends before the table " + table + " does: it is cut off");
    }
    return new Ruleset(text, tables, unreadable);
  }

  private void read(String line) {
    if (line.isBlank()) {
      return;
    }
    if (line.startsWith("#")) {
      Matcher matcher = UNREADABLE.matcher(line);
      if (matcher.matches()) {
        unreadable.add(matcher.group(1));
      }
    } else if (line.startsWith("*")) {
      begin(line.substring(1).strip());
    } else if (table == null) {
      throw new IllegalArgumentException("outside of any table: " + line);
    } else if (line.startsWith(":")) {
      declare(line);
    } else if (line.strip().equals("COMMIT")) {
      commit();
    } else {
      append(Rule.parse(line));
    }
  }

  /** Whether a line is a rule of a chain. */
  static boolean isRuleOf(String chain, String line) {
    return (line.startsWith("-A") || line.startsWith("["))
        && Rule.parse(line).chain().equals(chain);
  }

  private void begin(String name) {
    if (table != null) {
      throw new IllegalArgumentException(
          "the table " + name + " begins before " + table + " ends: COMMIT is missing");
    }
    if (name.isEmpty() || tables.containsKey(name)) {
      throw new IllegalArgumentException(
          name.isEmpty() ? "a table without a name" : "the table " + name + " for the second time");
    }
    table = name;
    declared.clear();
    rules.clear();
  }

  /** {@code :DOCKER - [0:0]}, of which the counters may be missing. */
  private void declare(String line) {
    List<String> words = Words.split(line.substring(1));
    if (words.size() < 2 || words.size() > 3) {
      throw new IllegalArgumentException("a chain should be as :NAME POLICY [0:0]: " + line);
    }
    String name = words.get(0);
    String policy = words.get(1);
    Optional<Counters> counters =
        words.size() == 3 ? Counters.parse(words.get(2)) : Optional.empty();
    if (words.size() == 3 && counters.isEmpty()) {
      throw new IllegalArgumentException("counters should be as [12:720]: " + line);
    }
    Optional<String> given = policy.equals("-") ? Optional.empty() : Optional.of(policy);
    Chain chain = new Chain(line, name, given, counters, List.of());
    if (declared.putIfAbsent(name, chain) != null) {
      throw new IllegalArgumentException("the chain " + name + " for the second time");
    }
    rules.put(name, new ArrayList<>());
  }

  private void append(Rule rule) {
    List<Rule> chain = rules.get(rule.chain());
    if (chain == null) {
      throw new IllegalArgumentException(
          "a rule of the chain " + rule.chain() + ", which the table does not declare");
    }
    chain.add(rule);
  }

  private void commit() {
    List<Chain> chains = new ArrayList<>();
    for (Chain chain : declared.values()) {
      chains.add(
          new Chain(
              chain.line(),
              chain.name(),
              chain.policy(),
              chain.counters(),
              rules.get(chain.name())));
    }
    tables.put(table, new Table(table, chains));
    table = null;
  }
}
