package io.github.jnstools.container;

import java.util.ArrayList;
import java.util.List;

/**
 * What a reference may mean: those with exactly this name or id, or else those whose id starts with
 * it.
 *
 * @param <T> what an engine has at hand of a container
 */
final class Candidates<T> {
  private final String reference;
  private final List<T> exact = new ArrayList<>();
  private final List<T> byPrefix = new ArrayList<>();

  Candidates(String reference) {
    this.reference = reference;
  }

  /** Adds one, if the reference may mean it. */
  void offer(T candidate, String id, String... names) {
    boolean named = id.equals(reference);
    for (String name : names) {
      named |= name.equals(reference);
    }
    if (named) {
      exact.add(candidate);
    } else if (id.startsWith(reference)) {
      byPrefix.add(candidate);
    }
  }

  /** Those that are meant. */
  List<T> meant() {
    return exact.isEmpty() ? byPrefix : exact;
  }
}
