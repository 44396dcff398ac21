package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code jnetns watch} beside a Docker engine whose containers change. */
@DockerTest
class DockerJnetnsWatchTest {
  private static final String DOCKER = "docker: /run/docker.sock, /var/lib/docker";

  @TempDir static Path busybox;
  @AutoClose private static DockerEngine engine;
  private NetnsHome home;
  private Running watch;

  @BeforeAll
  static void startEngine() throws Exception {
    engine = DockerEngine.withBusybox(busybox);
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
  }

  @AfterEach
  void removeAll() throws Exception {
    if (watch != null) {
      watch.close();
    }
    List<String> remove = new ArrayList<>(List.of("rm", "-f"));
    remove.addAll(engine.run("ps", "-aq").mustSucceed().out().lines().toList());
    if (remove.size() > 2) {
      engine.run(remove.toArray(new String[0])).mustSucceed();
    }
    home.close();
  }

  private static long start(String name) throws Exception {
    return engine.pid(engine.sleeper(name, "none"));
  }

  /** With nothing but events to make it act. */
  private void watch(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(Jnetns.command("watch", "--interval=86400"));
    command.addAll(List.of(options));
    watch = Running.start(Map.of(), command);
  }

  private void docker(String... command) throws Exception {
    engine.run(command).mustSucceed();
  }

  private static String linked(String name, long pid) {
    return "linked " + name + " (docker:" + name + "): process " + pid;
  }

  private static String gone(String name, long pid) {
    return "removed " + name + " (docker:" + name + "): process " + pid + " is gone";
  }

  private static void signal(String name, long pid) throws Exception {
    Run.of("kill", "-" + name, "" + pid).mustSucceed();
  }

  @Test
  void followsAContainerThroughItsLife() throws Exception {
    long pid = start("web");
    watch();
    watch.awaitLine("connected " + DOCKER).awaitLine(linked("web", pid));
    docker("rename", "web", "www");
    watch.awaitLine("removed web (docker:web): it is www now").awaitLine(linked("www", pid));
    assertEquals(Map.of("www", Jnetns.file(pid)), Jnetns.links());
    docker("restart", "-t", "0", "www");
    long second = engine.pid("www");
    // Relinked, if both events come together.
    Poll.until("another link", () -> watch.out().contains(linked("www", second) + "\n"));
    assertEquals(Map.of("www", Jnetns.file(second)), Jnetns.links());
    String before = watch.out();
    docker("pause", "www");
    docker("unpause", "www");
    docker("exec", "www", "true");
    long other = start("other");
    watch.awaitLine(linked("other", other));
    assertEquals(before + linked("other", other) + "\n", watch.out());
    docker("kill", "www");
    watch.awaitLine(gone("www", second));
    docker("start", "www");
    long third = engine.pid("www");
    watch.awaitLine(linked("www", third));
    docker("rm", "-f", "www");
    watch.awaitLine(gone("www", third));
    assertEquals(Map.of("other", Jnetns.file(other)), Jnetns.links());
    assertEquals("", watch.err());
  }

  @Test
  void repairsWhatHasHappenedWhileItWasDown() throws Exception {
    long one = start("one");
    long two = start("two");
    long ends = start("ends");
    watch();
    watch.awaitLine(linked("one", one));
    watch.awaitLine(linked("two", two));
    watch.awaitLine(linked("ends", ends));
    watch.close();
    docker("rename", "one", "third");
    docker("rename", "two", "one");
    docker("rename", "third", "two");
    docker("rm", "-f", "ends");
    long starts = start("starts");
    assertEquals(Set.of("one", "two", "ends"), Jnetns.links().keySet());
    Set<String> expected =
        Set.of(
            "removed one (docker:one): it is two now",
            "removed two (docker:two): it is one now",
            linked("one", two),
            linked("two", one),
            linked("starts", starts),
            gone("ends", ends));
    assertEquals(expected, Set.of(Jnetns.out("watch", "--once").split("\n")));
    Map<String, String> links =
        Map.of("one", Jnetns.file(two), "two", Jnetns.file(one), "starts", Jnetns.file(starts));
    assertEquals(links, Jnetns.links());
    assertEquals("", Jnetns.out("watch", "--once"));
    assertEquals(links, Jnetns.links());
  }

  @Test
  void tellsOneJsonObjectALine() throws Exception {
    long pid = start("web");
    watch("--json");
    Poll.until("a link", () -> Jnetns.links().containsKey("web"));
    docker("rename", "web", "www");
    Poll.until("another name", () -> Jnetns.links().containsKey("www"));
    docker("kill", "www");
    Poll.until("no link", () -> Jnetns.links().isEmpty() && watch.out().contains("is gone"));
    List<JsonObject> objects = new ArrayList<>();
    for (String line : watch.out().split("\n")) {
      JsonObject object = JsonParser.object().from(line);
      boolean connected = object.getString("action").equals("connected");
      assertEquals(
          Set.of("time", "action", "name", "container", "id", "pid", "detail"), object.keySet());
      assertEquals(connected, object.isNull("container"));
      if (!connected) {
        objects.add(object);
      }
    }
    assertEquals("linked", objects.get(0).get("action"));
    assertEquals("docker:web", objects.get(0).get("container"));
    assertEquals(engine.inspect("www", "{{.Id}}"), objects.get(0).get("id"));
    assertEquals((int) pid, objects.get(0).get("pid"));
    JsonObject last = objects.get(objects.size() - 1);
    assertEquals("removed", last.get("action"));
    assertEquals("process " + pid + " is gone", last.get("detail"));
  }

