package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Strace;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.OwnerMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jnetns watch} is ended, at any moment, while containers come and go without a pause. */
@DockerTest
class DockerJnetnsCrashTest {
  private static final int CRASHES = 10;
  private static final String TEMPORARY = ".jnetns-new";
  private static final List<String> NAMES = List.of("c0", "c1", "c2", "c3");

  @TempDir static Path busybox;
  @AutoClose private static DockerEngine engine;
  private final Random random = new Random();
  private NetnsHome home;
  private Strace strace;
  private Thread churn;
  private volatile boolean enough;
  private volatile Exception failure;

  @BeforeAll
  static void startEngine() throws Exception {
    engine = DockerEngine.withBusybox(busybox);
    for (String name : NAMES) {
      engine.sleeper(name, "none");
    }
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
    strace = Strace.make();
  }

  @AfterEach
  void removeHome() throws Exception {
    endChurn();
    strace.close();
    home.close();
  }

  private void startChurn() {
    churn = new Thread(this::churn);
    churn.start();
  }

  /** Restarts containers and gives them other names until it is enough; then their own. */
  private void churn() {
    try {
      while (!enough) {
        for (String name : NAMES) {
          engine.run("rename", name, "x" + name).mustSucceed();
          engine.run("restart", "-t", "0", "x" + name).mustSucceed();
          engine.run("rename", "x" + name, name).mustSucceed();
        }
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = e;
    }
  }

  private void endChurn() throws Exception {
    enough = true;
    if (churn != null) {
      churn.join();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Whatever is there is a link with its mark: that, or one that has no name yet. */
  private static int complete() throws IOException {
    List<NamedNetns> entries = NetnsDirectory.at(NetnsDirectory.DEFAULT).entries();
    for (NamedNetns entry : entries) {
      assertEquals(Kind.LINK, entry.kind(), entry::toString);
      assertEquals("docker", entry.owner().orElseThrow().engine(), entry::toString);
      assertEquals(Jnetns.file(entry.owner().get().pid()), entry.target().orElseThrow().toString());
    }
    List<String> names = new ArrayList<>(Jnetns.links().keySet());
    names.remove(TEMPORARY);
    assertEquals(entries.stream().map(entry -> entry.name().toString()).toList(), names);
    return entries.size();
  }

  private static Map<String, String> running() throws Exception {
    Map<String, String> links = new TreeMap<>();
    for (String name : NAMES) {
      links.put(name, Jnetns.file(engine.pid(name)));
    }
    return links;
  }

  @Test
  void aCrashAtAnyMomentLeavesNothingHalfDone() throws Exception {
    startChurn();
    int found = 0;
    for (int i = 0; i < CRASHES; i++) {
      try (Running watch = Running.start(Map.of(), Jnetns.command("watch"))) {
        if (i % 2 == 0) {
          watch.awaitLine("connected docker: /run/docker.sock, /var/lib/docker");
        }
        // Any moment will do: nothing is waited for.
        Thread.sleep(random.nextInt(300));
      }
      found += complete();
    }
    assertTrue(found > 0);
    Run prune = Jnetns.run("prune");
    assertEquals("exited 0", prune.status(), prune::toString);
    complete();
    endChurn();
    Jnetns.out("watch", "--once");
    assertEquals(running(), Jnetns.links());
    assertEquals(NAMES, NetnsHome.names());
  }

  /** What watch has to do: take a name back, relink, link, prune, and leave one alone. */
  private void makeWork() throws Exception {
    home.close();
    home = NetnsHome.make();
    try (Sleeper dead = Sleeper.start()) {
      link("was-c0", "c0", "was-c0", engine.pid("c0"));
      link("c1", "c1", "c1", dead.pid());
      link("c3", "c3", "c3", engine.pid("c3"));
      link("ended", "c1", "ended", dead.pid());
    }
  }

  /** Links an entry as for a container, which may have had another name and process then. */
  private static void link(String entry, String container, String name, long pid) throws Exception {
    String id = entry.equals("ended") ? "0a1b2c" : engine.inspect(container, "{{.Id}}");
    OwnerMark owner = new OwnerMark("docker", "", id, name, (int) pid, Sleeper.startTime(pid));
    try (Target target = Target.of((int) pid)) {
      NetnsDirectory.at(NetnsDirectory.DEFAULT).link(OsString.of(entry), target, owner, false);
    }
  }

  @Test
  void aCrashBeforeAnyChangeLeavesTheOldOrTheNew() throws Exception {
    makeWork();
    List<String> steps = strace.changes("watch", "--once");
    Map<String, String> running = running();
    assertEquals(running, Jnetns.links());
    Set<String> seen = new TreeSet<>();
    for (String step : steps) {
      makeWork();
      Map<String, String> before = Jnetns.links();
      assertEquals("signalled 9", strace.killBefore(step, "watch").status(), step);
      complete();
      for (Map.Entry<String, String> link : Jnetns.links().entrySet()) {
        String name = link.getKey();
        Set<String> old = new TreeSet<>(List.of(before.getOrDefault(name, "")));
        old.add(running.getOrDefault(name, ""));
        assertTrue(name.equals(TEMPORARY) || old.contains(link.getValue()), step + ": " + link);
      }
      seen.add(Jnetns.links().keySet().toString());
      Jnetns.out("watch", "--once");
      assertEquals(running, Jnetns.links(), step);
    }
    for (List<String> names :
        List.of(
            List.of("c1", "c3", "ended", "was-c0"),
            List.of("c1", "c3", "ended"),
            List.of("c0", "c1", "c3", "ended"),
            List.of("c0", "c1", "c2", "c3", "ended"),
            NAMES)) {
      assertTrue(seen.contains(names.toString()), names + " in " + seen);
    }
  }

  @Test
  void aSignalLetsItEndWhatItDoes() throws Exception {
    Jnetns.out("watch", "--once");
    Jnetns.out("unlink", "c0");
    // It is told to end in the middle of a link whose next step takes long.
    try (Running watch = strace.stopAfterAndDelay("symlinkat", "lsetxattr", "watch")) {
      assertTrue(NetnsHome.names().contains(TEMPORARY), watch::toString);
      strace.signal("TERM");
      strace.goOn();
      assertEquals(0, watch.status());
      assertEquals("", watch.err());
    }
    assertEquals(running(), Jnetns.links());
  }

  @Test
  void afterAllChangesItAgreesWithWhatRuns() throws Exception {
    startChurn();
    try (Running watch = Running.start(Map.of(), Jnetns.command("watch"))) {
      Poll.until(
          "some changes", () -> watch.out().lines().filter(l -> l.startsWith("rem")).count() > 9);
      endChurn();
      Map<String, String> running = running();
      Poll.until(() -> running + " of " + watch, () -> Jnetns.links().equals(running));
      assertEquals("", watch.err());
    }
  }
}
