package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Sleeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jnetns list} and {@code show}, beside what Docker and ip(8) say. */
@DockerTest
class DockerJnetnsListTest {
  private static final Set<String> MEMBERS =
      Set.of(
          "name kind state reason target owner inode nsid ns_id userns pids containers interfaces"
              .split(" "));

  @TempDir static Path busybox;
  @AutoClose private static DockerEngine engine;
  @AutoClose private NetnsHome home;

  @BeforeAll
  static void startContainers() throws Exception {
    engine = DockerEngine.withBusybox(busybox);
    engine.run("network", "create", "backend").mustSucceed();
    engine.sleeper("web", "bridge");
    engine.sleeper("sharer", "container:web");
    engine.run("network", "connect", "backend", "web").mustSucceed();
    engine.sleeper("dark", "none");
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
    Jnetns.out("link", "--all", "--quiet");
  }

  private static JsonObject listed(String name) throws Exception {
    JsonArray list = Jnetns.json("list", "--json", name);
    assertEquals(1, list.size());
    assertEquals(MEMBERS, list.getObject(0).keySet());
    assertEquals(name, list.getObject(0).getString("name"));
    return list.getObject(0);
  }

  private static JsonObject with(JsonArray array, String key, Object value) {
    for (Object each : array) {
      if (value.equals(((JsonObject) each).get(key))) {
        return (JsonObject) each;
      }
    }
    throw new AssertionError("no " + key + " " + value + " in " + array);
  }

  @Test
  void theTableTellsWhatDockerAndIpTell() throws Exception {
    String address = engine.inspect("web", "{{.NetworkSettings.IPAddress}}");
    String other = engine.inspect("web", "{{.NetworkSettings.Networks.backend.IPAddress}}");
    int nsid = with(Jnetns.ip("netns", "list"), "name", "web").getInt("id");
    List<String> lines =
        Jnetns.out("list").lines().map(line -> line.replaceAll(" +", " ")).toList();
    String dark = "dark live - " + Jnetns.inode(engine.pid("dark")) + " 1 docker:dark none -";
    String web =
        "web live "
            + nsid
            + " "
            + Jnetns.inode(engine.pid("web"))
            + " 2 docker:sharer,docker:web bridge eth0="
            + address
            + "/16,eth1="
            + other
            + "/16";
    String head = "NAME STATE NSID INODE PROCS CONTAINERS NETWORK ADDRESSES";
    assertEquals(List.of(head, dark, web), lines);
    assertFalse(Jnetns.out("list", "web").contains("dark"));
    assertTrue(Jnetns.out("list", "-v", "dark").contains("lo=127.0.0.1/8"));
  }

  @Test
  void theJsonHasWhoIsInside() throws Exception {
    JsonObject web = listed("web");
    long pid = engine.pid("web");
    long sharer = engine.pid("sharer");
    assertEquals("link", web.getString("kind"));
    assertEquals("live", web.getString("state"));
    assertEquals("", web.getString("reason"));
    assertEquals(Jnetns.file(pid), web.getString("target"));
    JsonObject owner = web.getObject("owner");
    String id = engine.inspect("web", "{{.Id}}");
    assertEquals(
        new TreeMap<>(
            Map.of(
                "reference",
                "docker:web",
                "engine",
                "docker",
                "scope",
                "",
                "id",
                id,
                "name",
                "web",
                "pid",
                (int) pid,
                "start_time",
                (int) Sleeper.startTime(pid))),
        new TreeMap<>(owner));
    assertEquals(Jnetns.inode(pid), web.getLong("inode"));
    assertEquals(
        with(Jnetns.ip("netns", "list"), "name", "web").getInt("id"), web.getInt("nsid", -1));
    assertEquals(
        Files.getAttribute(Path.of("/proc/self/ns/user"), "unix:ino"), web.getLong("userns"));
    assertEquals(JsonArray.from((int) pid, (int) sharer), web.getArray("pids"));
    JsonArray containers = web.getArray("containers");
    assertEquals(2, containers.size());
    assertEquals(
        Map.of(
            "reference",
            "docker:sharer",
            "engine",
            "docker",
            "scope",
            "",
            "id",
            engine.inspect("sharer", "{{.Id}}"),
            "name",
            "sharer",
            "pid",
            (int) sharer,
            "network_mode",
            "container:" + id),
        with(containers, "name", "sharer"));
    assertEquals("bridge", with(containers, "name", "web").getString("network_mode"));
  }

