package io.github.jnstools.firewall;

import java.util.List;

/**
 * A command of a script, and what is to be said of it.
 *
 * @param line the number of its line, from 1
 * @param text the command, without what runs it
 * @param effect what it would do on this host, for a person
 * @param findings what is wrong with it
 */
public record LintedCommand(int line, String text, String effect, List<Finding> findings) {
  public LintedCommand {
    findings = List.copyOf(findings);
  }
}
