package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jnetns link} for the containers of a Docker engine. */
@DockerTest
class DockerJnetnsLinkTest {
  private static final String LONG_NAME = "n".repeat(300);

  /** The kernel could give this pid, but not so soon. */
  private static final String NUMBER = "4000000";

  @TempDir static Path busybox;
  @AutoClose private static DockerEngine engine;
  private static String web;
  private static String longId;
  private static Map<String, Long> pids = new TreeMap<>();
  @AutoClose private NetnsHome home;

  @BeforeAll
  static void startContainers() throws Exception {
    engine = DockerEngine.withBusybox(busybox);
    engine.run("network", "create", "backend").mustSucceed();
    web = start("web", "bridge");
    start("db", "backend");
    start("dark", "none");
    start("outside", "host");
    start("sharer", "container:web");
    start(NUMBER, "none");
    longId = start(LONG_NAME, "none");
    start("held", "none");
    engine.run("pause", "held").mustSucceed();
    engine.run("create", "--name", "fresh", "busybox", "/bin/sh").mustSucceed();
  }

  private static String start(String name, String network) throws Exception {
    String id = engine.sleeper(name, network);
    pids.put(name, engine.pid(id));
    return id;
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
  }

  private static String linked(String name) {
    return "linked " + name + " (docker:" + name + "): process " + pids.get(name) + "\n";
  }

  private static String addresses(String name) throws Exception {
    return Run.of("ip", "netns", "exec", name, "ip", "-br", "addr").mustSucceed().out();
  }

  @Test
  void ipShowsTheAddressThatDockerGave() throws Exception {
    assertEquals(linked("web") + linked("db"), Jnetns.out("link", "web", "db"));
    assertEquals(
        Map.of("web", Jnetns.file(pids.get("web")), "db", Jnetns.file(pids.get("db"))),
        Jnetns.links());
    String address = engine.inspect("web", "{{.NetworkSettings.IPAddress}}");
    assertTrue(addresses("web").contains(" " + address + "/16"), addresses("web"));
    address = engine.inspect("db", "{{.NetworkSettings.Networks.backend.IPAddress}}");
    assertTrue(addresses("db").contains(" " + address + "/16"), addresses("db"));
  }

  @Test
  void everyReferenceMeansTheSameLinkWhichStays() throws Exception {
    Jnetns.out("link", "web");
    Object made = Files.readAttributes(NetnsHome.path("web"), "unix:ino,ctime", link()).toString();
    String unchanged = linked("web").replace("linked", "unchanged");
    assertEquals(
        unchanged.repeat(5),
        Jnetns.out("link", "web", web, web.substring(0, 12), "docker:web", "docker:" + web));
    assertEquals(unchanged, Jnetns.out("link", "--force", "web"));
    assertEquals(
        made, Files.readAttributes(NetnsHome.path("web"), "unix:ino,ctime", link()).toString());
  }

  private static LinkOption link() {
    return LinkOption.NOFOLLOW_LINKS;
  }

  @Test
  void allAreOneLinkForEachNetworkNamespace() throws Exception {
    String number = "docker-" + NUMBER;
    String cut = "n".repeat(242) + "-" + longId.substring(0, 12);
    String expected =
        linked(NUMBER).replaceFirst(NUMBER, number)
            + linked("dark")
            + linked("db")
            + linked("held")
            + linked(LONG_NAME).replaceFirst(LONG_NAME, cut)
            + "skipped outside (docker:outside): it is on the host's network\n"
            + linked("web")
            + "shared sharer (docker:sharer): its network namespace is web\n";
    assertEquals(expected, Jnetns.out("link", "--all"));
    assertEquals(expected.replace("linked", "unchanged"), Jnetns.out("link", "--all"));
    Map<String, String> links = new TreeMap<>();
    for (String name : List.of("dark", "db", "held", "web")) {
      links.put(name, Jnetns.file(pids.get(name)));
    }
    links.put(number, Jnetns.file(pids.get(NUMBER)));
    links.put(cut, Jnetns.file(pids.get(LONG_NAME)));
    assertEquals(links, Jnetns.links());
    for (String name : links.keySet()) {
      String inside =
          Run.of("ip", "netns", "exec", name, "readlink", "/proc/self/ns/net").mustSucceed().out();
      assertEquals("net:[" + Files.getAttribute(NetnsHome.path(name), "unix:ino") + "]\n", inside);
    }
  }

  @Test
  void theHostsNetworkIsLinkedByForceOnly() throws Exception {
    Jnetns.assertRefuses("link(docker:outside): it is on the host's network", "link", "outside");
    assertEquals(Map.of(), Jnetns.links());
    assertEquals(linked("outside"), Jnetns.out("link", "--force", "outside"));
    assertTrue(addresses("outside").contains("docker0"), addresses("outside"));
  }

  @Test
  void aSharerHasALinkOfItsOwnIfOneIsAskedFor() throws Exception {
    Jnetns.out("link", "--all");
    assertEquals(linked("sharer"), Jnetns.out("link", "sharer"));
    assertEquals(addresses("web"), addresses("sharer"));
    assertEquals("sharer\nweb\n", Jnetns.out("identify", "docker:web"));
  }

