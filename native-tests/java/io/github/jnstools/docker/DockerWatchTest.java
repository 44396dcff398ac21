package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
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
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jnetns watch} beside a Docker engine whose containers come and go. */
@DockerTest
class DockerWatchTest {
  private static final String WHERE = "/run/docker.sock, /var/lib/docker";

  @TempDir static Path busybox;
  private static DockerEngine docker;
  private NetnsHome home;

  @BeforeAll
  static void startEngine() throws Exception {
    docker = DockerEngine.startRestoring();
    Container.fill(busybox);
    docker.load(busybox, "busybox");
  }

  @AfterAll
  static void endEngine() throws Exception {
    if (docker != null) {
      docker.close();
    }
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
  }

  @AfterEach
  void removeContainers() throws Exception {
    for (String id : docker.run("ps", "-aq").mustSucceed().out().lines().toList()) {
      docker.run("rm", "-f", id).mustSucceed();
    }
    home.close();
  }

  private static void start(String name) throws Exception {
    docker.start("--name", name, "--network", "none", "busybox", "/bin/sleep", "1000");
  }

  private static Running watch(String... options) throws Exception {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "watch";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return Running.start(Map.of(), Jnetns.command(arguments));
  }

  /** Waits until exactly these containers have links, each to what is its process now. */
  private static void awaitLinks(Running watch, String... names) throws Exception {
    Poll.until(
        () -> "links of these only: " + String.join(" ", names) + "\n" + watch,
        () -> {
          assertTrue(watch.lives(), watch::toString);
          Map<String, String> expected = new TreeMap<>();
          for (String name : names) {
            expected.put(name, Jnetns.file(docker.pid(name)));
          }
          return expected.equals(Jnetns.links());
        });
  }

  private static int end(Running watch, String signal) throws Exception {
    Run.of("kill", "-" + signal, "" + watch.pid()).mustSucceed();
    return watch.status();
  }

  @Test
  void followsStartsRestartsRenamesAndEnds() throws Exception {
    start("early");
    try (Running watch = watch()) {
      awaitLinks(watch, "early");
      start("web");
      awaitLinks(watch, "early", "web");
      docker.run("restart", "-t", "0", "web").mustSucceed();
      awaitLinks(watch, "early", "web");
      docker.run("rename", "web", "www").mustSucceed();
      awaitLinks(watch, "early", "www");
      docker.run("pause", "www").mustSucceed();
      docker.run("kill", "early").mustSucceed();
      awaitLinks(watch, "www");
      docker.run("rm", "-f", "www").mustSucceed();
      awaitLinks(watch);
      assertEquals(0, end(watch, "TERM"));
      assertEquals("", watch.err());
      assertTrue(watch.out().contains("connected docker: " + WHERE + "\n"), watch.out());
      assertTrue(watch.out().contains("\nremoved web (docker:web): it is www now\n"), watch.out());
    }
  }

  @Test
  void survivesTheDaemonAndItsOwnEnd() throws Exception {
    start("web");
    try (Running watch = watch()) {
      awaitLinks(watch, "web");
      docker.crash();
      watch.awaitLine("lost docker: " + WHERE);
      docker.startAgain();
      start("late");
      awaitLinks(watch, "late", "web");
      assertEquals(128 + 9, end(watch, "KILL"));
    }
    docker.run("rm", "-f", "late").mustSucceed();
    start("later");
    try (Running watch = watch()) {
      awaitLinks(watch, "later", "web");
      assertEquals(0, end(watch, "INT"));
    }
  }

  @Test
  void leavesWhatIsTheUsers() throws Exception {
    start("web");
    assertEquals(
        "linked mine (docker:web): process " + docker.pid("web") + "\n",
        Jnetns.out("link", "--name", "mine", "web"));
    NetnsHome.link("theirs", "/proc/" + docker.pid("web") + "/ns/net");
    Run.of("ip", "netns", "add", "blue").mustSucceed();
    try (Running watch = watch("--json")) {
      Poll.until("a link of web", () -> Jnetns.links().containsKey("web"));
      docker.run("rename", "web", "www").mustSucceed();
      Poll.until("a link of www", () -> Jnetns.links().containsKey("www"));
      Poll.until("no link of web", () -> !Jnetns.links().containsKey("web"));
      assertTrue(NetnsHome.names().containsAll(List.of("blue", "mine", "theirs")));
      assertEquals(0, end(watch, "TERM"));
      for (String line : watch.out().split("\n")) {
        JsonObject event = JsonParser.object().from(line);
        assertTrue(event.isString("time") && event.isString("action"), line);
      }
    }
  }

  @Test
  void doesItOnceIfThatIsWanted() throws Exception {
    start("web");
    String process = "process " + docker.pid("web");
    assertEquals("linked web (docker:web): " + process + "\n", Jnetns.out("watch", "--once"));
    docker.run("rm", "-f", "web").mustSucceed();
    assertEquals(
        "removed web (docker:web): " + process + " is gone\n", Jnetns.out("watch", "--once"));
  }
}
