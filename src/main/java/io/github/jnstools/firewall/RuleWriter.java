package io.github.jnstools.firewall;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes the rules of one chain, from the first to the last. */
final class RuleWriter {
  private final List<Wanted> out;
  private final String table;
  private final String chain;
  private final Set<String> written = new HashSet<>();
  private int section;

  /**
   * A writer.
   *
   * @param out where the rules go
   */
  RuleWriter(List<Wanted> out, String table, String chain) {
    this.out = out;
    this.table = table;
    this.chain = chain;
  }

  /** What is written from now on has to stand behind all that was. */
  RuleWriter behind() {
    section++;
    return this;
  }

  /** A rule that serves no network in particular: in order among its like. */
  void common(String words, String role) {
    add(words, role, "", true, Optional.empty(), Optional.empty());
  }

  /** A rule of a network: in order among those of the same network. */
  void network(DockerNetwork network, String words, String role) {
    inOrder(network, network.name(), words, role);
  }

  /** A rule of a network: in order among those of the same block. */
  void inOrder(DockerNetwork network, String block, String words, String role) {
    add(words, role, block, true, Optional.of(network.name()), Optional.empty());
  }

  /** A rule of a network whose place among the others of its section is chance. */
  void loose(DockerNetwork network, String words, String role) {
    inOrder(network, words, words, role);
  }

  /** A rule of a network that some engines write and some do not. */
  void perhaps(DockerNetwork network, String words, String role) {
    add(words, role, words, false, Optional.of(network.name()), Optional.empty());
  }

  /** A rule of a published port. Two ports of the host may lead to one: it is written once. */
  void port(PortMapping mapping, String words, String role) {
    add(words, role, words, true, Optional.of(mapping.network().name()), Optional.of(mapping));
  }

  /** A rule of a published port that some engines write and some do not. */
  void perhaps(PortMapping mapping, String words, String role) {
    add(words, role, words, false, Optional.of(mapping.network().name()), Optional.of(mapping));
  }

  private void add(
      String words,
      String role,
      String block,
      boolean required,
      Optional<String> network,
      Optional<PortMapping> mapping) {
    if (written.add(words)) {
      DockerRule rule =
          new DockerRule(
              table,
              Rule.parse("-A " + chain + " " + words),
              role,
              network,
              mapping.map(PortMapping::container),
              mapping.map(PortMapping::port));
      out.add(new Wanted(rule, section, block, written.size(), required));
    }
  }
}
