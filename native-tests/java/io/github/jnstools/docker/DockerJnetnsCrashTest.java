package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NetnsDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jnetns watch} is ended, at any moment, while containers come and go without a pause. */
@DockerTest
class DockerJnetnsCrashTest {
  private static final int CRASHES = 20;
  private static final String TEMPORARY = ".jnetns-new";
  private static final List<String> NAMES = List.of("c0", "c1", "c2", "c3");

  @TempDir static Path busybox;
  private static DockerEngine engine;
  private final Random random = new Random();
  private NetnsHome home;
  private Thread churn;
  private volatile boolean enough;
  private volatile Exception failure;

  @BeforeAll
  static void startEngine() throws Exception {
    engine = DockerEngine.start();
    engine.load(Container.fill(busybox), "busybox");
    for (String name : NAMES) {
      engine.start("--name", name, "--network", "none", "busybox", "/bin/sleep", "1000");
    }
  }

  @AfterAll
  static void endEngine() throws Exception {
    if (engine != null) {
      engine.close();
    }
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
    churn = new Thread(this::churn);
    churn.start();
  }

  @AfterEach
  void removeHome() throws Exception {
    endChurn();
    home.close();
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
    churn.join();
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
  void aCrashLeavesNothingHalfDone() throws Exception {
    int found = 0;
    for (int i = 0; i < CRASHES; i++) {
      try (Running watch = Running.start(Map.of(), Jnetns.command("watch"))) {
        if (i % 2 == 0) {
          watch.awaitLine("connected docker: /run/docker.sock, /var/lib/docker");
        }
        // Any moment is as good: nothing is waited for.
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

  @RepeatedTest(3)
  void aSignalLetsItEndWhatItDoes() throws Exception {
    try (Running watch = Running.start(Map.of(), Jnetns.command("watch"))) {
      Poll.until("a change", () -> watch.out().contains("removed "));
      Thread.sleep(random.nextInt(100));
      Run.of("kill", "-TERM", "" + watch.pid()).mustSucceed();
      assertEquals(0, watch.status());
      assertEquals("", watch.err());
      complete();
      assertTrue(!NetnsHome.names().contains(TEMPORARY));
    }
  }

  @Test
  void afterAllChangesItAgreesWithWhatRuns() throws Exception {
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
