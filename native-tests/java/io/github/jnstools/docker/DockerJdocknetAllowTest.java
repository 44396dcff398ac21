package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jdocknet allow} on an engine's own rules, beside real connections. */
@DockerTest
class DockerJdocknetAllowTest {
  private static final String FOREIGN = UserRules.FOREIGN;

  @TempDir static Path busybox;
  private static DockerEngine engine;
  private static NetnsHome home;
  private String before;

  @BeforeAll
  static void startServerAndClients() throws Exception {
    home = NetnsHome.make();
    engine = DockerEngine.withBusybox(busybox);
    engine.start(
        "--name", "web", "-p", "0.0.0.0:18080:80", "busybox", "/bin/busybox", "httpd", "-f");
    client("listed", "192.168.1");
    client("stranger", "192.168.2");
    Poll.until("the server answers", () -> reaches("listed", "192.168.1"));
  }

  /** A machine of its own, 1, at a wire of which this host is 254; it serves at 9000. */
  private static void client(String name, String net) throws Exception {
    sh("ip netns add " + name);
    sh("ip link add " + name + " type veth peer name eth0 netns " + name);
    sh("ip addr add " + net + ".254/24 dev " + name + " && ip link set " + name + " up");
    sh("ip -n " + name + " addr add " + net + ".1/24 dev eth0");
    sh("ip -n " + name + " link set eth0 up");
    sh("ip -n " + name + " route add default via " + net + ".254");
    sh("ip netns exec " + name + " busybox httpd -p 9000 -h /");
  }

  private static Run sh(String command) throws Exception {
    return Run.of("sh", "-c", command).mustSucceed();
  }

  @AfterAll
  static void endAll() throws Exception {
    for (String name : List.of("listed", "stranger")) {
      Run.of("sh", "-c", "kill $(ip netns pids " + name + "); ip netns del " + name);
    }
    if (engine != null) {
      engine.close();
    }
    if (home != null) {
      home.close();
    }
  }

  @BeforeEach
  void insertARuleOfSomebodyElse() throws Exception {
    sh("iptables " + FOREIGN.replace("-A", "-I"));
    before = UserRules.all();
  }

  @AfterEach
  void takeItOut() throws Exception {
    sh("iptables " + FOREIGN.replace("-A", "-D"));
  }

  private static List<String> withoutUserChain(String rules) {
    return rules.lines().filter(line -> !line.startsWith("-A DOCKER-USER")).toList();
  }

  private static boolean reaches(String client, String net) throws Exception {
    return connects("--net=/run/netns/" + client, net + ".254/18080");
  }

  private static boolean containerReaches(String to) throws Exception {
    return connects("--net=/proc/" + engine.pid("web") + "/ns/net", to);
  }

  private static boolean connects(String from, String to) throws Exception {
    return Run.of("nsenter", from, "timeout", "2", "bash", "-c", "echo >/dev/tcp/" + to)
        .succeeded();
  }

  private static Run allow(String... arguments) throws Exception {
    return UserRules.allow(arguments).mustSucceed();
  }

  @Test
  void onlyWhoIsListedConnectsAndContainersStillGetTheirAnswers() throws Exception {
    assertTrue(reaches("stranger", "192.168.2"));
    String dry = allow("add", "--port", "18080", "192.168.1.0/24", "--dry-run").out();
    assertEquals(before, UserRules.all());
    Run added = allow("add", "--port", "18080", "192.168.1.0/24");
    String after = UserRules.all();
    assertTrue(
        after.lines().toList().containsAll(dry.lines().filter(l -> l.startsWith("-A")).toList()),
        after);
    assertTrue(added.out().contains("+-A DOCKER-USER -s 192.168.1.0/24 ! -i docker0"), added.out());
    assertEquals(withoutUserChain(before), withoutUserChain(after));
    assertTrue(after.contains(FOREIGN), after);
    assertTrue(reaches("listed", "192.168.1"));
    assertTrue(!reaches("stranger", "192.168.2"));
    assertTrue(containerReaches("192.168.2.1/9000"));
    assertEquals("18080/tcp: 192.168.1.0/24\n", allow("list").out());
    String again = allow("add", "--port", "18080", "192.168.1.0/24").out();
    assertTrue(again.endsWith("nothing to change\n"), again);
    assertEquals(after, UserRules.all());
    allow("remove", "--port", "18080");
    assertEquals(before, UserRules.all());
    assertTrue(reaches("stranger", "192.168.2"));
  }

  @Test
  void theWayByWhichTheHostIsManagedIsNotClosedUnlessForced() throws Exception {
    Map<String, String> ssh = Map.of("SSH_CONNECTION", "192.168.2.1 50000 192.168.2.254 22");
    Run refused = UserRules.allow(ssh, "add", "192.168.1.1");
    assertEquals("exited 1", refused.status(), refused::toString);
    assertTrue(refused.out().contains("error cuts-management"), refused.out());
    assertEquals(before, UserRules.all());
    UserRules.allow(ssh, "add", "192.168.1.1", "--force").mustSucceed();
    assertTrue(reaches("listed", "192.168.1"));
    assertTrue(!reaches("stranger", "192.168.2"));
    allow("remove");
    assertEquals(before, UserRules.all());
  }
}
