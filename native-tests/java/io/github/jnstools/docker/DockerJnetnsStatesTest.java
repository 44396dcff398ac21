package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code jnetns list} and {@code show} make of entries whose containers have changed. */
@DockerTest
class DockerJnetnsStatesTest {
  @TempDir static Path busybox;
  @AutoClose private static DockerEngine engine;
  @AutoClose private NetnsHome home;

  @BeforeAll
  static void startContainers() throws Exception {
    engine = DockerEngine.withBusybox(busybox);
    engine.sleeper("dark", "none");
    engine.sleeper("other", "none");
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
    Jnetns.out("link", "--all", "--quiet");
  }

  /** As list has it; fails if show has it otherwise. */
  private static JsonObject listed(String name) throws Exception {
    JsonArray list = Jnetns.json("list", "--json", name);
    assertEquals(list, Jnetns.json("show", "--json", name));
    assertEquals(1, list.size());
    return list.getObject(0);
  }

  /** State and reason, as both commands tell them. */
  private static String state(String name) throws Exception {
    JsonObject entry = listed(name);
    String reason = entry.getString("reason");
    String state = entry.getString("state") + (reason.isEmpty() ? "" : ": " + reason);
    assertEquals("state      " + state, Jnetns.out("show", name).lines().toList().get(1));
    return state;
  }

  /** The reason where this is the state, which leaves all else unknown. */
  private static String reason(String name, String state) throws Exception {
    JsonObject entry = listed(name);
    for (String unknown : List.of("nsid", "ns_id", "userns", "interfaces")) {
      assertTrue(entry.isNull(unknown), unknown);
    }
    assertEquals(new JsonArray(), entry.getArray("containers"));
    assertEquals(state + ": " + entry.getString("reason"), state(name));
    return entry.getString("reason");
  }

  @Test
  void areToldWithTheirReasons() throws Exception {
    String passing = engine.sleeper("passing", "none");
    String moved = engine.sleeper("moved", "none");
    long gone = engine.pid(passing);
    long before = engine.pid(moved);
    Jnetns.out("link", "passing", "moved");
    engine.run("rm", "-f", passing).mustSucceed();
    engine.run("restart", "-t", "0", moved).mustSucceed();
    NetnsHome.link("file", "/etc/passwd");
    NetnsHome.link("mnt", "/proc/self/ns/mnt");
    NetnsHome.link("users", Jnetns.file(engine.pid("dark")));
    try {
      assertEquals("process " + gone + " is gone", reason("passing", "stale"));
      long now = engine.pid(moved);
      assertNotEquals(before, now);
      assertEquals("docker:moved runs as process " + now + " now", reason("moved", "outdated"));
      assertEquals("what it leads to is no namespace", reason("file", "not-netns"));
      assertEquals("what it leads to is a namespace of another type", reason("mnt", "not-netns"));
      JsonObject users = listed("users");
      assertEquals("foreign", users.getString("state"));
      assertTrue(users.isNull("owner"));
      assertEquals("docker:dark", users.getArray("containers").getObject(0).get("reference"));
      assertEquals(listed("dark").get("inode"), users.get("inode"));
      assertEquals(listed("dark").get("ns_id"), users.get("ns_id"));
      assertNotEquals(listed("other").get("inode"), users.get("inode"));
      String list = Jnetns.out("list");
      assertTrue(list.contains("(docker:moved runs as process " + now + " now)"), list);
      Jnetns.out("link", "moved");
      assertEquals("live", state("moved"));
    } finally {
      engine.run("rm", "-f", moved).mustSucceed();
    }
  }

  @Test
  void ofAMountOutlivesItsContainer() throws Exception {
    String kept = engine.sleeper("kept", "none");
    long pid = engine.pid(kept);
    long inode = Jnetns.inode(pid);
    assertEquals(
        "attached kept (docker:kept): process "
            + pid
            + "; the mount keeps its network namespace until jnetns unlink kept\n",
        Jnetns.out("link", "--bind", "kept"));
    assertEquals("bind", listed("kept").getString("kind"));
    assertEquals(inode, listed("kept").getLong("inode"));
    engine.run("rm", "-f", kept).mustSucceed();
    Poll.until("the end of kept", () -> !Proc.lives(pid));
    assertEquals("stale", listed("kept").getString("state"));
    assertEquals(inode, listed("kept").getLong("inode"));
    Jnetns.out("prune");
    Jnetns.out("watch", "--once");
    assertTrue(NetnsHome.names().contains("kept"));
    String again = engine.sleeper("kept", "none");
    String second = "kept-" + again.substring(0, 12);
    assertTrue(Jnetns.out("link", "kept").startsWith("linked " + second + " (docker:kept)"));
    engine.run("rm", "-f", again).mustSucceed();
    Poll.until(
        "the end of kept",
        () -> Jnetns.json("list", "--json", second).toString().contains("stale"));
    String told = Jnetns.out("prune", "--force");
    assertTrue(told.startsWith("removed kept (docker:kept): process " + pid), told);
    assertFalse(NetnsHome.names().contains("kept"));
  }
}
