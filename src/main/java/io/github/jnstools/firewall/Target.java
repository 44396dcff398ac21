package io.github.jnstools.firewall;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a rule does with a packet that it matches.
 *
 * @param kind which of the things that a trace knows
 * @param name as in the rule: {@code DOCKER}, {@code DNAT}; "" if the rule only counts
 * @param options what it is given
 */
record Target(Kind kind, String name, List<RuleOption> options) {

  enum Kind {
    ACCEPT,
    DROP,
    RETURN,
    /** A chain, or a target that is not known here. */
    JUMP,
    GOTO,
    /** Goes on as if nothing had been, as far as a packet's way is concerned. */
    CONTINUE,
    NAT,
    MARK,
    CONNMARK,
    /** A program, or the rest of the kernel, decides. */
    UNKNOWN
  }

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("ACCEPT", Kind.ACCEPT),
          Map.entry("DROP", Kind.DROP),
          Map.entry("REJECT", Kind.DROP),
          Map.entry("RETURN", Kind.RETURN),
          Map.entry("DNAT", Kind.NAT),
          Map.entry("SNAT", Kind.NAT),
          Map.entry("MASQUERADE", Kind.NAT),
          Map.entry("REDIRECT", Kind.NAT),
          Map.entry("NETMAP", Kind.NAT),
          Map.entry("MARK", Kind.MARK),
          Map.entry("CONNMARK", Kind.CONNMARK),
          Map.entry("LOG", Kind.CONTINUE),
          Map.entry("NFLOG", Kind.CONTINUE),
          Map.entry("ULOG", Kind.CONTINUE),
          Map.entry("TRACE", Kind.CONTINUE),
          Map.entry("AUDIT", Kind.CONTINUE),
          Map.entry("CHECKSUM", Kind.CONTINUE),
          Map.entry("CLASSIFY", Kind.CONTINUE),
          Map.entry("TCPMSS", Kind.CONTINUE),
          Map.entry("DSCP", Kind.CONTINUE),
          Map.entry("TOS", Kind.CONTINUE),
          Map.entry("SECMARK", Kind.CONTINUE),
          Map.entry("CONNSECMARK", Kind.CONTINUE),
          Map.entry("QUEUE", Kind.UNKNOWN),
          Map.entry("NFQUEUE", Kind.UNKNOWN),
          Map.entry("TPROXY", Kind.UNKNOWN),
          Map.entry("SYNPROXY", Kind.UNKNOWN));

  /** What CT may be told without a connection's becoming another, or none. */
  private static final Set<String> TRACKED =
      Set.of("--helper", "--timeout", "--ctevents", "--expevents");

  /** The target of a rule, with the options after its name. */
  static Target of(Rule rule) {
    String name = rule.target().orElse("");
    List<RuleOption> options =
        rule.options().stream().filter(option -> option.module().equals(name)).toList();
    Kind kind = name.isEmpty() ? Kind.CONTINUE : KINDS.getOrDefault(name, Kind.JUMP);
    if (name.equals("CT") && TRACKED.containsAll(options.stream().map(RuleOption::name).toList())) {
      kind = Kind.CONTINUE;
    }
    return new Target(rule.isGoto() ? Kind.GOTO : kind, name, options);
  }

  /** Whether an option of the rule is this target's, and no condition. */
  boolean owns(RuleOption option) {
    return kind != Kind.JUMP && kind != Kind.GOTO && option.module().equals(name);
  }

  /** The value of an option, or "". */
  String value(String option) {
    for (RuleOption each : options) {
      if (each.name().equals(option)) {
        return each.value();
      }
    }
    return "";
  }

  boolean has(String option) {
    return options.stream().anyMatch(each -> each.name().equals(option));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    for (RuleOption option : options) {
      text.append(' ').append(option.name());
      option.values().forEach(value -> text.append(' ').append(value));
    }
    return text.toString();
  }
}
