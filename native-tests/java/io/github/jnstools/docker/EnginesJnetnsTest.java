package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.ContainerdEngine;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.PodmanEngine;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Docker, Podman and containerd on one host, each with a container of the same name. */
@DockerTest
class EnginesJnetnsTest {
  private static final String NUMBER = "4000000";

  @TempDir static Path busybox;
  private static ContainerdEngine containerd;
  private static DockerEngine docker;
  private static PodmanEngine podman;
  private static String dockers;
  private static String podmans;
  private static Map<String, Long> pids = new TreeMap<>();
  @AutoClose private NetnsHome home;

  @BeforeAll
  static void startEngines() throws Exception {
    containerd = ContainerdEngine.start();
    docker = DockerEngine.start();
    podman = PodmanEngine.open();
    Container.fill(busybox);
    docker.load(busybox, "busybox");
    podman.load(busybox, "busybox");
    pids.put("containerd:default/web", containerd.start("default", "web"));
    pids.put("containerd:other/web", containerd.start("other", "web"));
    dockers = docker.sleeper("web", "none");
    podmans = startPodmans("web");
    pids.put("docker:web", docker.pid(dockers));
    pids.put("podman:web", podman.pid(podmans));
    docker.sleeper(NUMBER, "none");
    docker.run("create", "--name", "fresh", "busybox", "/bin/sh").mustSucceed();
  }

  private static String startPodmans(String name) throws Exception {
    return podman.start("--name", name, "--network", "none", "busybox", "/bin/sleep", "1000");
  }

  @AfterAll
  static void endEngines() throws Exception {
    if (podman != null) {
      podman.close();
    }
    if (docker != null) {
      docker.close();
    }
    if (containerd != null) {
      containerd.close();
    }
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
  }

  private static String linked(String name, String reference) {
    return "linked " + name + " (" + reference + "): process " + pids.get(reference) + "\n";
  }

  private static Run jnsenter(String reference) throws Exception {
    return Run.of(Tools.JNSENTER, "-t", reference, "-n", "readlink", "/proc/self/ns/net");
  }

  private static void assertNotEntered(String message, String reference) throws Exception {
    Run run = jnsenter(reference);
    assertEquals("exited 1", run.status());
    assertEquals("jnsenter: container(" + message, run.err().split("\n")[0]);
  }

  @Test
  void anUnqualifiedNameIsAmbiguous() throws Exception {
    for (List<String> command :
        List.of(
            Jnetns.command("link", "web"),
            Jnetns.command("exec", "web", "true"),
            Jnetns.command("show", "web"),
            List.of(Tools.JNSENTER, "-t", "web", "-n", "true"))) {
      Run run = Run.of("", Map.of(), command);
      assertEquals("exited 1", run.status());
      String[] words = run.err().split("container\\(web\\): it may be any of |, |\n");
      assertEquals(pids.keySet(), new TreeSet<>(List.of(words).subList(1, 5)), run.err());
      assertEquals("hint: name one of these", words[5]);
    }
    assertEquals(Map.of(), Jnetns.links());
    Run run = Jnetns.run("link", "containerd:web");
    assertTrue(run.err().contains("it may be any of containerd:"), run.err());
  }

  @Test
  void oneThatIsQualifiedIsLinked() throws Exception {
    for (String reference : pids.keySet()) {
      assertEquals(linked("web", reference), Jnetns.out("link", reference));
      String other = reference.equals("docker:web") ? "podman:web" : "docker:web";
      Jnetns.assertRefuses(
          "link(/run/netns/web): the name is that of " + reference, "link", "--name=web", other);
      String second = "web-" + (other.equals("docker:web") ? dockers : podmans).substring(0, 12);
      assertEquals(linked(second, other), Jnetns.out("link", other));
      assertEquals("removed " + second + " (" + other + ")\n", Jnetns.out("unlink", other));
      JsonObject owner = Jnetns.json("list", "--json").getObject(0).getObject("owner");
      assertEquals(reference, owner.getString("reference"));
      String name = "net:[" + Jnetns.inode(pids.get(reference)) + "]\n";
      assertEquals(name, Jnetns.out("exec", "web", "readlink", "/proc/self/ns/net"));
      assertEquals("removed web (" + reference + ")\n", Jnetns.out("unlink", "web"));
    }
  }

  @Test
  void allButTheFirstGetTheStartsOfTheirIds() throws Exception {
    String docks = "web-" + dockers.substring(0, 12);
    String pods = "web-" + podmans.substring(0, 12);
    String told = Jnetns.out("link", "--all");
    assertEquals(
        linked("web", "containerd:default/web")
            + linked("web-web", "containerd:other/web")
            + linked(docks, "docker:web"),
        told.replaceFirst("(?s)linked docker-.*?\n", "")
            .replaceFirst("(?s)linked [^\n]*podman.*", ""));
    assertTrue(told.contains(linked(pods, "podman:web")), told);
    assertEquals(Jnetns.file(pids.get("podman:web")), Jnetns.links().get(pods));
    Map<String, String> links = Jnetns.links();
    assertEquals(5, links.size());
    assertEquals(told.replace("linked", "unchanged"), Jnetns.out("link", "--all"));
    // Whose name has become free does not move: it would be another's before long.
    Jnetns.out("unlink", "web");
    Jnetns.out("link", "--all");
    assertEquals(links, Jnetns.links());
  }