  @Test
  void aSharerKeepsTheOldNamespaceWhenTheOwnerIsRestarted() throws Exception {
    start("owner", "none");
    start("guest", "container:owner");
    try {
      Jnetns.out("link", "--all");
      String old = Proc.ns(pids.get("guest"), "net");
      engine.run("restart", "-t", "0", "owner").mustSucceed();
      pids.put("owner", engine.pid("owner"));
      String told = Jnetns.out("link", "--all");
      assertTrue(told.contains("re" + linked("owner")), told);
      assertTrue(told.contains(linked("guest")), told);
      assertEquals(Jnetns.file(pids.get("owner")), Jnetns.links().get("owner"));
      assertEquals(Jnetns.file(pids.get("guest")), Jnetns.links().get("guest"));
      assertNotEquals(Proc.ns(pids.get("owner"), "net"), old);
      assertEquals("guest\n", Jnetns.out("identify", "" + pids.get("guest")));
    } finally {
      engine.run("rm", "-f", "owner", "guest").mustSucceed();
    }
  }

  @Test
  void whatDoesNotRunIsRefused() throws Exception {
    Jnetns.assertRefuses(
        "container(docker:fresh): the container is not running (created)", "link", "fresh");
    engine.run("run", "--name", "short", "--network", "none", "busybox", "/bin/false");
    Jnetns.assertRefuses(
        "container(docker:short): the container is not running (exited)", "link", "short");
    engine.run("rm", "short").mustSucceed();
  }

  @Test
  void whatWaitsForItsRestartIsRefused() throws Exception {
    engine.start(
        "--name", "loop", "--restart", "always", "--network", "none", "busybox", "/bin/false");
    String refusal = "jnetns: container(docker:loop): the container is not running (restarting)\n";
    try {
      // It runs at moments; each wait between them is twice as long as the one before.
      Poll.until("a refusal", () -> Jnetns.run("link", "loop").err().startsWith(refusal));
    } finally {
      engine.run("rm", "-f", "loop").mustSucceed();
    }
  }

  @Test
  void aNumberIsAPidUnlessTheEngineIsNamed() throws Exception {
    Jnetns.assertRefuses(
        "container(" + NUMBER + "): there is no process " + NUMBER + " in this /proc",
        "link",
        NUMBER);
    String name = "docker-" + NUMBER;
    assertEquals(linked(NUMBER).replaceFirst(NUMBER, name), Jnetns.out("link", "docker:" + NUMBER));
    long pid = pids.get("dark");
    Jnetns.assertRefuses(
        "name(" + pid + "): ip would take it for a pid", "link", "--name=" + pid, "" + pid);
    assertEquals(
        "linked dark (pid:" + pid + "): process " + pid + "\n",
        Jnetns.out("link", "--name=dark", "" + pid));
  }

  @Test
  void aPrefixOfSeveralIsRefusedWithTheirNames() throws Exception {
    Map<Character, List<String>> byStart = new TreeMap<>();
    for (String id : engine.run("ps", "-q", "--no-trunc").mustSucceed().out().split("\n")) {
      byStart.computeIfAbsent(id.charAt(0), c -> new ArrayList<>()).add(id);
    }
    List<String> more = new ArrayList<>();
    while (byStart.values().stream().allMatch(ids -> ids.size() < 2)) {
      String id = engine.start("--network", "none", "busybox", "/bin/sleep", "1000");
      more.add(id);
      byStart.computeIfAbsent(id.charAt(0), c -> new ArrayList<>()).add(id);
    }
    List<String> alike =
        byStart.values().stream().filter(ids -> ids.size() > 1).findFirst().orElseThrow();
    // Digits alone would be a pid.
    Run run = Jnetns.run("link", "docker:" + alike.get(0).charAt(0));
    assertEquals("exited 1", run.status());
    assertTrue(run.err().contains(": it may be any of docker:"), run::toString);
    for (String id : alike) {
      assertTrue(run.err().contains("docker:" + engine.inspect(id, "{{.Name}}").substring(1)));
    }
    assertEquals(Map.of(), Jnetns.links());
    for (String id : more) {
      engine.run("rm", "-f", id).mustSucceed();
    }
  }

  @Test
  void aPausedContainerIsLinkedAndEnteredAsAnyOther() throws Exception {
    assertEquals("true", engine.inspect("held", "{{.State.Paused}}"));
    assertEquals(linked("held"), Jnetns.out("link", "held"));
    assertTrue(addresses("held").startsWith("lo "), addresses("held"));
    String net = Proc.ns(pids.get("held"), "net") + "\n";
    for (String reference : List.of("held", "docker:held")) {
      assertEquals(net, Jnetns.out("exec", reference, "readlink", "/proc/self/ns/net"));
    }
    assertEquals("live", Jnetns.json("list", "--json", "held").getObject(0).get("state"));
    assertEquals("", Jnetns.out("prune"));
  }

  @Test
  void aKilledContainersLinkIsStaleAndPruned() throws Exception {
    start("brief", "none");
    long pid = pids.get("brief");
    try {
      Jnetns.out("link", "brief", "dark");
      Run.of("kill", "-KILL", "" + pid).mustSucceed();
      Poll.until("the end of brief", () -> !Proc.lives(pid));
      String told = Jnetns.out("link", "--all");
      assertTrue(told.contains("unchanged dark") && !told.contains("brief"), told);
      Jnetns.assertRefuses(
          "container(docker:brief): the container is not running (exited)", "link", "brief");
      Jnetns.assertRefuses(
          "open(/run/netns/brief): process " + pid + " is gone", "exec", "brief", "true");
      String brief = "brief (docker:brief): process " + pid + " is gone\n";
      assertEquals("removable " + brief, Jnetns.out("prune", "--dry-run"));
      assertEquals(Jnetns.file(pid), Jnetns.links().get("brief"));
      assertEquals("removed " + brief, Jnetns.out("prune"));
      assertEquals("", Jnetns.out("prune"));
      assertTrue(!Jnetns.links().containsKey("brief") && Jnetns.links().containsKey("dark"));
    } finally {
      engine.run("rm", "-f", "brief").mustSucceed();
    }
  }
}
