package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Compares the rules that are there with those that are due: what each is for, what drifted. */
final class Comparison {
  /** The name that Docker gives a bridge unless it is told another. */
  private static final Pattern BRIDGE = Pattern.compile("br-[0-9a-f]{12}");

  private final IpFamily family;
  private final Ruleset ruleset;
  private final Set<String> bridges;
  private final Map<String, Map<String, Wanted>> wanted = new LinkedHashMap<>();
  private final List<ExplainedRule> explained = new ArrayList<>();
  private final List<Drift> drift = new ArrayList<>();

  /**
   * Compares.
   *
   * @param bridges the interfaces of the networks that are there
   */
  Comparison(IpFamily family, Ruleset ruleset, List<Wanted> due, Set<String> bridges) {
    this.family = family;
    this.ruleset = ruleset;
    this.bridges = bridges;
    for (Wanted one : due) {
      wanted
          .computeIfAbsent(one.place(), place -> new LinkedHashMap<>())
          .put(one.rule().rule().text(), one);
    }
    for (Table table : ruleset.tables()) {
      for (Chain chain : table.chains()) {
        compare(table.name(), chain);
      }
    }
    due.forEach(this::requireChain);
  }

  /** The rules that are there, table by table and chain by chain. */
  List<ExplainedRule> explained() {
    return explained;
  }

  /** The differences. */
  List<Drift> drift() {
    return drift;
  }

  private void compare(String table, Chain chain) {
    Map<String, Wanted> due =
        new LinkedHashMap<>(wanted.getOrDefault(table + " " + chain.name(), Map.of()));
    Set<String> known = Set.copyOf(due.keySet());
    Order order = new Order();
    for (int i = 0; i < chain.rules().size(); i++) {
      Rule rule = chain.rules().get(i);
      int number = i + 1;
      Wanted match = due.remove(rule.text());
      if (match != null) {
        explained.add(explain(table, number, rule, match.rule()));
        order
            .misplaced(match)
            .ifPresent(
                before ->
                    add(
                        Drift.Kind.OUT_OF_ORDER,
                        table,
                        number,
                        rule,
                        "should stand before: " + before));
      } else if (known.contains(rule.text())) {
        leftover(table, number, rule, "stands there a second time");
      } else if (isOfDocker(table, chain, rule)) {
        leftover(table, number, rule, "serves nothing that is there");
      } else {
        explained.add(explain(table, number, rule, ExplainedRule.Origin.USER, RuleWords.of(rule)));
      }
    }
    due.values().forEach(this::missing);
    userJumpFirst(table, chain);
    DeadRules.find(chain, (place, by) -> dead(table, chain, place, by));
  }

  private void dead(String table, Chain chain, int place, int by) {
    String because = "rule " + (by + 1) + " takes all its packets: " + chain.rules().get(by).text();
    add(Drift.Kind.DEAD, table, place + 1, chain.rules().get(place), because);
  }

  /** Rules of a chain that is not there at all. */
  private void requireChain(Wanted one) {
    if (ruleset.chain(one.rule().table(), one.rule().rule().chain()).isEmpty()) {
      missing(one);
    }
  }

  private void missing(Wanted one) {
    if (one.required()) {
      Rule rule = one.rule().rule();
      boolean jump = isBuiltIn(rule.chain()) && Detection.CHAINS.contains(target(rule));
      boolean user = target(rule).equals("DOCKER-USER");
      add(
          jump || user ? Drift.Kind.JUMP_MISSING : Drift.Kind.MISSING,
          one.rule().table(),
          0,
          rule,
          "is not there; it " + one.rule().role());
    }
  }

  private static boolean isBuiltIn(String chain) {
    return Set.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING").contains(chain);
  }

  private static String target(Rule rule) {
    return rule.target().orElse("");
  }

  private void userJumpFirst(String table, Chain chain) {
    if (table.equals("filter") && chain.name().equals("FORWARD")) {
      List<Rule> rules = chain.rules();
      for (int i = 1; i < rules.size(); i++) {
        if (target(rules.get(i)).equals("DOCKER-USER")) {
          String because = "rule 1 comes before it: " + rules.get(0).text();
          add(Drift.Kind.JUMP_NOT_FIRST, table, i + 1, rules.get(i), because);
          return;
        }
        if (target(rules.get(0)).equals("DOCKER-USER")) {
          return;
        }
      }
    }
  }

  private boolean isOfDocker(String table, Chain chain, Rule rule) {
    if (Detection.CHAINS.contains(chain.name())) {
      return true;
    }
    if (chain.name().equals("DOCKER-USER")) {
      return false;
    }
    String target = target(rule);
    boolean goneBridge =
        Stream.of(rule.in(), rule.out())
            .flatMap(Optional::stream)
            .anyMatch(
                name -> BRIDGE.matcher(name.value()).matches() && !bridges.contains(name.value()));
    boolean toItself =
        target.equals("MASQUERADE")
            && rule.source().isPresent()
            && rule.source()
                .map(RuleOption::value)
                .equals(rule.destination().map(RuleOption::value));
    boolean guard =
        table.equals("raw")
            && target.equals("DROP")
            && rule.destination().isPresent()
            && rule.in().filter(in -> in.negated() && bridges.contains(in.value())).isPresent();
    return Detection.CHAINS.contains(target) || goneBridge || toItself || guard;
  }

  private void leftover(String table, int number, Rule rule, String because) {
    explained.add(explain(table, number, rule, ExplainedRule.Origin.LEFTOVER, RuleWords.of(rule)));
    add(Drift.Kind.EXTRA, table, number, rule, because);
  }

  private void add(Drift.Kind kind, String table, int number, Rule rule, String because) {
    drift.add(new Drift(family, kind, table, number, rule, because));
  }

  private ExplainedRule explain(String table, int number, Rule rule, DockerRule due) {
    return new ExplainedRule(
        family,
        table,
        number,
        rule,
        ExplainedRule.Origin.DOCKER,
        due.role(),
        due.network(),
        due.container(),
        due.port());
  }

  private ExplainedRule explain(
      String table, int number, Rule rule, ExplainedRule.Origin origin, String role) {
    return new ExplainedRule(
        family,
        table,
        number,
        rule,
        origin,
        role,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** What was met of a chain so far. */
  private static final class Order {
    private Wanted lastSection;
    private final Map<String, Wanted> last = new HashMap<>();

    /** The rule already met that this one should stand before. */
    Optional<String> misplaced(Wanted one) {
      Wanted before = null;
      if (lastSection != null && lastSection.section() > one.section()) {
        before = lastSection;
      } else {
        lastSection = one;
        Wanted same = last.get(one.block());
        if (same != null && same.section() == one.section() && same.step() > one.step()) {
          before = same;
        } else {
          last.put(one.block(), one);
        }
      }
      return Optional.ofNullable(before).map(found -> found.rule().rule().text());
    }
  }
}
