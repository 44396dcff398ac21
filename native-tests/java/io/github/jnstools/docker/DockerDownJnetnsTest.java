package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonParser;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Docker daemon that has crashed, whose containers go on: what it has on disk is as good as its
 * word, so that commands do what they are to do, warn where the daemon was asked for all that it
 * has, and do not fail.
 */
@DockerTest
class DockerDownJnetnsTest {
  private static final String WARNING =
      "jnetns: connect(/run/docker.sock): ECONNREFUSED: Connection refused;"
          + " took what is on disk instead\n";
  private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");

  @TempDir static Path busybox;
  @AutoClose private static DockerEngine engine;
  private static String web;
  private static long pid;
  private static long sharer;
  @AutoClose private NetnsHome home;

  @BeforeAll
  static void crash() throws Exception {
    engine = DockerEngine.withBusybox(busybox, "--live-restore");
    web = engine.sleeper("web", "bridge");
    pid = engine.pid(web);
    sharer = engine.pid(engine.sleeper("sharer", "container:web"));
    engine.sleeper("outside", "host");
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
  }

  @Test
  void everythingIsDoneByWhatIsOnDisk() throws Exception {
    String address = engine.inspect("web", "{{.NetworkSettings.IPAddress}}");
    engine.crash();
    try {
      String linked = "linked web (docker:web): process " + pid + "\n";
      String all =
          linked
              + "skipped outside (docker:outside): it is on the host's network\n"
              + "shared sharer (docker:sharer): its network namespace is web\n";
      all = all.lines().sorted().toList().toString();
      Run run = Jnetns.run("link", "--all");
      assertEquals("exited 0", run.status(), run::toString);
      assertEquals(WARNING, run.err());
      assertEquals(all, run.out().lines().sorted().toList().toString());
      assertEquals(Map.of("web", Jnetns.file(pid)), Jnetns.links());
      assertEquals(new Run("exited 0", "", ""), Jnetns.run("link", "--all", "--quiet"));
      assertEquals(linked.replace("linked", "unchanged"), Jnetns.out("link", web.substring(0, 12)));
      String inside = Jnetns.out("exec", "docker:sharer", "ip", "-br", "addr");
      assertTrue(inside.contains(" " + address + "/16"), inside);
      assertEquals(
          Proc.ns(pid, "net") + "\n",
          Run.of(Tools.JNSENTER, "-t", "web", "-n", "readlink", "/proc/self/ns/net").out());
      Run list = Jnetns.run("list", "--json");
      assertEquals("exited 0", list.status());
      assertEquals(WARNING, list.err());
      assertEquals(
          2, JsonParser.array().from(list.out()).getObject(0).getArray("containers").size());
      Run show = Jnetns.run("show", "docker:web");
      assertEquals("exited 0", show.status());
      assertTrue(show.out().contains("docker:sharer, process " + sharer), show.out());
      Run once = Jnetns.run("watch", "--once");
      assertEquals("exited 0", once.status());
      assertEquals(WARNING, once.err());
      Jnetns.assertRefuses(
          "container(nope): no such container; asked docker (/run/docker.sock, /var/lib/docker);"
              + " containerd (/run/containerd); no answer: connect(/run/docker.sock):"
              + " ECONNREFUSED: Connection refused",
          "link",
          "nope");
    } finally {
      engine.startAgain();
    }
  }

  @Test
  void aPidThatIsOutOfDateIsRefused() throws Exception {
    String id = engine.sleeper("brief", "none");
    int old = (int) engine.pid(id);
    Path record = Path.of("/run/docker/runtime-runc/moby/" + id);
    engine.crash();
    try {
      Jnetns.out("link", "brief");
      Run.of("kill", "-KILL", "" + old).mustSucceed();
      Poll.until("the end of brief", () -> !Proc.lives(old));
      assertBriefIsRefused("docker:brief): the container is not running (exited)");
      try (Sleeper stranger = stranger(old)) {
        assertBriefIsRefused("docker:brief): the container is not running (exited)");
        assertEquals("live", state("web"));
        assertEquals("stranger", state("brief"));
        Jnetns.assertRefuses(
            "open(/run/netns/brief): pid " + old + " is another process now",
            "exec",
            "brief",
            "true");
        // Without the runtime's record there is the daemon's, which has no time in it.
        Path hidden = Files.move(record, record.resolveSibling("hidden"));
        try {
          assertBriefIsRefused(
              "docker:brief): nothing proves that pid "
                  + old
                  + " is its process: none of its control groups bears the container's id");
        } finally {
          Files.move(hidden, record);
        }
        assertEquals(Proc.ns(old, "net"), stranger.net());
      }
    } finally {
      engine.startAgain();
      engine.run("rm", "-f", id).mustSucceed();
    }
  }

  private static void assertBriefIsRefused(String message) throws Exception {
    Jnetns.assertRefuses("container(" + message, "link", "brief");
    Run run = Run.of(Tools.JNSENTER, "-t", "brief", "-n", "true");
    assertEquals("jnsenter: container(" + message, run.err().split("\n")[0]);
    assertEquals("exited 1", run.status());
    Run all = Jnetns.run("link", "--all");
    assertTrue(all.out().contains(" web ") && !all.out().contains("brief"), all::toString);
  }

  private static String state(String name) throws Exception {
    if (!Jnetns.links().containsKey(name)) {
      return "absent";
    }
    String list = Jnetns.run("list", "--json", name).out();
    return JsonParser.array().from(list).getObject(0).getString("state");
  }

  /** A process that has this pid; the kernel gives the one after the last that was given. */
  private static Sleeper stranger(int pid) throws Exception {
    // The first that is started brings a thread with it, which would have the pid.
    List<Sleeper> started = new ArrayList<>(List.of(Sleeper.start("env")));
    Poll.until(
        "pid " + pid + " again",
        () -> {
          started.remove(0).close();
          Files.writeString(LAST_PID, "" + (pid - 1));
          started.add(Sleeper.start("env"));
          return started.get(0).pid() == pid;
        });
    return started.get(0);
  }
}
