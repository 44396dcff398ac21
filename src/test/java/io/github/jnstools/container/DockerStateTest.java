package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On what Docker 20.10.24 had on disk after its daemon was killed, and the process of one container
 * after it.
 */
class DockerStateTest {
  private static final String WEB =
      "837498c48f147c41e83efd38820c57f0b3d061c3ec7d797e316bd7e34a98a03f";
  private static final String DB =
      "e95f5f28e6af93bc94228ef0c0259a069d1e16852beb5aeef45610ec665681ee";
  private static final String CONTAINERS = "/var/lib/docker/containers/";
  private static final String RECORD = "/run/docker/runtime-runc/moby/" + WEB;
  @TempDir Path root;
  private Tree tree;
  private Engine docker;

  @BeforeEach
  void copyState() throws Exception {
    tree = Tree.copy("docker-20.10.24", root);
    docker = DockerState.ofSystem(tree.files(), tree.proc());
  }

  private Known one(String reference) throws IOException {
    return Tree.one(docker, reference);
  }

  private OptionalLong start(int pid) throws IOException {
    return OptionalLong.of(tree.proc().stat("" + pid).startTime());
  }

  @Test
  void findsByNameIdAndStartOfId() throws IOException {
    int pid = one("web").pid();
    Known web = new Known("docker", "", WEB, "web", "running", pid, start(pid), "bridge");
    assertEquals(web, one("web"));
    assertEquals(web, one(WEB));
    assertEquals(web, one("8374"));
    assertEquals(3, docker.find("e").size());
    assertEquals(List.of(), docker.find("we"));
    assertEquals(List.of(), docker.find("first"));
  }

  @Test
  void aNameComesBeforeTheStartOfAnId() throws IOException {
    tree.edit(CONTAINERS + DB + "/config.v2.json", "\"Name\":\"/db\"", "\"Name\":\"/8374\"");
    assertEquals(DB, one("8374").id());
    assertEquals(WEB, one("83749").id());
  }

  @Test
  void saysHowEachIsConnected() throws IOException {
    assertEquals("none", one("db").networkMode());
    assertEquals("host", one("host").networkMode());
    assertEquals("container:" + DB, one("side").networkMode());
  }

  @Test
  void saysWhatEachDoes() throws IOException {
    assertEquals("paused", one("side").status());
    assertEquals("created", one("new").status());
    assertEquals("exited", one("done").status());
    assertEquals(0, one("done").pid());
    assertEquals(List.of("db", "host", "side", "web"), Tree.running(docker));
  }

  @Test
  void aProcessThatEndedBehindTheDaemonsBackIsNoMore() throws IOException {
    String config =
        Files.readString(tree.path(CONTAINERS + one("killed").id() + "/config.v2.json"));
    assertTrue(config.contains("\"Running\":true"), config);
    assertEquals("exited", one("killed").status());
    assertEquals(0, one("killed").pid());
  }

  @Test
  void anotherProcessOfTheSamePidIsNotTheContainers() throws IOException {
    int pid = one("web").pid();
    String start = " " + start(pid).getAsLong() + " ";
    tree.edit("/proc/" + pid + "/stat", start, " 99" + start.strip() + " ");
    assertEquals("exited", one("web").status());
    assertEquals(0, one("web").pid());
  }

  @Test
  void aZombieIsNoMore() throws IOException {
    int pid = one("web").pid();
    tree.edit("/proc/" + pid + "/stat", ") S ", ") Z ");
    assertEquals("exited", one("web").status());
  }

  @Test
  void whatHasNoRecordIsForOthersToProve() throws IOException {
    int pid = one("web").pid();
    tree.delete(RECORD);
    assertEquals(
        new Known("docker", "", WEB, "web", "running", pid, OptionalLong.empty(), "bridge"),
        one("web"));
    tree.delete("/proc/" + pid);
    assertEquals("exited", one("web").status());
  }

  @Test
  void findsTheRecordWhereverTheRuntimeKeepsIt() throws IOException {
    Known web = one("web");
    tree.move(RECORD, "/run/containerd/runc/moby/" + WEB);
    assertEquals(web, one("web"));
    tree.move("/run/containerd/runc/moby/" + WEB, "/run/docker/runtime-fast/moby/" + WEB);
    assertTrue(one("web").recordedStart().isEmpty());
    String config = CONTAINERS + WEB + "/hostconfig.json";
    tree.edit(config, "\"Runtime\":\"runc\"", "\"Runtime\":\"fast\"");
    assertEquals(web, one("web"));
  }

  @Test
  void followsTheDaemonsSettings() throws IOException {
    Known web = one("web");
    assertEquals("/var/lib/docker", docker.where());
    tree.move("/var/lib/docker", "/srv/data");
    tree.move("/run/docker", "/srv/exec");
    assertFalse(docker.present());
    assertEquals(List.of(), docker.find("web"));
    tree.write(
        "/etc/docker/daemon.json", "{\"data-root\": \"/srv/data\", \"exec-root\": \"/srv/exec\"}");
    assertTrue(docker.present());
    assertEquals("/srv/data", docker.where());
    assertEquals(web, one("web"));
    tree.write("/etc/docker/daemon.json", "{");
    assertTrue(
        assertThrows(NamespaceException.class, () -> one("web"))
            .getMessage()
            .contains("daemon.json"));
  }

  @Test
  void knowsTheDaemonOfAUser() throws IOException {
    Known web = one("web");
    tree.move("/var/lib/docker", "/home/web/.local/share/docker");
    tree.move("/run/docker", "/run/user/1000/docker");
    Engine users = DockerState.ofUser(tree.files(), tree.proc(), "/home/web", "/run/user/1000");
    assertEquals(web, Tree.one(users, "web"));
  }

  @Test
  void containersThatVanishAreNotThere() throws IOException {
    tree.delete(CONTAINERS + WEB + "/hostconfig.json");
    assertEquals("", one("web").networkMode());
    tree.delete(CONTAINERS + WEB + "/config.v2.json");
    assertEquals(List.of(), docker.find("web"));
    assertEquals(List.of("db", "host", "side"), Tree.running(docker));
    tree.delete(CONTAINERS);
    assertEquals(List.of(), docker.find("db"));
    assertFalse(docker.present());
  }

  @Test
  void namesTheFileThatIsMalformed() throws IOException {
    tree.write(CONTAINERS + WEB + "/config.v2.json", "{\"ID\": ");
    for (String reference : List.of("web", "db")) {
      String message =
          assertThrows(NamespaceException.class, () -> docker.find(reference)).getMessage();
      assertTrue(message.contains(WEB + "/config.v2.json"), message);
    }
    assertThrows(NamespaceException.class, docker::running);
  }
}
