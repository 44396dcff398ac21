package io.github.jnstools.firewall;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * From which addresses the containers' ports may be reached: a list for single ports of the host,
 * and one for all others. Immutable.
 *
 * <p>A port that has a list goes by that alone. Without a list a port stays as open as Docker made
 * it; a list without addresses lets nobody in.
 *
 * @param all the list for the ports without one of their own, if there is one
 * @param ports the lists of single ports
 */
public record AllowList(
    Optional<SortedSet<AddressRange>> all, SortedMap<HostPort, SortedSet<AddressRange>> ports) {

  /** Without a list: all is as Docker made it. */
  public static final AllowList NONE = new AllowList(Optional.empty(), new TreeMap<>());

  public AllowList {
    all = all.map(AllowList::copy);
    SortedMap<HostPort, SortedSet<AddressRange>> copies = new TreeMap<>();
    ports.forEach((port, sources) -> copies.put(port, copy(sources)));
    ports = Collections.unmodifiableSortedMap(copies);
  }

  private static SortedSet<AddressRange> copy(Collection<AddressRange> sources) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(sources));
  }

  /** The list that rules written by {@link UserChain} stand for, of both families. */
  public static AllowList of(HostRules rules) {
    AllowList list = NONE;
    for (IpFamily family : IpFamily.values()) {
      List<Rule> chain = UserChain.of(rules, family).map(UserChain::rules).orElse(List.of());
      for (Rule rule : chain) {
        Optional<OwnTag> tag = OwnTag.of(rule);
        if (tag.isPresent() && !tag.get().isOfAnswers()) {
          list = list.with(tag.get().port(), sources(rule));
        }
      }
    }
    return list;
  }

  private static List<AddressRange> sources(Rule rule) {
    return rule.source().or(() -> rule.option("--src-range")).stream()
        .filter(option -> !option.negated() && rule.target().equals(Optional.of("RETURN")))
        .map(option -> AddressRange.parse(option.value()))
        .toList();
  }

  /** The list of a port, or the one for all others. */
  public Optional<SortedSet<AddressRange>> list(Optional<HostPort> port) {
    return port.isEmpty() ? all : Optional.ofNullable(ports.get(port.get()));
  }

  /** With more addresses in a list, which is begun if it is not there. */
  public AllowList with(Optional<HostPort> port, Collection<AddressRange> sources) {
    SortedSet<AddressRange> more = new TreeSet<>(sources);
    list(port).ifPresent(more::addAll);
    return replaced(port, Optional.of(more));
  }

  /** Without some addresses in a list, which stays, even if it is empty then. */
  public AllowList without(Optional<HostPort> port, Collection<AddressRange> sources) {
    return replaced(
        port,
        list(port)
            .map(
                old -> {
                  SortedSet<AddressRange> left = new TreeSet<>(old);
                  left.removeAll(sources);
                  return left;
                }));
  }

  /** Without a list: its ports are as open as Docker made them. */
  public AllowList without(Optional<HostPort> port) {
    return replaced(port, Optional.empty());
  }

  private AllowList replaced(Optional<HostPort> port, Optional<SortedSet<AddressRange>> list) {
    if (port.isEmpty()) {
      return new AllowList(list, ports);
    }
    Map<HostPort, SortedSet<AddressRange>> changed = new TreeMap<>(ports);
    changed.remove(port.get());
    list.ifPresent(sources -> changed.put(port.get(), sources));
    return new AllowList(all, new TreeMap<>(changed));
  }

  /** Whether there is no list at all. */
  public boolean isNone() {
    return all.isEmpty() && ports.isEmpty();
  }
}
