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
