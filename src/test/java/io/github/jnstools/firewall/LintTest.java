package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands as people write them, on captured hosts. */
class LintTest {
  private static final String SEED = "seed-experiment-docker0-20.10.24";
  private static final String ANSWERS =
      "iptables -I DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN";

  private static DockerFirewall seed() {
    return Hosts.seed(SEED, "00-baseline");
  }

  private static String names(Lint lint) {
    return lint.commands().stream()
        .map(
            command ->
                command.findings().stream()
                    .map(Finding::name)
                    .distinct()
                    .collect(Collectors.joining("+")))
        .collect(Collectors.joining(" "));
  }

  /** The three examples of a much copied text, and the same in the order that works. */
  @ParameterizedTest
  @CsvSource({
    "! -s 192.168.1.1, ex1",
    "! -s 192.168.1.0/24, ex2",
    "-m iprange ! --src-range 192.168.1.1-192.168.1.3, ex3"
  })
  void examplesAsPublishedAreCaughtAndTheCorrectedOnesPass(String source, String example) {
    String published = "iptables -A DOCKER-USER -i docker0 " + source + " -j DROP";
    assertEquals("dead+wrong-direction", names(Lint.of(published, seed())));
    // Where nothing ends the chain, the same line cuts every container off.
    assertEquals(
        "ipv6-past-list+wrong-direction", names(Lint.of(published, Hosts.firewall("29.7.2-std"))));
    String inserted = published.replace("-A", "-I");
    assertEquals("wrong-direction", names(Lint.of(inserted, seed())));
    String appended = published.replace("docker0", "eth0");
    assertEquals("dead+answers-refused", names(Lint.of(appended, seed())));
    String docs = inserted.replace("docker0", "eth0");
    assertEquals("answers-refused", names(Lint.of(docs, seed())));
    assertEquals(" ", names(Lint.of(docs + "\n" + ANSWERS, seed())));
    Map<String, String> scripts =
        Map.of(
            "a-seed-literal", published,
            "b-insert-wrong-if", inserted,
            "c-append-right-if", appended,
            "d-docs-form", docs,
            "e-corrected", docs + "\n" + ANSWERS);
    scripts.forEach((form, script) -> doesWhatConnectsDid(example + "-" + form, script));
  }

  private static void doesWhatConnectsDid(String config, String script) {
    Ruleset after = Lint.of(script, seed()).change().after().rules().ipv4().orElseThrow();
    HostNetwork network = Observed.network(SEED);
    Map<String, Verdict> observed = new TreeMap<>();
    Map<String, Verdict> traced = new TreeMap<>();
    for (Observed row : Observed.all(SEED)) {
      if (row.config().equals(config)) {
        observed.put(row.line(), row.verdict());
        traced.put(row.line(), PacketTrace.of(Filters.of(after), network, row.flow()).verdict());
      }
    }
    assertEquals(11, observed.size());
    assertEquals(observed, traced, config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host-port                 | iptables -I DOCKER-USER -i eth0 -p tcp --dport 18080 -j DROP",
        "''                        | iptables -I DOCKER-USER -i eth0 -p tcp --dport 80 -j DROP",
        "''                        | iptables -I DOCKER-USER -i eth0 -p tcp -m conntrack"
            + " --ctorigdstport 18080 --ctdir ORIGINAL -j DROP",
        "accept-too-strong         | iptables -I DOCKER-USER -s 10.0.0.1 -j ACCEPT",
        "input-for-published       | iptables -A INPUT -p tcp --dport 18080 -j DROP",
        "input-for-published       | iptables -I INPUT -p tcp -m multiport --dports 22,18080"
            + " -j DROP",
        "''                        | iptables -A INPUT -p tcp --dport 22 -j DROP",
        "behind-docker             | iptables -A FORWARD -s 10.0.0.1 -j DROP",
        "sinks+jump-not-first      | iptables -I FORWARD -s 10.0.0.1 -j DROP",
        "''                        | iptables -I FORWARD 2 -i wg0 -j ACCEPT",
        "jump-missing              | iptables -D FORWARD 1",
        "jump-missing              | iptables -D FORWARD -j DOCKER-USER",
        "flushes-docker            | iptables -F",
        "flushes-docker            | iptables -t nat -F",
        "flushes-docker            | iptables --flush FORWARD",
        "''                        | iptables -F DOCKER-USER",
        "chain-of-docker+extra     | iptables -I DOCKER -s 10.0.0.1 -j ACCEPT",
        "name-in-rule              | iptables -I DOCKER-USER -s example.org -j DROP",
        "unknown-variable          | iptables -I DOCKER-USER -s $CLIENT -j DROP",
        "rules-unknown             | ip6tables -I DOCKER-USER -s fd00::1 -j DROP",
        "neighbours-refused+answers-refused | iptables -I DOCKER-USER -o docker0 ! -s 10.0.0.1"
            + " -j DROP",
        "''                        | iptables -w 5 -t filter -L DOCKER-USER -n -v"
      })
  void whatIsWrongWithACommandIsTold(String names, String command) {
    assertEquals(names, names(Lint.of(command, seed())));
  }

