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

/** On what the shims of containerd 1.6.20 had on disk, with runc 1.1.5 and, for one, crun 1.8.1. */
class ContainerdStateTest {
  private static final String TASKS = "/run/containerd/io.containerd.runtime.v2.task/";
  @TempDir Path root;
  @TempDir Path dockers;
  private Tree tree;
  private Engine containerd;

  @BeforeEach
  void copyState() throws Exception {
    tree = Tree.copy("containerd-1.6.20", root);
    containerd = new ContainerdState(tree.files(), tree.proc());
  }

  private Known one(String reference) throws IOException {
    return Tree.one(containerd, reference);
  }

  private Known known(String scope, String id, String name, int pid, String network)
      throws IOException {
    OptionalLong start = OptionalLong.of(tree.proc().stat("" + pid).startTime());
    return new Known("containerd", scope, id, name, "running", pid, start, network);
  }

  @Test
  void findsByIdInANamespaceOrInAny() throws IOException {
    assertEquals(known("default", "web", "web", 1491, ""), one("default/web"));
    assertEquals(known("other", "web", "web", 1688, "ns:/run/netns/own"), one("other/web"));
    assertEquals(2, containerd.find("web").size());
    assertEquals("other", one("other/w").scope());
    assertEquals("joined", one("joi").id());
    assertEquals(List.of(), containerd.find("none/web"));
    assertEquals(List.of(), containerd.find("default/none"));
  }

  @Test
  void knowsTheNamesThatNerdctlGives() throws IOException {
    Known db = known("default", "b7c100", "db", 1540, "host");
    assertEquals(db, one("db"));
    assertEquals(db, one("default/db"));
    assertEquals(db, one("b7c1"));
    assertEquals(2, containerd.find("b7c").size());
  }

  @Test
  void saysHowEachIsConnectedWhereThatIsKnown() throws IOException {
    assertEquals("bridge", one("side").networkMode());
    assertEquals("container:web", one("joined").networkMode());
    assertEquals("", one("moved").networkMode());
    assertEquals("host", one("db").networkMode());
    tree.edit(TASKS + "default/b7c100/config.json", "nerdctl/networks", "of/none");
    assertEquals("host", one("db").networkMode());
  }

  @Test
  void findsTheRecordWhereverTheRuntimeKeepsIt() throws IOException {
    assertEquals(known("default", "moved", "moved", 1765, ""), one("moved"));
    assertEquals(known("default", "crun", "crun", 1726, ""), one("crun"));
    tree.delete(TASKS + "default/web/options.json");
    assertEquals(known("default", "web", "web", 1491, ""), one("default/web"));
  }

  @Test
  void tellsAnEndThatNobodyHasCollected() throws IOException {
    Known done = one("done");
    assertEquals("exited", done.status());
    assertEquals(0, done.pid());
    assertEquals(
        List.of("crun", "db", "joined", "moved", "side", "web", "web"), Tree.running(containerd));
  }

  @Test
  void containersOfOtherEnginesAreFoundInTheirNamespaceOnly() throws Exception {
    Tree docker = Tree.copy("docker-20.10.24", dockers);
    containerd = new ContainerdState(docker.files(), docker.proc());
    assertTrue(containerd.present());
    assertEquals(List.of(), containerd.running());
    assertEquals(List.of(), containerd.find("8374"));
    Known web = one("moby/8374");
    assertEquals("moby", web.scope());
    assertEquals(
        OptionalLong.of(docker.proc().stat("" + web.pid()).startTime()), web.recordedStart());
  }

  @Test
  void tasksThatVanishAreNotThere() throws IOException {
    tree.delete(TASKS + "other/web/init.pid");
    assertEquals("exited", one("other/web").status());
    assertEquals("ns:/run/netns/own", one("other/web").networkMode());
    tree.delete(TASKS + "other/web/config.json");
    assertEquals(List.of(), containerd.find("other/web"));
    tree.delete(TASKS);
    assertEquals(List.of(), containerd.running());
    assertFalse(containerd.present());
  }

  @Test
  void namesTheFileThatIsMalformed() throws IOException {
    tree.write(TASKS + "other/web/init.pid", "x");
    String message = assertThrows(NamespaceException.class, () -> one("other/web")).getMessage();
    assertTrue(message.contains(TASKS + "other/web/init.pid"), message);
    tree.write(TASKS + "other/web/config.json", "{");
    message = assertThrows(NamespaceException.class, containerd::running).getMessage();
    assertTrue(message.contains(TASKS + "other/web/config.json"), message);
    assertEquals("crun", one("default/crun").id());
  }
}
