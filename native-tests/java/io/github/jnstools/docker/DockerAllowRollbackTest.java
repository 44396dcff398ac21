package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jdocknet allow apply} and {@code rollback} on an engine's own rules. */
@DockerTest
class DockerAllowRollbackTest {
  @TempDir static Path busybox;
  @AutoClose private static AllowHost host;
  @TempDir Path directory;
  private String before;

  @BeforeAll
  static void start() throws Exception {
    host = AllowHost.start(busybox);
  }

  @BeforeEach
  void empty() throws Exception {
    host.empty();
    before = UserRules.all();
  }

  private static String allow(String... arguments) throws Exception {
    return UserRules.allow(arguments).mustSucceed().out();
  }

  private static void refuses(String message, String... arguments) throws Exception {
    String rules = UserRules.all();
    Run run = UserRules.allow(arguments);
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals("jdocknet: " + message, run.err().split("\n")[0]);
    assertEquals(rules, UserRules.all());
  }

  @Test
  void aFileIsTheWholeList() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("allow.yaml"),
            "ports:\n  18080/tcp:\n    - 10.0.0.2\n    - 'fd00::'\nall: []\n");
    allow("add", "--port", "53/udp", "10.0.0.1");
    String applied = allow("apply", file.toString());
    assertTrue(applied.contains("IPv4 filter DOCKER-USER"), applied);
    assertTrue(applied.contains("IPv6 filter DOCKER-USER"), applied);
    assertEquals("18080/tcp: 10.0.0.2, fd00::\nall other ports: nobody\n", allow("list"));
    String after = UserRules.all();
    assertTrue(after.contains(UserRules.FOREIGN), after);
    assertTrue(allow("apply", file.toString()).endsWith("nothing to change\n"));
    Path listed = Files.writeString(directory.resolve("listed.yaml"), allow("list", "--yaml"));
    assertTrue(allow("apply", listed.toString()).endsWith("nothing to change\n"));
    assertEquals(after, UserRules.all());
    Run none = Run.of("sh", "-c", "echo '{}' | " + Tools.JDOCKNET + " allow apply -");
    none.mustSucceed();
    assertEquals(before, UserRules.all());
  }

  @Test
  void aSecondRollbackGoesForthAgain() throws Exception {
    allow("add", "--port", "18080", "10.0.0.1");
    String one = UserRules.all();
    allow("add", "--port", "18080", "10.0.0.2");
    String two = UserRules.all();
    String dry = allow("rollback", "--dry-run");
    assertTrue(dry.contains("-A DOCKER-USER -s 10.0.0.1/32"), dry);
    assertEquals(two, UserRules.all());
    String diff = allow("rollback");
    assertTrue(diff.contains("\n--A DOCKER-USER -s 10.0.0.2/32"), diff);
    assertEquals(one, UserRules.all());
    allow("rollback");
    assertEquals(two, UserRules.all());
    allow("rollback");
    allow("remove", "--port", "18080");
    assertEquals(before, UserRules.all());
    allow("rollback");
    assertEquals(one, UserRules.all());
  }

  @Test
  void whereNothingWasWrittenNothingIsTakenBack() throws Exception {
    refuses("allow(rollback): there is no write to take back", "rollback");
    allow("remove");
    refuses("allow(rollback): there is no write to take back", "rollback");
  }

  @Test
  void aChangeOfSomebodyElseIsNotDroppedUnlessForced() throws Exception {
    allow("add", "10.0.0.1");
    UserRules.sh("iptables -I DOCKER-USER -s 203.0.113.10 -j DROP");
    refuses(
        "allow(IPv4 filter DOCKER-USER): somebody else has changed the chain since the last write",
        "rollback");
    String changed = UserRules.all();
    allow("rollback", "--force");
    assertEquals(before, UserRules.all());
    allow("rollback");
    assertEquals(changed, UserRules.all());
  }

  @Test
  void aChainThatIsGoneIsNotMade() throws Exception {
    allow("add", "10.0.0.1");
    UserRules.sh(
        "ip6tables -F DOCKER-USER; ip6tables -D FORWARD -j DOCKER-USER; ip6tables -X DOCKER-USER");
    try {
      refuses("allow(IPv6 filter DOCKER-USER): the chain is gone", "rollback", "--force");
    } finally {
      UserRules.sh("ip6tables -N DOCKER-USER; ip6tables -I FORWARD -j DOCKER-USER");
    }
  }

  @Test
  void aRollbackThatWouldCutOffWhoManagesTheHostIsRefused() throws Exception {
    Map<String, String> ssh = Map.of("SSH_CONNECTION", "192.0.2.7 50000 192.0.2.1 22");
    allow("add", "10.0.0.1");
    allow("remove");
    Run refused = UserRules.allow(ssh, "rollback");
    assertEquals("exited 1", refused.status(), refused::toString);
    assertTrue(refused.out().contains("error cuts-management"), refused.out());
    assertEquals(before, UserRules.all());
    UserRules.allow(ssh, "rollback", "--force").mustSucceed();
    assertNotEquals(before, UserRules.all());
  }
}
