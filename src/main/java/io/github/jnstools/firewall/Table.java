package io.github.jnstools.firewall;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One table of a ruleset, with its chains in the order of the text. Immutable. */
public final class Table {
  private final String name;
  private final Map<String, Chain> chains;

  /** Made when packets are traced. */
  private final Map<String, ChainIndex> indexes = new ConcurrentHashMap<>();

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

  /** The numbers, from 0, of the rules of one of them that may be for a packet. */
  int[] candidates(Chain chain, Packet packet) {
    return indexes
        .computeIfAbsent(chain.name(), name -> new ChainIndex(chain.rules()))
        .candidates(packet);
  }
}
