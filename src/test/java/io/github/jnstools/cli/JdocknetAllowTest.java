package io.github.jnstools.cli;

import static io.github.jnstools.cli.CapturedRun.NEW;
import static io.github.jnstools.cli.CapturedRun.copy;
import static io.github.jnstools.cli.CapturedRun.on;
import static io.github.jnstools.cli.CapturedRun.replace;
import static io.github.jnstools.cli.Result.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists for captured hosts, which are not written to. */
class JdocknetAllowTest {
  /**
   * A line of {@link CapturedRun#NEW}'s iptables-save-c.txt, after which rules of DOCKER-USER go.
   */
  private static final String JUMP_TO_USER = "[0:0] -A FORWARD -j DOCKER-USER\n";

  @TempDir Path directory;

  @Test
  void printsTheChainOfAnAllowListAndWhatItCannotDo() throws Exception {
    Result result = on(NEW, "allow add --port 8080 192.0.2.0/25 --dry-run");
    assertEquals(0, result.status(), result.err());
    assertEquals(
        List.of(
            "# iptables-restore -w --noflush",
            "*filter",
            ":DOCKER-USER - [0:0]",
            "-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED"
                + " -m comment --comment \"jnstools:established\" -j RETURN",
            "-A DOCKER-USER -s 192.0.2.0/25 ! -i docker0 -o docker0 -p tcp"
                + " -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL"
                + " -m comment --comment \"jnstools:8080/tcp\" -j RETURN",
            "-A DOCKER-USER ! -i docker0 -o docker0 -p tcp"
                + " -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL"
                + " -m comment --comment \"jnstools:8080/tcp\" -j DROP",
            "COMMIT"),
        result.lines().subList(0, 7));
    assertEquals(
        "jdocknet: warning ipv6-past-list: container web [::]:8080->80/tcp:"
            + " DOCKER-USER keeps IPv4 out, and docker-proxy takes IPv6 for this port\n",
        result.err());
  }

  @Test
  void listsWhatStandsInTheRules() throws Exception {
    assertEquals(
        new Result(0, "no list: published ports are as open as Docker made them\n", ""),
        on(NEW, "allow list"));
    Path host = copy(NEW, directory);
    String rule =
        "[1:60] -A DOCKER-USER -s 10.0.0.1/32 ! -i docker0 -o docker0 -m comment"
            + " --comment \"jnstools:all\" -j RETURN\n";
    replace(host.resolve("iptables-save-c.txt"), JUMP_TO_USER, JUMP_TO_USER + rule);
    Result result = on(host, "allow list");
    assertEquals("all ports: 10.0.0.1\n", result.out());
    assertTrue(result.err().contains("the rules of IPv4 are not those that are due"), result.err());
    JsonObject list = JsonParser.array().from(on(host, "allow list --json").out()).getObject(0);
    assertEquals("10.0.0.1", list.getArray("sources").getString(0));
  }

  @ParameterizedTest
  @CsvSource({"0", "86401", "x", "-1"})
  void onlySecondsOfADayAreWaited(String seconds) {
    assertEquals(
        new Result(
            2,
            "",
            "jdocknet: invalid number of seconds '"
                + seconds
                + "': not a number from 1 to 86400\nTry 'jdocknet --help' for more information.\n"),
        run("jdocknet", "allow", "remove", "--auto-revert=" + seconds));
  }

  @Test
  void aFileIsAppliedAsTheWholeList() throws Exception {
    Path host = copy(NEW, directory);
    String rules =
        "[1:60] -A DOCKER-USER -s 203.0.113.9/32 -j DROP\n"
            + "[1:60] -A DOCKER-USER -s 10.0.0.1/32 ! -i docker0 -o docker0 -m comment"
            + " --comment \"jnstools:all\" -j RETURN\n";
    replace(host.resolve("iptables-save-c.txt"), JUMP_TO_USER, JUMP_TO_USER + rules);
    Path file = Files.writeString(host.resolve("allow.yaml"), "ports: {8080: [10.0.0.2]}\n");
    Result result = on(host, "allow apply --dry-run " + file);
    assertEquals(0, result.status(), result.err());
    List<String> ipv4 = result.lines().subList(0, result.lines().indexOf("COMMIT"));
    assertEquals("-A DOCKER-USER -s 203.0.113.9/32 -j DROP", ipv4.get(3));
    assertTrue(result.out().contains("-s 10.0.0.2/32"), result.out());
    assertFalse(result.out().contains("10.0.0.1/32"), result.out());
    Files.writeString(file, "{}");
    Result none = on(host, "allow apply --dry-run " + file);
    assertEquals(
        "# iptables-restore -w --noflush\n*filter\n:DOCKER-USER - [0:0]\n"
            + "-A DOCKER-USER -s 203.0.113.9/32 -j DROP\nCOMMIT\n",
        none.out());
  }

  @Test
  void theListIsPrintedAsTheFileThatMakesIt() throws Exception {
    Path host = copy(NEW, directory);
    Path file =
        Files.writeString(
            host.resolve("allow.yaml"),
            "ports:\n  8080/tcp:\n    - 10.0.0.0/8\n    - 192.0.2.1-192.0.2.3\nall: []\n");
    String dry = on(host, "allow apply --dry-run " + file).out();
    String rules = dry.substring(0, dry.indexOf("COMMIT")).replaceAll("(?m)^[^-].*\n", "");
    replace(host.resolve("iptables-save-c.txt"), JUMP_TO_USER, JUMP_TO_USER + rules);
    assertEquals(Files.readString(file), on(host, "allow list --yaml").out());
  }

  @Test
  void whatIsWrongInAFileIsToldWithItsLine() throws Exception {
    Path file = Files.writeString(directory.resolve("allow.yaml"), "all: []\nport: {}\n");
    assertEquals(
        new Result(1, "", "jdocknet: read(" + file + ":2): 'port' is none of ports, all\n"),
        on(NEW, "allow apply --dry-run " + file));
    assertEquals(
        new Result(1, "", "jdocknet: open(nofile): no such file\nhint: - is standard input\n"),
        on(NEW, "allow apply --dry-run nofile"));
    assertEquals(
        new Result(1, "", "jdocknet: read(" + directory + "): Is a directory\n"),
        on(NEW, "allow apply --dry-run " + directory));
  }

  @Test
  void aHostWithoutTheUsersChainIsNotWritten() {
    Result result = on("29.7.2-nftables-std", "allow add 10.0.0.1 --dry-run");
    assertEquals(1, result.status());
    assertEquals("", result.out());
    assertTrue(result.err().contains("error no-user-chain"), result.err());
    assertTrue(result.err().endsWith("jdocknet: nothing was written\n"), result.err());
  }
}