  @Test
  void leavesAloneWhatItHasNotMade() throws Exception {
    long pid = start("web");
    long ends = start("ends");
    Jnetns.out("link", "--name=mine", "web");
    NetnsHome.link("users", Jnetns.file(pid));
    NetnsHome.link("dangling", Jnetns.file(4_000_000));
    NetnsHome.link("ends", Jnetns.file(ends));
    Run.of("ip", "netns", "add", "ips").mustSucceed();
    watch();
    String clash = "ends-" + engine.inspect("ends", "{{.Id}}").substring(0, 12);
    watch.awaitLine(linked("web", pid));
    watch.awaitLine("linked " + clash + " (docker:ends): process " + ends);
    docker("rename", "web", "www");
    docker("kill", "ends");
    watch.awaitLine("removed web (docker:web): it is www now");
    watch.awaitLine("removed " + clash + " (docker:ends): process " + ends + " is gone");
    Map<String, String> links = new TreeMap<>();
    links.put("www", Jnetns.file(pid));
    links.put("mine", Jnetns.file(pid));
    links.put("users", Jnetns.file(pid));
    links.put("dangling", Jnetns.file(4_000_000));
    links.put("ends", Jnetns.file(ends));
    assertEquals(links, Jnetns.links());
    Run.of("ip", "netns", "exec", "ips", "true").mustSucceed();
    // A name of the user's own goes with the process that it was made for.
    docker("kill", "www");
    watch.awaitLine("removed mine (docker:web): process " + pid + " is gone");
    Poll.until("no www", () -> !Jnetns.links().containsKey("www"));
    assertEquals(List.of("dangling", "ends", "ips", "users"), NetnsHome.names());
    assertEquals("", watch.err());
  }

  @Test
  void twentyComeAndGoAtOnce() throws Exception {
    watch();
    watch.awaitLine("connected " + DOCKER);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      names.add("c" + i);
      docker("create", "--name", "c" + i, "--network", "none", "busybox", "/bin/sleep", "1000");
    }
    List<String> command = new ArrayList<>(List.of("start"));
    command.addAll(names);
    docker(command.toArray(new String[0]));
    Poll.until("twenty links", () -> Jnetns.links().size() == 20);
    Map<String, String> links = new TreeMap<>();
    List<String> kill = new ArrayList<>(List.of("kill", "-KILL"));
    List<String> inspect = new ArrayList<>(List.of("inspect", "-f", "{{.Name}} {{.State.Pid}}"));
    inspect.addAll(names);
    for (String line : engine.run(inspect.toArray(new String[0])).mustSucceed().out().split("\n")) {
      String[] fields = line.substring(1).split(" ");
      links.put(fields[0], Jnetns.file(Long.parseLong(fields[1])));
      kill.add(fields[1]);
    }
    assertEquals(links, Jnetns.links());
    Run.of("", Map.of(), kill).mustSucceed();
    Poll.until("no links", () -> Jnetns.links().isEmpty());
    assertEquals("", watch.err());
    assertEquals(20, watch.out().lines().filter(line -> line.startsWith("linked ")).count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void endsWithoutAFailureWhenItIsToldTo(String signal) throws Exception {
    long pid = start("web");
    watch();
    watch.awaitLine(linked("web", pid));
    signal(signal, watch.pid());
    assertEquals(0, watch.status());
    assertEquals("", watch.err());
    assertEquals(Map.of("web", Jnetns.file(pid)), Jnetns.links());
    assertEquals(List.of("web"), NetnsHome.names());
    assertTrue(Proc.lives(pid));
  }

  /** All that the systemd unit leaves to it is enough. */
  @Test
  void needsNoMoreThanItsUnitGives() throws Exception {
    Path unit = Tools.PROJECT.resolve("scripts/jnetns-watch.service");
    String bounding = "-all";
    for (String line : Files.readAllLines(unit)) {
      if (line.startsWith("CapabilityBoundingSet=CAP_")) {
        String set = line.substring(line.indexOf('=') + 1).toLowerCase();
        bounding += ",+" + set.replace("cap_", "").replace(" ", ",+");
      }
    }
    long pid = start("web");
    List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set=" + bounding));
    command.addAll(List.of("--inh-caps=-all", "--no-new-privs"));
    command.addAll(Jnetns.command("watch", "--interval=86400"));
    watch = Running.start(Map.of(), command);
    watch.awaitLine(linked("web", pid));
    docker("restart", "-t", "0", "web");
    long again = engine.pid("web");
    Poll.until("another link", () -> watch.out().contains(linked("web", again)));
    assertEquals("live", Jnetns.json("list", "--json", "web").getObject(0).getString("state"));
    // The mark is on the link itself.
    assertFalse(Files.exists(Path.of("/run/jnstools")));
    docker("rm", "-f", "web");
    watch.awaitLine(gone("web", again));
    assertEquals("", watch.err());
  }
}