  /** All of these were tried: iptables 1.8.9 ends with status 1 or 2. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "iptables -A INPUT -s ! 1.2.3.4 -j DROP",
        "iptables -A INPUT --dport 80 -j DROP",
        "iptables -t nat -A PREROUTING -p tcp -j DROP",
        "iptables -A INPUT ! -s 1.2.3.4,1.2.3.5 -j DROP",
        "iptables -A INPUT -m multiport --dports 80,443 -j DROP",
        "iptables -A NOPE -j DROP",
        "iptables -t nat -A PREROUTING -o eth0 -j ACCEPT",
        "iptables -A INPUT -o eth0 -j ACCEPT",
        "iptables -A INPUT -s 192.168.1.1-192.168.1.3 -j DROP",
        "iptables -N DOCKER-USER",
        "iptables -D DOCKER-USER -s 1.2.3.4 -j DROP",
        "iptables -I DOCKER-USER 7 -s 1.2.3.4 -j DROP",
        "iptables \u2013A INPUT \u2013s 1.2.3.4 \u2013j DROP"
      })
  void whatIptablesRefusesIsToldAndChangesNothing(String command) {
    Lint lint = Lint.of(command, seed());
    assertEquals("refused", names(lint));
    assertEquals("fails", lint.commands().get(0).effect());
    assertEquals(seed().rules(), lint.change().after().rules());
  }

  @Test
  void listOfAddressesBecomesARuleForEach() {
    Lint lint = Lint.of("iptables -I DOCKER-USER -s 1.2.3.4,1.2.3.0/24 -j DROP", seed());
    assertEquals(
        List.of(
            "-A DOCKER-USER -s 1.2.3.4/32 -j DROP",
            "-A DOCKER-USER -s 1.2.3.0/24 -j DROP",
            "-A DOCKER-USER -j RETURN"),
        Hosts.lines(lint.change().after().rules().ipv4().orElseThrow(), "filter", "DOCKER-USER"));
  }

  @Test
  void twoNegationsAreToldAtTheOneThatMakesThemTwo() {
    Lint lint =
        Lint.of(
            "#!/bin/sh\nset -e\nIPT=\"sudo -n /usr/sbin/iptables\"\n"
                + ANSWERS
                + "\nsudo iptables -I DOCKER-USER 2 -i eth0 \\\n  ! -s 10.0.0.1 -j DROP\n"
                + "$IPT -I DOCKER-USER 2 -i eth0 ! -s 10.0.0.2 -j DROP\n",
            seed());
    assertEquals("  two-negations", names(lint));
    assertEquals(List.of(4, 5, 7), lint.commands().stream().map(LintedCommand::line).toList());
    assertEquals(
        List.of(
            "inserts rule 1 of IPv4 filter DOCKER-USER",
            "inserts rule 2 of IPv4 filter DOCKER-USER",
            "inserts rule 2 of IPv4 filter DOCKER-USER"),
        lint.commands().stream().map(LintedCommand::effect).toList());
  }

  @Test
  void aDeadRuleThatIsWrongBesidesIsToldWhatItWouldDoElsewhere() {
    List<Finding> findings =
        Lint.of("\niptables -A DOCKER-USER -i docker0 ! -s 10.0.0.1 -j DROP", seed())
            .commands()
            .get(0)
            .findings();
    assertEquals("IPv4 filter DOCKER-USER 2", findings.get(0).where());
    assertEquals("line 2", findings.get(1).where());
    assertTrue(
        findings.get(1).consequence().startsWith("on a host where packets come to it: "),
        findings.get(1).consequence());
  }

  @Test
  void whatALaterCommandMendsIsNotTold() {
    String wrong = "iptables -I DOCKER-USER -i docker0 ! -s 192.168.1.1 -j DROP";
    assertEquals(" ", names(Lint.of(wrong + "\n" + wrong.replace("-I", "-D"), seed())));
    assertEquals(" ", names(Lint.of(wrong + "\niptables -F DOCKER-USER", seed())));
  }

  @Test
  void whatComesBackIsToldWhereItComesBack() {
    String wrong = "iptables -I DOCKER-USER -i docker0 ! -s 192.168.1.1 -j DROP\n";
    String mended = wrong.replace("-I", "-D");
    assertEquals("  wrong-direction", names(Lint.of(wrong + mended + wrong, seed())));
  }

  @Test
  void ruleIsFoundToBeTakenOutThoughItIsWrittenInAnotherWay() {
    Lint lint =
        Lint.of(
            "iptables -I DOCKER-USER -s 10.0.0.1/32 -p tcp -m tcp --dport 80 -j DROP\n"
                + "iptables --delete DOCKER-USER -p tcp --dport 80 --source 10.0.0.1 -j DROP",
            seed());
    assertEquals("takes out IPv4 filter DOCKER-USER 1", lint.commands().get(1).effect());
    assertEquals(List.of(), lint.commands().get(1).findings());
  }

  /** What an allow-list writes, as commands. */
  @Test
  void rulesOfAnAllowListPass() {
    AllowList list =
        AllowList.NONE
            .with(Optional.empty(), List.of(AddressRange.parse("192.168.1.1-192.168.1.3")))
            .with(
                Optional.of(HostPort.parse("18080")),
                List.of(AddressRange.parse("192.168.1.0/24")));
    List<String> lines = new ArrayList<>(List.of("iptables -F DOCKER-USER"));
    new AllowPlan(seed(), list)
        .wanted(IpFamily.IPV4)
        .orElseThrow()
        .rules()
        .forEach(rule -> lines.add("iptables " + rule.text()));
    Lint lint = Lint.of(String.join("\n", lines), seed());
    assertTrue(lint.commands().stream().allMatch(command -> command.findings().isEmpty()));
    assertEquals(list, AllowList.of(lint.change().after().rules()));
  }

  @Test
  void otherProgramsAreNoCommandsOfFirewalls() {
    assertEquals(
        List.of(),
        Lint.of("echo iptables -F\ndocker run -p 80:80 web\niptables-save > x", seed()).commands());
  }
}
