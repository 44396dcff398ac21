package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A command that was applied to a host's rules in memory.
 *
 * @param command itself
 * @param before the host before it
 * @param after the host after it; the same if it changes no rule
 * @param effect what it does, for a person
 * @param findings what is wrong with it by itself
 */
record AppliedCommand(
    IptablesCommand command,
    DockerFirewall before,
    DockerFirewall after,
    String effect,
    List<Finding> findings) {

  static AppliedCommand of(IptablesCommand command, DockerFirewall before) {
    return new Applying(command, before).apply();
  }

  /** Those of some findings that are there because of this command. */
  List<Finding> owned(List<Finding> some) {
    if (before == after) {
      return List.of();
    }
    Set<FirewallChange.Complaint> fresh =
        new FirewallChange(before, after)
            .findings().stream().map(FirewallChange.Complaint::of).collect(Collectors.toSet());
    return some.stream()
        .filter(finding -> fresh.contains(FirewallChange.Complaint.of(finding)))
        .toList();
  }

  /** With what is there because of it. */
  LintedCommand linted(List<Finding> owned) {
    List<Finding> all = new ArrayList<>(findings);
    // That each single rule of Docker is missing then says no more.
    if (!new CommandFindings(before, command).flushesDocker()) {
      all.addAll(owned);
    }
    Set<String> told = owned.stream().map(Finding::name).collect(Collectors.toSet());
    if (told.contains("dead")) {
      ifItWereAsked().stream().filter(each -> !told.contains(each.name())).forEach(all::add);
    }
    return new LintedCommand(command.line(), command.text(), effect, all);
  }

  /** A rule that no packet comes to here may be wrong besides, and come alive on another host. */
  private List<Finding> ifItWereAsked() {
    Set<String> texts = command.rules().stream().map(Rule::text).collect(Collectors.toSet());
    List<Rule> rules = new ArrayList<>(command.rules());
    rules.addAll(Applying.chain(before, command));
    Ruleset moved = Applying.ruleset(before, command).with(command.table(), command.chain(), rules);
    return new FirewallChange(before, Applying.with(before, command, moved))
        .findings().stream()
            .filter(finding -> finding.rule().map(Rule::text).filter(texts::contains).isPresent())
            .map(this::conditional)
            .toList();
  }

  private Finding conditional(Finding finding) {
    return new Finding(
        finding.severity(),
        finding.name(),
        "line " + command.line(),
        finding.rule(),
        finding.what(),
        "on a host where packets come to it: " + finding.consequence(),
        finding.cure());
  }

  /** Applies one command. */
  private static final class Applying {
    private final IptablesCommand command;
    private final DockerFirewall before;
    private final List<Finding> findings = new ArrayList<>();

    Applying(IptablesCommand command, DockerFirewall before) {
      this.command = command;
      this.before = before;
    }

    static Ruleset ruleset(DockerFirewall host, IptablesCommand command) {
      return host.rules().of(command.family()).orElseThrow();
    }

    static List<Rule> chain(DockerFirewall host, IptablesCommand command) {
      return ruleset(host, command)
          .chain(command.table(), command.chain())
          .map(Chain::rules)
          .orElse(List.of());
    }

    static DockerFirewall with(DockerFirewall host, IptablesCommand command, Ruleset rules) {
      return DockerFirewall.of(host.rules().with(command.family(), rules), host.inventory());
    }

    AppliedCommand apply() {
      if (command.hasUnknown()) {
        say(
            Finding.Severity.UNKNOWN,
            "unknown-variable",
            "a part of it is only known when the script runs",
            "what it does there is judged as far as the rest tells",
            "set the variable in the script, or write the value");
      }
      if (before.rules().of(command.family()).isEmpty()) {
        say(
            Finding.Severity.UNKNOWN,
            "rules-unknown",
            "the rules of " + command.family().word() + " were not read",
            "what it would do cannot be said",
            "read them as root: ip6tables-save for IPv6");
        return done(before, "not known");
      }
      try {
        return taken();
      } catch (IllegalArgumentException e) {
        return refused(new RefusedCommand.Reason(e.getMessage(), "see iptables(8)"));
      }
    }

    private AppliedCommand taken() {
      Optional<RefusedCommand.Reason> reason = RefusedCommand.of(command, ruleset(before, command));
      if (reason.isPresent()) {
        return refused(reason.get());
      }
      findings.addAll(new CommandFindings(before, command).find());
      return switch (command.action()) {
        case "-A", "-I", "-R" -> add();
        case "-D" -> delete();
        case "-F" -> flush();
        case "-N" -> changed(List.of(), "makes the chain " + place(0));
        default -> done(before, "changes no rule that is looked at here");
      };
    }

    private AppliedCommand refused(RefusedCommand.Reason reason) {
      say(
          Finding.Severity.ERROR,
          "refused",
          reason.what(),
          "iptables refuses the command, and nothing changes",
          reason.cure());
      return done(before, "fails");
    }

    private AppliedCommand add() {
      List<Rule> rules = new ArrayList<>(chain(before, command));
      int place = command.action().equals("-A") ? rules.size() : Math.max(command.number(), 1) - 1;
      boolean replaces = command.action().equals("-R");
      if (place > rules.size() - (replaces ? 1 : 0)) {
        throw new IllegalArgumentException(place(0) + " has no rule " + (place + 1));
      }
      if (replaces) {
        rules.remove(place);
      }
      rules.addAll(place, command.rules());
      String how =
          switch (command.action()) {
            case "-A" -> "appends rule ";
            case "-I" -> "inserts rule ";
            default -> "replaces rule ";
          };
      return changed(rules, how + (place + 1) + " of " + place(0));
    }

    private AppliedCommand delete() {
      List<Rule> rules = new ArrayList<>(chain(before, command));
      int place = command.number() - 1;
      if (command.number() == 0) {
        Set<RuleOption> wanted = options(command.rules().get(0));
        List<Set<RuleOption>> there = rules.stream().map(Applying::options).toList();
        place = there.indexOf(wanted);
      }
      if (place < 0 || place >= rules.size()) {
        throw new IllegalArgumentException(place(0) + " has no such rule");
      }
      rules.remove(place);
      return changed(rules, "takes out " + place(place + 1));
    }

    /** A rule but for what only loads a match: people leave that out, iptables-save does not. */
    private static Set<RuleOption> options(Rule rule) {
      Set<RuleOption> options = new HashSet<>(rule.options());
      options.removeIf(option -> option.name().equals("-m"));
      return options;
    }

    private AppliedCommand flush() {
      Ruleset rules = ruleset(before, command);
      List<Chain> chains = rules.table(command.table()).map(Table::chains).orElse(List.of());
      for (Chain chain : chains) {
        if (command.chain().isEmpty() || command.chain().equals(chain.name())) {
          rules = rules.with(command.table(), chain.name(), List.of());
        }
      }
      String what = command.chain().isEmpty() ? "all of " + command.table() : place(0);
      return done(with(before, command, rules), "empties " + what);
    }

    private AppliedCommand changed(List<Rule> rules, String effect) {
      Ruleset ruleset = ruleset(before, command).with(command.table(), command.chain(), rules);
      return done(with(before, command, ruleset), effect);
    }

    private AppliedCommand done(DockerFirewall after, String effect) {
      return new AppliedCommand(command, before, after, effect, findings);
    }

    private String place(int number) {
      return DriftFindings.place(command.family(), command.table(), command.chain(), number);
    }

    private void say(
        Finding.Severity severity, String name, String what, String consequence, String cure) {
      findings.add(Finding.of(severity, name, "line " + command.line(), what, consequence, cure));
    }
  }
}
