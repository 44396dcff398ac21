package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;

/**
 * What the iptables commands of a script, as people write it, would do on a host.
 *
 * <p>They are applied, one after the other, to the rules that are there, and each is told what is
 * wrong because of it once the last has run: a rule that a later command mends is not told.
 *
 * @param commands those of iptables and ip6tables, in their order
 * @param change of the host's rules by all of them
 */
public record Lint(List<LintedCommand> commands, FirewallChange change) {
  public Lint {
    commands = List.copyOf(commands);
  }

  /** Reads a script: lines of sh, with continuations, sudo, and variables that it sets itself. */
  public static Lint of(String script, DockerFirewall host) {
    List<AppliedCommand> applied = new ArrayList<>();
    DockerFirewall now = host;
    for (ShellCommand words : ShellCommand.parseAll(script)) {
      Optional<IptablesCommand> command = IptablesCommand.of(words);
      if (command.isPresent()) {
        applied.add(AppliedCommand.of(command.get(), now));
        now = applied.get(applied.size() - 1).after();
      }
    }
    FirewallChange change = new FirewallChange(host, now);
    List<Finding> left = new ArrayList<>(change.findings());
    LinkedList<LintedCommand> linted = new LinkedList<>();
    // From the last on: what was mended and came back is there because of who brought it back.
    for (int i = applied.size() - 1; i >= 0; i--) {
      List<Finding> mine = applied.get(i).owned(left);
      left.removeAll(mine);
      linted.addFirst(applied.get(i).linted(mine));
    }
    return new Lint(linted, change);
  }
}
