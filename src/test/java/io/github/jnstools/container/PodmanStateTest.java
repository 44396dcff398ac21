package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On what Podman 4.3.1 had on disk, with crun 1.8.1 and, for one container, runc 1.1.5. */
class PodmanStateTest {
  private static final String WEB =
      "c9e05d99da1b12fa209b5689e80e61ffbf06f9073120b36be83bbc9fb5881743";
  private static final String DB =
      "76b97fb2312b2e76d35624ec8a25ceb1befa3ba65e255b4cf06c645232faf040";
  private static final String INFRA =
      "e85bed1de27f5605aa6fde8064038b06162c9d9ee2c598c9c7db4ba809ce4008";
  private static final String GRAPH = "/var/lib/containers/storage";
  private static final String LIST = GRAPH + "/overlay-containers/containers.json";
  @TempDir Path root;
  private Tree tree;
  private Engine podman;

  @BeforeEach
  void copyState() throws Exception {
    tree = Tree.copy("podman-4.3.1", root);
    podman = new PodmanState(ContainersStorage.ofSystem(tree.files()), tree.proc());
  }

  private Known one(String reference) throws IOException {
    return Tree.one(podman, reference);
  }

  private OptionalLong start(int pid) throws IOException {
    return OptionalLong.of(tree.proc().stat("" + pid).startTime());
  }

  @Test
  void findsByNameIdAndStartOfId() throws IOException {
    Known web = new Known("podman", "", WEB, "web", "running", 1010, start(1010), "bridge");
    assertEquals(web, one("web"));
    assertEquals(web, one(WEB));
    assertEquals(web, one("c9e0"));
    assertEquals(List.of(), podman.find("first"));
  }

  @Test
  void knowsTheRecordsOfBothRuntimes() throws IOException {
    assertEquals(
        new Known("podman", "", DB, "db", "running", 1042, start(1042), "none"), one("db"));
  }

  @Test
  void saysHowEachIsConnected() throws IOException {
    assertEquals("host", one("host").networkMode());
    assertEquals("container:" + DB, one("side").networkMode());
    assertEquals("container:" + INFRA, one("member").networkMode());
    assertEquals("ns:/run/netns/own", one("lent").networkMode());
    assertEquals("", one("new").networkMode());
  }

  @Test
  void aNetworkWhoseOwnerHasBeenStartedAgainIsAPath() throws IOException {
    tree.write("/run/containers/storage/overlay-containers/" + DB + "/userdata/pidfile", "1077");
    assertEquals("ns:/proc/1042/ns/net", one("side").networkMode());
  }

  @Test
  void saysWhatEachDoes() throws IOException {
    assertEquals("created", one("new").status());
    assertEquals("exited", one("done").status());
    assertEquals(0, one("done").pid());
    assertEquals(
        List.of("428996c92fb3-infra", "db", "host", "lent", "member", "side", "web"),
        Tree.running(podman));
  }

  @Test
  void nothingRunsAfterABoot() throws IOException {
    tree.delete("/run");
    tree.delete("/proc");
    assertEquals("exited", one("web").status());
    assertEquals(List.of(), podman.running());
  }

  @Test
  void anotherProcessOfTheSamePidIsNotTheContainers() throws IOException {
    tree.edit("/proc/1010/stat", " " + start(1010).getAsLong() + " ", " 7 ");
    assertEquals("exited", one("web").status());
  }

  @Test
  void findsContainersThatAreNotToLast() throws IOException {
    Known web = one("web");
    tree.move(LIST, GRAPH + "/overlay-containers/volatile-containers.json");
    assertEquals(web, one("web"));
    tree.move(
        GRAPH + "/overlay-containers/volatile-containers.json",
        "/run/containers/storage/overlay-containers/volatile-containers.json");
    assertEquals(web, one("web"));
  }

  @Test
  void knowsOtherStorageDrivers() throws IOException {
    Known web = one("web");
    tree.move(GRAPH + "/overlay-containers", GRAPH + "/vfs-containers");
    tree.move(
        "/run/containers/storage/overlay-containers", "/run/containers/storage/vfs-containers");
    assertEquals(web, one("web"));
  }

  @Test
  void followsTheStoresSettings() throws IOException {
    Known web = one("web");
    assertEquals(GRAPH, podman.where());
    tree.move(GRAPH, "/srv/graph");
    tree.move("/run/containers", "/srv/run");
    assertFalse(podman.present());
    assertEquals(List.of(), podman.find("web"));
    tree.write(
        "/etc/containers/storage.conf",
        "[storage]\n# graphroot = \"/a\"\nrunroot=\"/srv/run/storage\" # here\n  graphroot = \"/srv/graph\"\n");
    assertTrue(podman.present());
    assertEquals("/srv/graph", podman.where());
    assertEquals(web, one("web"));
  }

  @Test
  void knowsTheContainersOfAUser() throws IOException {
    tree.move(GRAPH, "/home/web/.local/share/containers/storage");
    tree.move("/run/containers/storage", "/run/user/1000/containers");
    tree.move("/run/crun", "/run/user/1000/crun");
    tree.edit(
        "/home/web/.local/share/containers/storage/overlay-containers/"
            + WEB
            + "/userdata/config.json",
        "/run/netns/netns-",
        "/run/user/1000/netns/netns-");
    Engine users =
        new PodmanState(
            ContainersStorage.ofUser(tree.files(), "/home/web", "/run/user/1000"), tree.proc());
    assertEquals(
        new Known("podman", "", WEB, "web", "running", 1010, start(1010), ""),
        Tree.one(users, "web"));
  }

  @Test
  void containersOfOthersAreNotPodmans() throws IOException {
    tree.edit(
        LIST,
        "\\\"name\\\":\\\"db\\\"",
        "\\\"name\\\":\\\"db\\\",\\\"metadata-name\\\":\\\"db\\\"");
    assertEquals(List.of(), podman.find("db"));
    tree.edit(LIST, "\\\"name\\\":\\\"host\\\",", "");
    assertEquals(List.of(), podman.find("host"));
  }

  @Test
  void namesTheFileThatIsMalformed() throws IOException {
    tree.write("/run/crun/" + WEB + "/status", "");
    String message = assertThrows(NamespaceException.class, () -> one("web")).getMessage();
    assertTrue(message.contains("/run/crun/" + WEB + "/status"), message);
    assertEquals("none", one("db").networkMode());
    tree.write(LIST, "[{");
    message = assertThrows(NamespaceException.class, () -> one("db")).getMessage();
    assertTrue(message.contains(LIST), message);
  }
}
