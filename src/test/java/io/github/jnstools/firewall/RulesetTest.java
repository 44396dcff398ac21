package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RulesetTest {
  private static final String ALPHABET = "aZ09_-.,:/!\"\\' \t#[]*=é";

  /** All that a ruleset holds, in the order of its text, without comments. */
  private static String print(Ruleset ruleset) {
    StringBuilder text = new StringBuilder();
    for (Table table : ruleset.tables()) {
      text.append('*').append(table.name()).append('\n');
      for (Chain chain : table.chains()) {
        text.append(':').append(chain.name()).append(' ').append(chain.policy().orElse("-"));
        chain.counters().ifPresent(counters -> text.append(' ').append(counters));
        text.append('\n');
      }
      for (Chain chain : table.chains()) {
        for (Rule rule : chain.rules()) {
          rule.counters().ifPresent(counters -> text.append(counters).append(' '));
          text.append(Rule.of(chain.name(), rule.arguments()).text()).append('\n');
        }
      }
      text.append("COMMIT\n");
    }
    return text.toString();
  }

  private static Set<String> lines(String text) {
    Set<String> lines = new TreeSet<>(List.of(text.split("\n")));
    lines.removeIf(line -> line.startsWith("#"));
    return lines;
  }

  @Test
  void everyCapturedRulesetIsPrintedBackFromItsParts() throws MalformedException {
    int rules = 0;
    for (Path file : Samples.rulesets()) {
      String text = Samples.text(file);
      Ruleset ruleset = Ruleset.parse(text);
      assertEquals(text, ruleset.text(), file.toString());
      Set<String> missing = lines(text);
      missing.removeAll(lines(print(ruleset)));
      assertEquals(Set.of(), missing, file.toString());
      for (Table table : ruleset.tables()) {
        for (Chain chain : table.chains()) {
          rules += chain.rules().size();
          // Of one chain the order is that of the text, too.
          String[] expected =
              tableText(text, table.name())
                  .lines()
                  .filter(line -> line.contains("-A " + chain.name() + " "))
                  .toArray(String[]::new);
          assertEquals(List.of(expected), chain.rules().stream().map(Rule::line).toList());
        }
      }
    }
    assertTrue(rules > 2000, "" + rules);
  }

  private static String tableText(String text, String table) {
    int start = text.indexOf("*" + table + "\n");
    return text.substring(start, text.indexOf("COMMIT", start));
  }

  @Test
  void generatedRulesAreReadBackAsTheyWereWritten() {
    Random random = new Random(20);
    for (int round = 0; round < 20_000; round++) {
      List<String> arguments = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        arguments.add("--option" + random.nextInt(9));
        arguments.add("v" + word(random));
        arguments.add("--comment");
        arguments.add(word(random));
      }
      Rule rule = Rule.of("CHAIN", arguments);
      assertEquals(arguments, Rule.parse(rule.line()).arguments(), rule.line());
      assertEquals(rule, Rule.parse(rule.line()));
      assertEquals(arguments.get(3), rule.comment().orElseThrow(), rule.line());
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return word.toString();
  }

  @Test
  void ruleIsKnownByItsParts() {
    Rule rule =
        Rule.parse(
            "[3:180] -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80"
                + " -m comment --comment \"ssh \\\"dev\\\" -j\" -j ACCEPT");
    assertEquals(Optional.of(new Counters(3, 180)), rule.counters());
    assertEquals("DOCKER", rule.chain());
    assertEquals(new RuleOption("", true, "-i", List.of("docker0")), rule.in().orElseThrow());
    assertEquals("docker0", rule.out().orElseThrow().value());
    assertEquals("172.17.0.2/32", rule.destination().orElseThrow().value());
    assertEquals(Optional.empty(), rule.source());
    assertEquals("tcp", rule.protocol().orElseThrow().value());
    assertEquals(
        new RuleOption("tcp", false, "--dport", List.of("80")),
        rule.option("--dport").orElseThrow());
    assertEquals(Optional.of("ssh \"dev\" -j"), rule.comment());
    assertEquals(Optional.of("ACCEPT"), rule.target());
    assertTrue(rule.text().startsWith("-A DOCKER -d "), rule.text());
  }

  @Test
  void ruleOfAPersonMayLoadItsMatchUnasked() {
    Rule rule = Rule.parse("-A INPUT --protocol tcp --dport 22 --jump ACCEPT");
    assertEquals("tcp", rule.protocol().orElseThrow().value());
    assertEquals("tcp", rule.option("--dport").orElseThrow().module());
    assertEquals(Optional.of("ACCEPT"), rule.target());
  }

  @Test
  void chainKeepsPolicyAndCounters() {
    Chain forward =
        Samples.ruleset("29.7.2-std", "iptables-save.txt").chain("filter", "FORWARD").orElseThrow();
    assertEquals(Optional.of("DROP"), forward.policy());
    assertEquals(Optional.of(new Counters(0, 0)), forward.counters());
    assertTrue(forward.isBuiltIn());
    assertEquals(
        List.of("-A FORWARD -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD"),
        forward.rules().stream().map(Rule::text).toList());
  }

  @Test
  void tableThatOnlyNftCanReadIsTold() throws MalformedException {
    Ruleset ruleset =
        Ruleset.parse("# Table `nat' is incompatible, use 'nft' tool.\n*filter\nCOMMIT\n");
    assertEquals(Set.of("nat"), ruleset.unreadable());
  }

  @Test
  void malformedTextIsRefusedWithLineAndReason() {
    refuses("*filter\n:INPUT ACCEPT\n", "line 2: the text ends before the table filter does");
    refuses("*filter\n*nat\n", "line 2: the table nat begins before filter ends");
    refuses("*nat\nCOMMIT\n*nat\n", "line 3: the table nat for the second time");
    refuses("-A INPUT -j DROP\n", "line 1: outside of any table: -A INPUT");
    refuses("*filter\n-A WEB -j DROP\n", "line 2: a rule of the chain WEB, which the table");
    refuses("*filter\n:A -\n:A -\n", "line 3: the chain A for the second time");
    refuses("*filter\n:A\n", "line 2: a chain should be as :NAME POLICY [0:0]: :A");
    refuses("*filter\n:A - [x]\n", "line 2: counters should be as [12:720]: :A - [x]");
    refuses("*filter\n:A -\n[1:x] -A A\n", "line 3: counters should be as [12:720] before");
    refuses("*filter\n:A -\n-A A --comment \"x\n", "line 3: a quotation does not end");
    refuses("*filter\n:A -\n-A A -j DROP ! \n", "line 3: a negation of nothing");
    refuses("*filter\n:A -\n-A A stray\n", "line 3: the word stray belongs to no option");
    refuses("hello\n", "line 1: outside of any table: hello");
    refuses("*filter\nhello\n", "line 2: neither a rule, nor a chain, nor a table: hello");
  }

  private static void refuses(String text, String message) {
    MalformedException failure =
        assertThrows(MalformedException.class, () -> Ruleset.parse(text), text);
    assertTrue(failure.getMessage().startsWith("iptables-save, " + message), failure.getMessage());
    assertEquals("iptables-save", failure.source());
    assertTrue(failure.getMessage().contains("line " + failure.line() + ":"));
  }
}