  @Test
  void theJsonHasTheInterfacesAsIpShowsThem() throws Exception {
    JsonArray interfaces = listed("web").getArray("interfaces");
    JsonArray inside = Jnetns.ip("-n", "web", "addr");
    JsonArray outside = Jnetns.ip("link");
    assertEquals(inside.size(), interfaces.size());
    int nsid = listed("web").getInt("nsid", -1);
    for (int i = 0; i < interfaces.size(); i++) {
      JsonObject ours = interfaces.getObject(i);
      JsonObject ips = inside.getObject(i);
      assertEquals(
          Set.of(
              "index",
              "name",
              "alternative_names",
              "up",
              "operstate",
              "mac",
              "mtu",
              "kind",
              "addresses",
              "host_peer"),
          ours.keySet());
      assertEquals(ips.get("ifindex"), ours.get("index"));
      assertEquals(ips.get("ifname"), ours.get("name"));
      assertEquals(ips.get("operstate"), ours.get("operstate"));
      assertEquals(ips.get("address"), ours.get("mac"));
      assertEquals(ips.get("mtu"), ours.get("mtu"));
      assertEquals(ips.getArray("flags").contains("UP"), ours.get("up"));
      assertEquals(new JsonArray(), ours.get("alternative_names"));
      List<String> addresses = new ArrayList<>();
      for (Object address : ours.getArray("addresses")) {
        JsonObject each = (JsonObject) address;
        assertEquals(Set.of("address", "prefix", "scope", "peer"), each.keySet());
        addresses.add(each.get("address") + "/" + each.get("prefix") + " " + each.get("scope"));
      }
      List<String> expected = new ArrayList<>();
      for (Object address : ips.getArray("addr_info")) {
        JsonObject each = (JsonObject) address;
        expected.add(each.get("local") + "/" + each.get("prefixlen") + " " + each.get("scope"));
      }
      assertEquals(expected, addresses);
      if (ours.getString("name").equals("lo")) {
        assertTrue(ours.isNull("host_peer"));
      } else {
        assertEquals("veth", ours.getString("kind"));
        JsonObject peer = ours.getObject("host_peer");
        JsonObject host = with(outside, "ifindex", ips.getInt("link_index"));
        assertEquals(host.get("link_index"), ips.get("ifindex"));
        assertEquals(nsid, host.getInt("link_netnsid"));
        assertEquals(
            Map.of(
                "name", host.get("ifname"),
                "index", host.get("ifindex"),
                "master", host.get("master")),
            peer);
      }
    }
    String backend = "br-" + engine.run("network", "ls", "-q", "-f", "name=backend").out().strip();
    JsonObject second = with(interfaces, "name", "eth1").getObject("host_peer");
    assertEquals(backend, second.getString("master"));
    JsonObject first = with(interfaces, "name", "eth0").getObject("host_peer");
    assertEquals("docker0", first.getString("master"));
  }

  @Test
  void showTellsTheSameToPeople() throws Exception {
    String shown = Jnetns.out("show", "web");
    JsonObject web = listed("web");
    JsonObject peer = with(web.getArray("interfaces"), "name", "eth0").getObject("host_peer");
    long pid = engine.pid("web");
    String address = engine.inspect("web", "{{.NetworkSettings.IPAddress}}");
    for (String line :
        List.of(
            "name       web",
            "state      live",
            "kind       link to " + Jnetns.file(pid),
            "inode      net:[" + Jnetns.inode(pid) + "]",
            "processes  " + pid + " " + engine.pid("sharer"),
            "container  docker:web, process " + pid + ", network bridge",
            "address    " + address + "/16 global")) {
      assertTrue(shown.contains(line + "\n"), line + " in " + shown);
    }
    assertTrue(shown.contains(", here " + peer.getString("name") + " in docker0\n"), shown);
    assertEquals(shown, Jnetns.out("show", "docker:sharer"));
    assertEquals(web, Jnetns.json("show", "--json", "docker:web").getObject(0));
  }

  @Test
  void showTellsOfAContainerWithoutALink() throws Exception {
    Jnetns.out("unlink", "dark");
    JsonObject dark = Jnetns.json("show", "--json", "dark").getObject(0);
    assertEquals(MEMBERS, dark.keySet());
    for (String unknown : List.of("name", "kind", "state", "target", "owner", "nsid")) {
      assertTrue(dark.isNull(unknown), unknown);
    }
    assertEquals(Jnetns.inode(engine.pid("dark")), dark.getLong("inode"));
    assertFalse(Jnetns.out("show", "dark").contains("state "));
  }

  @Test
  void namesWithControlCharactersMoveNoCursor() throws Exception {
    NetnsHome.link("a\033[2Jb\nc", Jnetns.file(engine.pid("dark")));
    List<String> lines = Jnetns.out("list").lines().toList();
    assertEquals(4, lines.size(), lines::toString);
    assertTrue(lines.get(1).startsWith("a\\x1b[2Jb\\x0ac"), lines::toString);
    JsonArray all = Jnetns.json("list", "--json");
    assertEquals(3, all.size());
    assertEquals("foreign", all.getObject(0).getString("state"));
    Run exec = Jnetns.run("exec", "--all", "true");
    assertEquals("exited 0", exec.status());
    assertFalse(Jnetns.out("identify", "dark").contains("\033"));
  }

  @Test
  void aNameThatIsNotThereIsAFailureOfItsOwn() throws Exception {
    Run run = Jnetns.run("list", "nope", "dark");
    assertEquals("exited 1", run.status());
    assertEquals("jnetns: open(/run/netns/nope): no such network namespace\n", run.err());
    assertTrue(run.out().contains("\ndark "), run::toString);
  }
}
