package io.github.jnstools.firewall;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What iptables-save or ip6tables-save printed: tables, their chains, and the rules of those.
 * Immutable, and back to text byte for byte.
 *
 * <p>One family of addresses and one backend: what ip6tables-save or iptables-legacy-save print is
 * another ruleset.
 */
public final class Ruleset {
  private static final Set<String> BUILT_IN =
      Set.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");

  private final String text;
  private final Map<String, Table> tables;
  private final Set<String> unreadable;

  Ruleset(String text, Map<String, Table> tables, Set<String> unreadable) {
    this.text = text;
    this.tables = new LinkedHashMap<>(tables);
    this.unreadable = Set.copyOf(unreadable);
  }

  /**
   * Parses the text, with or without counters.
   *
   * @throws MalformedException if it is cut off, or nothing that iptables-save prints
   */
  public static Ruleset parse(String text) throws MalformedException {
    return new RulesetParser(text).parse();
  }

  /** All of them, in the order of the text, which says nothing. */
  public List<Table> tables() {
    return List.copyOf(tables.values());
  }

  /** One of them: {@code filter}. One that is not there accepts every packet. */
  public Optional<Table> table(String name) {
    return Optional.ofNullable(tables.get(name));
  }

  /** One chain of one table. */
  public Optional<Chain> chain(String table, String chain) {
    return table(table).flatMap(found -> found.chain(chain));
  }

  /** The same with other rules in one chain, which is made if it is not there. */
  Ruleset with(String table, String chain, List<Rule> rules) {
    StringBuilder lines = new StringBuilder();
    String current = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("*")) {
        current = line.substring(1).strip();
      }
      boolean here = current.equals(table);
      if (here && line.strip().equals("COMMIT")) {
        append(lines, chain(table, chain).isPresent() ? "" : declaration(chain), rules);
        current = "";
      }
      if (!here || !RulesetParser.isRuleOf(chain, line)) {
        lines.append(line).append('\n');
      }
    }
    if (table(table).isEmpty()) {
      lines.append('*').append(table).append('\n');
      append(lines, declaration(chain), rules);
      lines.append("COMMIT\n");
    }
    try {
      return parse(lines.toString());
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether a chain of this name is the kernel's. */
  static boolean isBuiltIn(String chain) {
    return BUILT_IN.contains(chain);
  }

  private static String declaration(String chain) {
    return ":" + chain + (isBuiltIn(chain) ? " ACCEPT" : " -") + " [0:0]\n";
  }

  private static void append(StringBuilder lines, String declaration, List<Rule> rules) {
    lines.append(declaration);
    rules.forEach(rule -> lines.append(rule.line()).append('\n'));
  }

  /** Tables that are there, but hold what iptables-save cannot print: nft(8) made it. */
  public Set<String> unreadable() {
    return unreadable;
  }

  /** The text that it was parsed from. */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ruleset that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
