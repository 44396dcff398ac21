package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Scripts, taken apart. */
class ShellCommandTest {
  private static List<String> commands(String script) {
    return ShellCommand.parseAll(script).stream()
        .map(command -> command.line() + ": " + String.join("|", command.words()))
        .toList();
  }

  @Test
  void commandsEndAtLinesAndOperators() {
    assertEquals(
        List.of("1: a|b", "1: c", "2: d", "2: e", "3: f"), commands("a b; c\nd && e\n f | \n"));
  }

  @Test
  void lineThatGoesOnIsOneCommandAndLinesAreCounted() {
    assertEquals(
        List.of("2: iptables|-A|X", "5: b"), commands("\niptables \\\n  -A \\\r\n X\nb\n"));
  }

  @Test
  void commentsEndWithTheirLineAndStandAloneOnly() {
    assertEquals(List.of("2: a#b|c"), commands("# iptables -F; x\na#b c # d\n"));
  }

  @Test
  void quotesKeepBlanksAndOperators() {
    assertEquals(
        List.of("1: a|b;  \"c|d'e|f", "3: g"), commands("a \"b;  \\\"c\" \"d'e\" 'f'\n\ng"));
  }

  @Test
  void variablesThatTheScriptSetsAreReplacedAndOthersStay() {
    assertEquals(
        List.of("3: /sbin/iptables|-w|-s|10.0.0.1|$other|$1"),
        commands("IPT='/sbin/iptables -w'\nexample='10.0.0.1'\n$IPT -s \"${example}\" $other $1"));
  }
}
