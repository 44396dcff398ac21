package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is wrong with a command whatever stands in the chains: its chain, or what it takes away. */
final class CommandFindings {
  private static final Set<String> REFUSING = Set.of("DROP", "REJECT");

  private final DockerFirewall firewall;
  private final IptablesCommand command;
  private final List<Finding> findings = new ArrayList<>();

  CommandFindings(DockerFirewall firewall, IptablesCommand command) {
    this.firewall = firewall;
    this.command = command;
  }

  List<Finding> find() {
    if (flushesDocker()) {
      add(
          Finding.Severity.ERROR,
          "flushes-docker",
          command.chain().isEmpty()
              ? "it empties all chains of table " + command.table() + ", Docker's too"
              : "it empties " + command.chain() + ", which Docker needs",
          "published ports, isolation and the way out of containers are gone",
          "empty DOCKER-USER only; what is gone the daemon writes anew as it is restarted");
    }
    if (command.adds()) {
      command.rules().forEach(this::ofRule);
    }
    return findings;
  }

  boolean flushesDocker() {
    Optional<Ruleset> rules = firewall.rules().of(command.family());
    boolean docker =
        rules.flatMap(ruleset -> ruleset.table(command.table())).stream()
            .flatMap(table -> table.chains().stream())
            .filter(chain -> command.chain().isEmpty() || command.chain().equals(chain.name()))
            .anyMatch(
                chain ->
                    Detection.CHAINS.contains(chain.name())
                        || chain.rules().stream().anyMatch(CommandFindings::jumpsToDocker));
    return command.action().equals("-F") && docker;
  }

  private static boolean jumpsToDocker(Rule rule) {
    String target = rule.target().orElse("");
    return Detection.CHAINS.contains(target) || target.equals(UserChain.NAME);
  }

  private void ofRule(Rule rule) {
    boolean refuses = REFUSING.contains(rule.target().orElse(""));
    boolean iptables = firewall.generation(command.family()).isIptables();
    if (Detection.CHAINS.contains(command.chain())) {
      add(
          Finding.Severity.WARNING,
          "chain-of-docker",
          command.chain() + " is Docker's own chain",
          "the rule is lost, or stands elsewhere, once Docker writes its rules anew",
          "use DOCKER-USER");
    }
    if (command.chain().equals("FORWARD") && refuses && iptables) {
      inForward();
    }
    if (command.table().equals("filter") && command.chain().equals("INPUT")) {
      published(rule).ifPresent(this::inInput);
    }
    if (rule.source().filter(source -> isName(source.value())).isPresent()) {
      add(
          Finding.Severity.WARNING,
          "name-in-rule",
          rule.source().orElseThrow().value() + " is a name",
          "it is looked up once, as the command runs, and its addresses stay in the rule",
          "write the address");
    }
  }

  private static boolean isName(String source) {
    return !IptablesCommand.isAddress(source) && !source.contains("$") && !source.contains("`");
  }

  private void inForward() {
    if (command.action().equals("-A")) {
      add(
          Finding.Severity.ERROR,
          "behind-docker",
          "it comes last in FORWARD, and Docker's rules come first",
          "what they accept it never sees: published ports stay open",
          "use DOCKER-USER, which is asked before them");
    } else if (!firewall.generation(command.family()).isAtLeast(Generation.BRIDGE_SET)) {
      add(
          Finding.Severity.WARNING,
          "sinks",
          "this layout puts its rules on top of FORWARD whenever a network is created",
          "the rule sinks below them, and sees no more what they accept",
          "use DOCKER-USER, which stays on top");
    }
  }

  private Optional<PortMapping> published(Rule rule) {
    List<String> numbers =
        rule.options().stream()
            .filter(option -> Set.of("--dport", "--dports").contains(option.name()))
            .flatMap(option -> Arrays.stream(option.value().split(",")))
            .toList();
    String protocol = rule.protocol().map(RuleOption::value).orElse("");
    return PortMapping.all(firewall.inventory(), command.family()).stream()
        .filter(mapping -> mapping.port().protocol().equals(protocol))
        .filter(mapping -> numbers.contains(Integer.toString(mapping.port().hostPort())))
        .findFirst();
  }

  private void inInput(PortMapping mapping) {
    add(
        Finding.Severity.ERROR,
        "input-for-published",
        "port " + mapping.port().hostPort() + " is published, and turned into " + mapping.target(),
        "its packets are forwarded and never come to INPUT: the rule does nothing to them",
        "use DOCKER-USER with -m conntrack --ctorigdstport "
            + mapping.port().hostPort()
            + " --ctdir ORIGINAL");
  }

  private void add(
      Finding.Severity severity, String name, String what, String consequence, String cure) {
    findings.add(Finding.of(severity, name, "line " + command.line(), what, consequence, cure));
  }
}
