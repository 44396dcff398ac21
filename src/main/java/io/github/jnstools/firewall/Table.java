package io.github.jnstools.firewall;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One table of a ruleset, with its chains in the order of the text. Immutable. */
public final class Table {
  private final String name;
  private final Map<String, Chain> chains;

  Table(String name, Collection<Chain> chains) {
    this.name = name;
    this.chains = new LinkedHashMap<>();
    for (Chain chain : chains) {
      this.chains.put(chain.name(), chain);
    }
  }

  /** {@code filter}, {@code nat}, {@code mangle}, {@code raw}, {@code security}. */
  public String name() {
    return name;
  }

  /** All of them, those of user's making included. */
  public List<Chain> chains() {
    return List.copyOf(chains.values());
  }

  /** One of them. */
  public Optional<Chain> chain(String chain) {
    return Optional.ofNullable(chains.get(chain));
  }
}
