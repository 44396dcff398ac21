package io.github.jnstools.cli;

import static io.github.jnstools.cli.CapturedRun.JUMP;
import static io.github.jnstools.cli.CapturedRun.NEW;
import static io.github.jnstools.cli.CapturedRun.copy;
import static io.github.jnstools.cli.CapturedRun.on;
import static io.github.jnstools.cli.CapturedRun.replace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found on captured hosts, and what cannot be known of them. */
class JdocknetVerifyTest {
  @TempDir Path directory;

  @Test
  void verifiesAHostOnWhichAllIsWell() {
    Result verify = on(NEW, "verify");
    assertEquals(0, verify.status(), verify.out());
    assertEquals("", verify.err());
    assertTrue(verify.out().endsWith("\nfindings: 0 error, 0 warning, 0 note, 0 unknown\n"));
  }

  @Test
  void findsARuleThatWasLost() throws Exception {
    Path host = copy(NEW, directory);
    replace(host.resolve("iptables-save-c.txt"), JUMP, "");
    Result verify = on(host, "verify");
    assertEquals(1, verify.status(), verify.err());
    assertTrue(
        verify
            .out()
            .contains(
                "\nerror missing: IPv4 filter DOCKER-FORWARD\n"
                    + "  rule:  -A DOCKER-FORWARD -j DOCKER-CT\n"),
        verify.out());
    assertTrue(verify.out().endsWith("\nfindings: 1 error, 0 warning, 0 note, 0 unknown\n"));
    JsonObject finding = JsonParser.array().from(on(host, "verify --json").out()).getObject(0);
    assertEquals(
        Set.of("severity", "name", "where", "rule", "what", "consequence", "cure"),
        finding.keySet());
    assertEquals("missing", finding.getString("name"));
  }

  @ParameterizedTest
  @CsvSource({
    "iptables-save-c.txt,iptables-save.txt",
    "ip6tables-save.txt,",
    "nft-list-ruleset.json,",
    "sysctl.txt,"
  })
  void cannotKnowWhatWasNotRead(String file, String other) throws Exception {
    Path host = copy(NEW, directory);
    Files.delete(host.resolve(file));
    if (other != null) {
      Files.delete(host.resolve(other));
    }
    Result verify = on(host, "verify");
    assertEquals(2, verify.status(), verify.out());
    assertTrue(verify.err().contains("no such file"), verify.err());
  }

  @Test
  void aTextThatWasCutOffIsToldAndUnknown() throws Exception {
    Path host = copy(NEW, directory);
    Path rules = host.resolve("iptables-save-c.txt");
    Files.writeString(rules, Files.readString(rules).substring(0, 2000));
    Result verify = on(host, "verify");
    assertEquals(2, verify.status(), verify.out());
    assertTrue(verify.err().startsWith("jdocknet: iptables-save, line "), verify.err());
    Result trace = on(host, "trace web api:443");
    assertTrue(trace.out().contains("\nunknown: "), trace.out());
  }

  @Test
  void cannotKnowWithoutWhatTheEngineSays() throws Exception {
    Path host = copy(NEW, directory);
    Files.delete(host.resolve("docker-inspect.json"));
    assertEquals(2, on(host, "verify").status());
    assertEquals(1, on(host, "ls").status());
    assertEquals("", on(host, "ls").out());
  }

  @Test
  void rulesOfThisHostAreNotThoseOfARootlessDaemon() throws Exception {
    Path host = copy(NEW, directory);
    replace(
        host.resolve("docker-info.json"),
        "\"SecurityOptions\":[",
        "\"SecurityOptions\":[\"name=rootless\",");
    Result verify = on(host, "verify");
    assertEquals(2, verify.status());
    assertTrue(verify.err().startsWith("jdocknet: docker(info): a rootless daemon has"));
    assertEquals("", verify.out());
    assertEquals(0, on(host, "ls").status());
  }

  @Test
  void twoBackendsOfIptablesMakeAllUnknown() throws Exception {
    Path host = copy(NEW, directory);
    Files.copy(host.resolve("iptables-save.txt"), host.resolve("iptables-legacy-save.txt"));
    assertEquals(2, on(host, "verify").status());
    Result trace = on(host, "trace 192.0.2.1 host:8080");
    assertTrue(
        trace
            .out()
            .endsWith(
                "unknown: REACHABLE by these rules, but the other backend of iptables has rules"
                    + " of IPv4, too\n"),
        trace.out());
  }
}
