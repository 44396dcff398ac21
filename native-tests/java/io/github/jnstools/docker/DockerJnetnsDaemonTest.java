package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jnetns watch} while Docker's daemon is stopped, crashes and starts again. */
@DockerTest
class DockerJnetnsDaemonTest {
  private static final String DOCKER = "docker: /run/docker.sock, /var/lib/docker";

  @TempDir static Path busybox;
  private NetnsHome home;
  private DockerEngine engine;
  private Running watch;

  @BeforeAll
  static void fillImage() throws Exception {
    Container.fill(busybox);
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
  }

  @AfterEach
  void endAll() throws Exception {
    if (watch != null) {
      watch.close();
    }
    if (engine != null) {
      engine.close();
    }
    home.close();
  }

  private long start(String name, String... options) throws Exception {
    return engine.pid(engine.sleeper(name, "none", options));
  }

  private static String linked(String name, long pid) {
    return "linked " + name + " (docker:" + name + "): process " + pid;
  }

  private static String gone(String name, long pid) {
    return "removed " + name + " (docker:" + name + "): process " + pid + " is gone";
  }

  private void watch() throws Exception {
    watch = Running.start(Map.of(), Jnetns.command("watch", "--interval=86400"));
  }

  /** Waits until it has told so often of its connection to Docker that this is so. */
  private void await(String connection, int times) throws Exception {
    String line = connection + " " + DOCKER;
    Poll.until(
        () -> times + " " + line + " by " + watch,
        () -> watch.out().lines().filter(line::equals).count() >= times);
  }

  /** What it has told of entries. */
  private List<String> told() throws Exception {
    return watch.out().lines().filter(line -> line.contains("(docker:")).toList();
  }

  /** A daemon that is down is told of, but no failure. */
  private void assertNothingWrong() throws Exception {
    for (String line : watch.err().lines().toList()) {
      assertTrue(line.endsWith("; took what is on disk instead"), line);
    }
  }

  @Test
  void withoutLiveRestoreItsContainersGoAndComeBack() throws Exception {
    engine = DockerEngine.start();
    engine.load(busybox, "busybox");
    long back = start("back", "--restart=always");
    long ends = start("ends");
    watch();
    watch.awaitLine(linked("back", back)).awaitLine(linked("ends", ends));
    engine.restart();
    watch.awaitLine("lost " + DOCKER);
    watch.awaitLine(gone("back", back)).awaitLine(gone("ends", ends));
    await("connected", 2);
    Poll.until("back", () -> engine.pid("back") > 0);
    long again = engine.pid("back");
    assertNotEquals(back, again);
    watch.awaitLine(linked("back", again));
    long late = start("late");
    watch.awaitLine(linked("late", late));
    assertEquals(Map.of("back", Jnetns.file(again), "late", Jnetns.file(late)), Jnetns.links());
    assertEquals(6, told().size(), watch::toString);
    assertNothingWrong();
  }

  @Test
  void withLiveRestoreItsContainersStay() throws Exception {
    engine = DockerEngine.startDaemon("--live-restore");
    engine.load(busybox, "busybox");
    long web = start("web");
    watch();
    watch.awaitLine(linked("web", web));
    engine.restart();
    watch.awaitLine("lost " + DOCKER);
    await("connected", 2);
    long late = start("late");
    watch.awaitLine(linked("late", late));
    assertEquals(List.of(linked("web", web), linked("late", late)), told());
    engine.run("rm", "-f", "late").mustSucceed();
    watch.awaitLine(gone("late", late));
    goesOnWhileItIsDown(web);
  }

  private void goesOnWhileItIsDown(long web) throws Exception {
    long ends = start("ends");
    watch.awaitLine(linked("ends", ends));
    engine.crash();
    await("lost", 2);
    Run.of("kill", "-KILL", "" + ends).mustSucceed();
    watch.awaitLine(gone("ends", ends));
    engine.startAgain();
    long late = start("latest");
    watch.awaitLine(linked("latest", late));
    engine.run("kill", "web").mustSucceed();
    watch.awaitLine(gone("web", web));
    assertEquals(Map.of("latest", Jnetns.file(late)), Jnetns.links());
    assertNothingWrong();
  }
}
