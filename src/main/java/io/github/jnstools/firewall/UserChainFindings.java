package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules of DOCKER-USER that do something else than they seem to. */
final class UserChainFindings {
  private static final Set<String> REFUSING = Set.of("DROP", "REJECT");
  private static final Set<String> PASSING = Set.of("RETURN", "ACCEPT");
  private static final Set<String> PORTS =
      Set.of("--dport", "--dports", "--sport", "--sports", "--ports", "--ctorigdstport");

  private final DockerFirewall firewall;
  private final IpFamily family;
  private final List<Finding> findings = new ArrayList<>();

  UserChainFindings(DockerFirewall firewall, IpFamily family) {
    this.firewall = firewall;
    this.family = family;
  }

  List<Finding> find() {
    List<Rule> rules = rules(firewall, family);
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      List<Rule> earlier = rules.subList(0, i);
      hostPort(i, rule);
      tooStrong(i, rule);
      if (isRefusal(rule) && earlier.stream().noneMatch(Circumstances::isEnd)) {
        refusal(i, rule, earlier);
      }
    }
    return findings;
  }

  private static boolean isRefusal(Rule rule) {
    return REFUSING.contains(rule.target().orElse(""));
  }

  /** Whether DOCKER-USER keeps anybody out. */
  static boolean refuses(DockerFirewall firewall, IpFamily family) {
    for (Rule rule : rules(firewall, family)) {
      if (Circumstances.isEnd(rule)) {
        return false;
      }
      if (isRefusal(rule)) {
        return true;
      }
    }
    return false;
  }

  private static List<Rule> rules(DockerFirewall firewall, IpFamily family) {
    return firewall
        .rules()
        .of(family)
        .flatMap(ruleset -> ruleset.chain("filter", "DOCKER-USER"))
        .map(Chain::rules)
        .orElse(List.of());
  }

  private void refusal(int place, Rule rule, List<Rule> earlier) {
    if (isInverted(rule)) {
      add(
          Finding.Severity.ERROR,
          "wrong-direction",
          place,
          rule,
          "in by a bridge of Docker comes what containers send, not what is sent to them",
          "their answers, their own connections and each other they lose",
          "match the interface to the outside instead: -i eth0");
      return;
    }
    for (Rule other : earlier) {
      if (isSecondNegation(other, rule)) {
        add(
            Finding.Severity.ERROR,
            "two-negations",
            place,
            rule,
            "an earlier rule refuses all but another source: " + other.text(),
            "together they refuse everybody",
            "return each source by a rule of its own, then drop the rest");
      }
    }
    if (refusesAllBut(rule) && rule.in().isEmpty() && isToBridge(rule)) {
      add(
          Finding.Severity.WARNING,
          "neighbours-refused",
          place,
          rule,
          "out by a bridge goes what its own containers send each other, too",
          "containers of this network lose each other, if bridge-nf-call-iptables is on",
          "match what comes from elsewhere: ! -i " + rule.out().orElseThrow().value());
    }
    if (hitsAnswers(rule) && earlier.stream().noneMatch(UserChainFindings::passesAnswers)) {
      add(
          Finding.Severity.WARNING,
          "answers-refused",
          place,
          rule,
          "it is asked before Docker lets answers in",
          "containers get no answer from whom it refuses: DNS, HTTP, package mirrors",
          "put before it: -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN");
    }
  }

  private boolean isInverted(Rule rule) {
    Optional<DockerNetwork> network =
        rule.in().filter(in -> !in.negated()).flatMap(in -> network(in.value()));
    return network.isPresent()
        && refusesAllBut(rule)
        && rule.source().filter(source -> overlaps(source.value(), network.get())).isEmpty();
  }

  /** What refuses forged sources on a bridge names the bridge's own subnet. */
  private boolean overlaps(String source, DockerNetwork network) {
    Subnet allowed = Subnet.parse(source);
    return network.prefixes(family).stream()
        .map(Subnet::parse)
        .anyMatch(own -> own.contains(allowed.address()) || allowed.contains(own.address()));
  }

  private boolean isToBridge(Rule rule) {
    return rule.out().filter(to -> !to.negated() && network(to.value()).isPresent()).isPresent();
  }

  private Optional<DockerNetwork> network(String bridge) {
    return firewall.inventory().bridges().stream()
        .filter(network -> network.interfaceName().equals(bridge))
        .findFirst();
  }

  private static boolean isSecondNegation(Rule first, Rule second) {
    return isRefusal(first)
        && refusesAllBut(first)
        && refusesAllBut(second)
        && withoutSource(first).equals(withoutSource(second))
        && !first.text().equals(second.text());
  }

  private static boolean refusesAllBut(Rule rule) {
    return isNegated(rule, "-s") || isNegated(rule, "--src-range");
  }

  private static boolean isNegated(Rule rule, String name) {
    return rule.option(name).filter(RuleOption::negated).isPresent();
  }

  private static Set<RuleOption> withoutSource(Rule rule) {
    Set<RuleOption> options = new HashSet<>(rule.options());
    options.removeIf(
        option ->
            Set.of("-s", "--src-range", "-m", "-j", "--comment", "--reject-with")
                .contains(option.name()));
    return options;
  }

  /** A rule that asks for ports or states spares answers; one for given sources means them. */
  private boolean hitsAnswers(Rule rule) {
    boolean anySource = rule.source().isEmpty() && rule.option("--src-range").isEmpty();
    boolean fromContainers =
        rule.in().filter(in -> !in.negated() && network(in.value()).isPresent()).isPresent();
    return (anySource || refusesAllBut(rule))
        && !fromContainers
        && rule.options().stream()
            .noneMatch(
                option ->
                    PORTS.contains(option.name())
                        || Set.of("--ctstate", "--state", "--ctdir").contains(option.name()));
  }

  private static boolean passesAnswers(Rule rule) {
    Optional<RuleOption> state = rule.option("--ctstate").or(() -> rule.option("--state"));
    return PASSING.contains(rule.target().orElse(""))
        && state.filter(option -> option.value().contains("ESTABLISHED")).isPresent();
  }

  private void hostPort(int place, Rule rule) {
    String protocol = rule.protocol().map(RuleOption::value).orElse("");
    Optional<String> number = rule.option("--dport").map(RuleOption::value);
    if (number.isEmpty()) {
      return;
    }
    List<PortMapping> mappings = PortMapping.all(firewall.inventory(), family);
    boolean ofContainer =
        mappings.stream()
            .anyMatch(one -> number.get().equals(String.valueOf(one.port().containerPort())));
    for (PortMapping mapping : mappings) {
      PublishedPort port = mapping.port();
      if (!ofContainer
          && port.protocol().equals(protocol)
          && number.get().equals(String.valueOf(port.hostPort()))) {
        add(
            Finding.Severity.ERROR,
            "host-port",
            place,
            rule,
            "port " + number.get() + " is the host's, and was turned into " + mapping.target(),
            "no packet has it any more: the rule does nothing",
            "match --dport "
                + port.containerPort()
                + ", or -m conntrack --ctorigdstport "
                + port.hostPort()
                + " --ctdir ORIGINAL");
        return;
      }
    }
  }

  private void tooStrong(int place, Rule rule) {
    if (rule.target().equals(Optional.of("ACCEPT")) && !passesAnswers(rule)) {
      add(
          Finding.Severity.WARNING,
          "accept-too-strong",
          place,
          rule,
          "it accepts for good, without asking Docker's rules",
          "what it matches passes isolation, icc=false and ports that are not published",
          "use -j RETURN, which goes on to Docker's rules");
    }
  }

  private void add(
      Finding.Severity severity,
      String name,
      int place,
      Rule rule,
      String what,
      String consequence,
      String cure) {
    findings.add(
        new Finding(
            severity,
            name,
            DriftFindings.place(family, "filter", "DOCKER-USER", place + 1),
            Optional.of(rule),
            what,
            consequence,
            cure));
  }
}
