package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.PublicCopy;
import io.github.jnstools.harness.RecycledPid;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.OwnerMark;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code jnetns show} and {@code list} tell of entries in every state, which is, and why. */
@RootTest
class JnetnsShowRootTest {
  private NetnsHome home;

  @BeforeEach
  void make() throws IOException {
    home = NetnsHome.make();
  }

  @AfterEach
  void remove() throws IOException {
    home.close();
  }

  private static void link(String name, int pid, long startTime) throws IOException {
    try (Target target = Target.of(pid)) {
      OwnerMark owner = new OwnerMark("docker", "", "id-of-" + name, name, pid, startTime);
      NetnsDirectory.at(NetnsDirectory.DEFAULT).link(OsString.of(name), target, owner, false);
    }
  }

  /** What both commands say of an entry; fails if they differ. */
  private static void assertShown(String state, String reason, String name, String... before)
      throws Exception {
    String why = reason.isEmpty() ? "" : ": " + reason;
    List<String> lines = run(before, "show", name).out().lines().toList();
    assertEquals("name       " + name, lines.get(0));
    assertEquals("state      " + state + why, lines.get(1));
    JsonArray shown = JsonParser.array().from(run(before, "show", "--json", name).out());
    JsonArray listed = JsonParser.array().from(run(before, "list", "--json", name).out());
    assertEquals(listed, shown);
    JsonObject entry = shown.getObject(0);
    assertEquals(1, shown.size());
    assertEquals(name, entry.getString("name"));
    assertEquals(state, entry.getString("state"));
    assertEquals(reason, entry.getString("reason"));
    String row = run(before, "list", name).out().lines().toList().get(1);
    assertEquals(List.of(name, state), List.of(row.split(" +")).subList(0, 2));
    assertTrue(reason.isEmpty() || row.endsWith(" (" + reason + ")"), row);
  }

  private static Run run(String[] before, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(before));
    if (before.length == 0) {
      command.add(Tools.JNETNS);
    }
    command.addAll(List.of(arguments));
    return Run.of("", Map.of("DOCKER_HOST", "unix:///run/none"), command).mustSucceed();
  }

  @Test
  void liveForeignAndStale() throws Exception {
    try (Sleeper alive = Sleeper.start();
        Sleeper dead = Sleeper.start()) {
      link("alive", alive.pid(), alive.startTime());
      link("dead", dead.pid(), dead.startTime());
      NetnsHome.link("theirs", alive.file());
      NetnsHome.link("nowhere", "/run/docker/netns/0a1b2c");
      Run.of("ip", "netns", "add", "ips").mustSucceed();
      dead.end();
      assertShown("live", "", "alive");
      assertShown("foreign", "", "theirs");
      assertShown("foreign", "", "ips");
      assertShown("stale", "process " + dead.pid() + " is gone", "dead");
      assertShown("stale", "what it leads to is gone", "nowhere");
    }
  }

  @Test
  void stranger() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      int pid = recycled.first();
      long start = recycled.startTime();
      link("web", pid, start);
      do {
        recycled.stranger();
      } while (recycled.startTime() == start);
      assertShown("stranger", "pid " + pid + " is another process now", "web");
    }
  }

  @Test
  void outdated() throws Exception {
    try (Running process =
        Running.start(
            "unshare", "--net", "sh", "-c", "echo $$; read x; exec unshare --net sleep 1000000")) {
      Poll.until("its pid", () -> process.out().endsWith("\n"));
      String pid = process.out().strip();
      run(new String[0], "link", "--bind", "--name=web", pid);
      process.endInput();
      Poll.until("sleep", () -> Proc.text(process.pid(), "comm").equals("sleep\n"));
      assertShown("outdated", "process " + pid + " is in another namespace now", "web");
    }
  }

  @Test
  void notNetns() throws Exception {
    Files.createDirectories(NetnsHome.PATH);
    Files.createFile(NetnsHome.path("file"));
    Files.createDirectory(NetnsHome.path("folder"));
    NetnsHome.link("mnt", "/proc/self/ns/mnt");
    assertShown("not-netns", "a file, and no namespace is mounted on it here", "file");
    assertShown("not-netns", "a directory", "folder");
    assertShown("not-netns", "what it leads to is a namespace of another type", "mnt");
  }

  @Test
  void unreadable() throws Exception {
    try (Sleeper process = Sleeper.start();
        PublicCopy copy = PublicCopy.make()) {
      link("web", process.pid(), process.startTime());
      assertShown(
          "unreadable",
          "made in another PID or time namespace",
          "web",
          "unshare",
          "--pid",
          "--fork",
          "--mount-proc",
          Tools.JNETNS);
      assertShown(
          "unreadable",
          "openat(/run/netns/web): EACCES: Permission denied",
          "web",
          "setpriv",
          "--reuid=65534",
          "--regid=65534",
          "--clear-groups",
          copy.jnetns());
    }
  }
}
