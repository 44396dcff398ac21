package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;

/**
 * One rule of a chain, as iptables-save writes it: {@code [12:720] -A DOCKER -i docker0 -j RETURN}.
 * Immutable; rules of the same line are equal.
 */
public final class Rule {
  private static final String APPEND = "-A ";

  private final String line;
  private final Counters counters;
  private final String chain;
  private final List<String> arguments;
  private final List<RuleOption> options;

  /** Made when it is asked for, more than once if two threads ask: each is the same. */
  private volatile CompiledRule compiled;

  private Rule(String line, Counters counters, String chain, List<String> arguments) {
    this.line = line;
    this.counters = counters;
    this.chain = chain;
    this.arguments = List.copyOf(arguments);
    this.options = List.copyOf(RuleOption.parseAll(this.arguments));
  }

  /**
   * Parses a line, with or without counters.
   *
   * @throws IllegalArgumentException if it is not such a line; the message says why
   */
  public static Rule parse(String line) {
    Counters counters = null;
    String text = line;
    if (line.startsWith("[")) {
      int end = line.indexOf(' ');
      counters = Counters.parse(end < 0 ? line : line.substring(0, end)).orElse(null);
      if (counters == null || end < 0) {
        throw new IllegalArgumentException("counters should be as [12:720] before a rule");
      }
      text = line.substring(end + 1);
    }
    List<String> words = Words.split(text);
    if (words.size() < 2 || !words.get(0).equals("-A")) {
      throw new IllegalArgumentException("neither a rule, nor a chain, nor a table: " + text);
    }
    return new Rule(line, counters, words.get(1), words.subList(2, words.size()));
  }

  /**
   * A rule of its own making.
   *
   * @param chain the one that it is of
   * @param arguments what follows, without quotes: {@code -i}, {@code docker0}, {@code -j}, {@code
   *     RETURN}
   * @throws IllegalArgumentException if they make no rule
   */
  public static Rule of(String chain, List<String> arguments) {
    StringBuilder line = new StringBuilder(APPEND).append(Words.bare(chain));
    RuleOption.append(line, arguments);
    return new Rule(line.toString(), null, chain, arguments);
  }

  /** The line as it was read, with its counters. */
  public String line() {
    return line;
  }

  /** The line without counters: {@code -A DOCKER -i docker0 -j RETURN}. */
  public String text() {
    return counters == null ? line : line.substring(line.indexOf(' ') + 1);
  }

  /** How often it was met, if the text says so. */
  public Optional<Counters> counters() {
    return Optional.ofNullable(counters);
  }

  /** The name of the chain that it is of. */
  public String chain() {
    return chain;
  }

  /** The words after the chain's name, without quotes. */
  public List<String> arguments() {
    return arguments;
  }

  /** The same words by options, in their order. */
  public List<RuleOption> options() {
    return options;
  }

  /** The first option of a name, the short one where there is one: {@code -s}, {@code --dport}. */
  public Optional<RuleOption> option(String name) {
    for (RuleOption option : options) {
      if (option.name().equals(name)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  /** {@code -i}: the interface that a packet came in by. */
  public Optional<RuleOption> in() {
    return option("-i");
  }

  /** {@code -o}: the interface that it leaves by. */
  public Optional<RuleOption> out() {
    return option("-o");
  }

  /** {@code -s}: its source address. */
  public Optional<RuleOption> source() {
    return option("-s");
  }

  /** {@code -d}: its destination address. */
  public Optional<RuleOption> destination() {
    return option("-d");
  }

  /** {@code -p}: its protocol. */
  public Optional<RuleOption> protocol() {
    return option("-p");
  }

  /** What {@code -m comment} says. */
  public Optional<String> comment() {
    return option("--comment").map(RuleOption::value);
  }

  /** The chain or target that {@code -j} or {@code -g} names. */
  public Optional<String> target() {
    Optional<RuleOption> jump = option("-j");
    return (jump.isPresent() ? jump : option("-g")).map(RuleOption::value);
  }

  /** Whether the target is one of {@code -g}: a return from there skips this chain. */
  public boolean isGoto() {
    return option("-g").isPresent();
  }

  /** The rule as it is applied to packets. */
  CompiledRule compiled() {
    CompiledRule known = compiled;
    if (known == null) {
      known = CompiledRule.of(this);
      compiled = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rule that && line.equals(that.line);
  }

  @Override
  public int hashCode() {
    return line.hashCode();
  }

  @Override
  public String toString() {
    return line;
  }
}
