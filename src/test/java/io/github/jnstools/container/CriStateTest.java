package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a tree that was composed: see its README. */
class CriStateTest {
  @TempDir Path root;
  private Tree tree;
  private Engine cri;

  @BeforeEach
  void copyState() throws Exception {
    tree = Tree.copy("cri-composed", root);
    cri = new CriState(tree.files(), ContainersStorage.ofSystem(tree.files()), tree.proc());
  }

  private Known one(String reference) throws IOException {
    return Tree.one(cri, reference);
  }

  private static Known known(String scope, String part, String name, int pid, String network) {
    OptionalLong start = OptionalLong.of(pid + 3000);
    String id = part.repeat(32);
    return new Known("cri", scope, id, name, "running", pid, start, network);
  }

  @Test
  void findsContainersOfContainerd() throws IOException {
    Known app = known("shop", "a2", "web/app", 2102, "pod");
    assertEquals(app, one("web/app"));
    assertEquals(app, one("shop/web/app"));
    assertEquals(app, one("a2a2"));
    assertEquals(app, one("a2".repeat(32)));
    assertEquals(List.of(), cri.find("app"));
    assertEquals(List.of(), cri.find("test/web/app"));
    assertEquals(List.of(), cri.find("stray"));
  }

  @Test
  void findsSandboxesOfContainerd() throws IOException {
    assertEquals(known("shop", "a1", "web", 2101, "pod"), one("shop/web"));
    assertEquals(known("test", "a4", "web", 2106, "pod"), one("test/web"));
    assertEquals(2, cri.find("web").size());
  }

  @Test
  void aPodInTheHostsNetworkSaysSo() throws IOException {
    assertEquals(known("kube-system", "b1", "proxy", 2104, "host"), one("proxy"));
    assertEquals(known("kube-system", "b2", "proxy/run", 2105, "host"), one("proxy/run"));
  }

  @Test
  void findsContainersOfCrio() throws IOException {
    assertEquals(known("shop", "c1", "db", 2201, "pod"), one("db"));
    assertEquals(known("kube-system", "c4", "node/agent", 2204, "host"), one("node/agent"));
    assertEquals("/var/lib/containers/storage", cri.where());
    tree.delete("/run/containerd");
    assertTrue(cri.present());
  }

  @Test
  void ofOneThatWasStartedAgainTheLastIsMeant() throws IOException {
    Known server = known("shop", "c2", "db/server", 2202, "pod");
    assertEquals(server, one("db/server"));
    assertEquals(server, one("shop/db/server"));
    assertEquals("exited", one("c3c3").status());
    tree.delete("/run/crun/" + server.id());
    tree.delete("/proc/2202");
    assertEquals(2, cri.find("db/server").size());
  }

  @Test
  void listsThoseThatRun() throws IOException {
    assertEquals("exited", one("web/log").status());
    assertEquals(
        List.of("db", "db/server", "node/agent", "proxy", "proxy/run", "web", "web", "web/app"),
        Tree.running(cri));
  }

  @Test
  void podmansContainersInTheSameStoreAreNotKubernetes() throws IOException {
    assertEquals(List.of(), cri.find("d1d1"));
    assertEquals(List.of(), cri.find("mine"));
    Engine podman = new PodmanState(ContainersStorage.ofSystem(tree.files()), tree.proc());
    assertEquals(List.of("mine"), Tree.running(podman));
    assertEquals(List.of(), podman.find("c1c1"));
    assertEquals(List.of(), podman.find("working-container"));
  }

  @Test
  void aStoreWithoutCrioIsPodmansAlone() throws IOException {
    tree.delete("/run/crio");
    assertEquals(List.of(), cri.find("db"));
    assertEquals("web/app", one("web/app").name());
    assertEquals("/run/containerd", cri.where());
    tree.delete("/run/containerd");
    assertFalse(cri.present());
    assertEquals(List.of(), cri.running());
  }

  @Test
  void knowsK3s() throws IOException {
    tree.move(
        "/run/containerd/io.containerd.runtime.v2.task",
        "/run/k3s/containerd/io.containerd.runtime.v2.task");
    tree.delete("/run/crio");
    assertTrue(cri.present());
    assertEquals(known("shop", "a2", "web/app", 2102, "pod"), one("web/app"));
  }
}