  @Test
  void jnsenterReachesEachByItsReference() throws Exception {
    for (Map.Entry<String, Long> each : pids.entrySet()) {
      String net = Proc.ns(each.getValue(), "net") + "\n";
      assertEquals(new Run("exited 0", net, ""), jnsenter(each.getKey()));
    }
    long pid = pids.get("docker:web");
    String net = Proc.ns(pid, "net") + "\n";
    for (String reference : List.of(dockers, "docker:" + dockers.substring(0, 12), "" + pid)) {
      assertEquals(new Run("exited 0", net, ""), jnsenter(reference), reference);
    }
    Run all = Run.of(Tools.JNSENTER, "-t", "podman:web", "-a", "ps", "-o", "comm");
    assertEquals(new Run("exited 0", "COMMAND\nsleep\nps\n", ""), all);
  }

  @Test
  void aNumberIsAPidForJnsenterUnlessTheEngineIsNamed() throws Exception {
    Run run = jnsenter(NUMBER);
    assertEquals("exited 1", run.status());
    assertTrue(run.err().startsWith("jnsenter: pidfd_open(" + NUMBER + "): ESRCH"), run.err());
    assertEquals(
        Proc.ns(docker.pid(NUMBER), "net") + "\n",
        jnsenter("docker:" + NUMBER).mustSucceed().out());
  }

  @Test
  void jnsenterSaysWhyAContainerCannotBeEntered() throws Exception {
    assertNotEntered(
        "docker:nope): no such container; asked docker (/run/docker.sock, /var/lib/docker)",
        "docker:nope");
    assertNotEntered("docker:fresh): the container is not running (created)", "fresh");
    assertNotEntered("frob:web): no such engine: frob", "frob:web");
  }

  @Test
  void watchFollowsThemByEventsOrByLooking() throws Exception {
    // Nothing else makes it act.
    List<String> command = Jnetns.command("watch", "--interval=86400");
    try (Running watch = Running.start(Map.of(), command)) {
      watch.awaitLine(linked("web", "containerd:default/web").strip());
      Poll.until("five links", () -> Jnetns.links().size() == 5);
      String polled = startPodmans("polled");
      long pid = podman.pid(polled);
      watch.awaitLine("linked polled (podman:polled): process " + pid);
      long task = containerd.start("other", "task");
      watch.awaitLine("linked task (containerd:other/task): process " + task);
      Run.of("kill", "-KILL", "" + task).mustSucceed();
      watch.awaitLine("removed task (containerd:other/task): process " + task + " is gone");
      podman.startService();
      String connected = "connected podman: /run/podman/podman.sock, /var/lib/containers/storage";
      Poll.until(
          "a connection to the service",
          () -> watch.out().lines().filter(connected::equals).count() == 2);
      podman.run("rename", "polled", "told").mustSucceed();
      watch.awaitLine("linked told (podman:told): process " + pid);
      watch.awaitLine("removed polled (podman:polled): it is told now");
      podman.run("rm", "-f", "-t", "0", polled).mustSucceed();
      watch.awaitLine("removed told (podman:told): process " + pid + " is gone");
      podman.stopService();
      watch.awaitLine(connected.replace("connected", "lost"));
      long again = podman.pid(startPodmans("again"));
      watch.awaitLine("linked again (podman:again): process " + again);
      podman.run("rm", "-f", "-t", "0", "again").mustSucceed();
      watch.awaitLine("removed again (podman:again): process " + again + " is gone");
      assertEquals(5, Jnetns.links().size());
      assertEquals("", watch.err());
    }
  }

  /** Where the service is there from the start, nothing is looked for. */
  @Test
  void watchFollowsPodmansServiceByItsEvents() throws Exception {
    podman.startService();
    List<String> command = Jnetns.command("watch", "--interval=86400");
    try (Running watch = Running.start(Map.of(), command)) {
      Poll.until("five links", () -> Jnetns.links().size() == 5);
      String id = startPodmans("first");
      long pid = podman.pid(id);
      watch.awaitLine("linked first (podman:first): process " + pid);
      podman.run("rename", "first", "second").mustSucceed();
      watch.awaitLine("removed first (podman:first): it is second now");
      watch.awaitLine("linked second (podman:second): process " + pid);
      podman.run("rm", "-f", "-t", "0", id).mustSucceed();
      watch.awaitLine("removed second (podman:second): process " + pid + " is gone");
      assertEquals("", watch.err());
    } finally {
      podman.stopService();
    }
  }
}
