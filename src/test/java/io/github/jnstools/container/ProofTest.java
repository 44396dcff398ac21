package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofTest {
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final OptionalLong UNRECORDED = OptionalLong.empty();

  @TempDir Path root;
  private Proof proof;

  @BeforeEach
  void mount() {
    proof = new Proof(new Procfs(root));
  }

  /** A process; its name imitates the fields after it. */
  private Path process(int pid, char state, long startTime, String cgroup) throws IOException {
    Path directory = Files.createDirectories(root.resolve("" + pid));
    String fields = " 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ";
    Files.writeString(
        directory.resolve("stat"),
        pid + " (a) R" + fields + "5) " + state + fields + startTime + " 0\n");
    Files.writeString(directory.resolve("cgroup"), cgroup);
    return directory;
  }

  private static Known known(String status, int pid, OptionalLong recordedStart) {
    return new Known("docker", "", ID, "web", status, pid, recordedStart, "bridge");
  }

  private NamespaceException refused(Known known) {
    return assertThrows(NamespaceException.class, () -> proof.of(known));
  }

  private void assertRefused(String reason, Known known) {
    NamespaceException refused = refused(known);
    assertEquals("container(docker:web): " + reason, refused.getMessage());
    assertTrue(refused.hint().isPresent());
  }

  @Test
  void isProvenByAControlGroupThatBearsTheId() throws IOException {
    Container web = new Container("docker", "", ID, "web", 7, 4711, "bridge");
    for (String cgroup :
        List.of(
            "0::/system.slice/docker-" + ID + ".scope\n",
            "9:name=systemd:/\n4:memory:/docker/" + ID + "\n0::/\n",
            "0::/machine.slice/libpod-" + ID + ".scope/container\n",
            "0::/../../" + ID + "/init.scope\n")) {
      process(7, 'S', 4711, cgroup);
      assertEquals(web, proof.of(known("running", 7, UNRECORDED)));
      assertEquals(web, proof.of(known("paused", 7, UNRECORDED)));
      assertEquals(web, proof.of(known("", 7, UNRECORDED)));
    }
  }

  @Test
  void isProvenByTheRecordedStart() throws IOException {
    process(7, 'S', 4711, "0::/user.slice\n");
    Container web = proof.of(known("running", 7, OptionalLong.of(4711)));
    assertEquals(4711, web.startTime());
    assertEquals(7, web.pid());
  }

  @Test
  void isDisprovenByAnotherStart() throws IOException {
    process(7, 'S', 4712, "0::/docker/" + ID + "\n");
    assertRefused(
        "its pid 7 belongs to another process now", known("running", 7, OptionalLong.of(4711)));
  }

  @Test
  void isNotProvenByAControlGroupOfAnother() throws IOException {
    for (String cgroup :
        List.of("0::/docker/" + ID.substring(0, 63) + "0\n", "0::/" + ID.substring(1) + "\n", "")) {
      process(7, 'S', 4711, cgroup);
      assertRefused(
          "nothing proves that pid 7 is its process: none of its control groups bears the container's id",
          known("running", 7, UNRECORDED));
    }
  }

  @Test
  void isNotRunningIfTheEngineSaysSo() throws IOException {
    process(7, 'S', 4711, "0::/docker/" + ID + "\n");
    for (String status : List.of("created", "exited", "dead", "restarting", "removing")) {
      assertRefused("the container is not running (" + status + ")", known(status, 0, UNRECORDED));
      assertRefused("the container is not running (" + status + ")", known(status, 7, UNRECORDED));
    }
    assertRefused("the container is not running (running)", known("running", 0, UNRECORDED));
    assertRefused("the container is not running", known("", 0, UNRECORDED));
    assertRefused("the container is not running", known("", -1, UNRECORDED));
  }

  @Test
  void isOnAnotherKernelIfThereIsNoSuchProcess() {
    NamespaceException refused = refused(known("running", 7, UNRECORDED));
    assertEquals(
        "container(docker:web): there is no process 7 in this /proc", refused.getMessage());
    assertTrue(refused.hint().orElseThrow().contains("another PID namespace"));
  }

  @Test
  void hasEndedIfItsProcessIsAZombie() throws IOException {
    for (char state : new char[] {'Z', 'X'}) {
      process(7, state, 4711, "0::/docker/" + ID + "\n");
      assertRefused("its process 7 has ended", known("running", 7, UNRECORDED));
    }
  }

  @Test
  void hasEndedIfAnotherProcessHasThePidWhileItIsLookedAt() throws Exception {
    Path stat = process(7, 'S', 4711, "0::/docker/" + ID + "\n").resolve("stat");
    Path first = Files.copy(stat, root.resolve("first"));
    Path other = process(8, 'S', 4712, "").resolve("stat");
    AtomicBoolean seen = new AtomicBoolean();
    Thread kernel =
        new Thread(
            () -> {
              try {
                for (int i = 0; !seen.get(); i++) {
                  Files.copy(i % 2 == 0 ? other : first, root.resolve("next"));
                  Files.move(root.resolve("next"), stat, StandardCopyOption.ATOMIC_MOVE);
                }
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    kernel.start();
    try {
      Set<Long> starts = new HashSet<>();
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (!seen.get() && System.nanoTime() < deadline) {
        try {
          starts.add(proof.of(known("running", 7, UNRECORDED)).startTime());
        } catch (NamespaceException e) {
          seen.set(e.getMessage().equals("container(docker:web): it has ended just now"));
        }
      }
      assertTrue(seen.get(), starts.toString());
    } finally {
      seen.set(true);
      kernel.join();
    }
  }

  @Test
  void saysWhatCouldNotBeRead() throws IOException {
    Path directory = process(7, 'S', 4711, "");
    Files.delete(directory.resolve("cgroup"));
    Files.createDirectory(directory.resolve("cgroup"));
    assertTrue(
        refused(known("running", 7, UNRECORDED)).getMessage().startsWith("read(/proc/7/cgroup): "));
  }

  @Test
  void takesAnyProcessByItsPid() throws IOException {
    process(7, 'S', 4711, "0::/\n");
    assertEquals(new Container("pid", "", "7", "7", 7, 4711, ""), proof.ofPid(7));
    process(8, 'Z', 4711, "0::/\n");
    assertThrows(NamespaceException.class, () -> proof.ofPid(8));
    NamespaceException refused = assertThrows(NamespaceException.class, () -> proof.ofPid(9));
    assertEquals("container(9): there is no process 9 in this /proc", refused.getMessage());
    assertTrue(refused.hint().orElseThrow().contains("docker:9"));
  }

  @Test
  void showsWordsWithoutControlCharacters() {
    Known odd = new Known("podman", "", ID, "web", "exited\033", 0, UNRECORDED, "");
    assertEquals(
        "container(podman:web): the container is not running (exited\\x1b)",
        refused(odd).getMessage());
  }

  @Test
  void refusesNamesThatNoEngineGives() {
    for (Known odd :
        List.of(
            new Known("cri", "ns", ID, "a\nb", "running", 7, UNRECORDED, ""),
            new Known("cri", "n s", ID, "ab", "running", 7, UNRECORDED, ""),
            new Known("cri", "ns", ID, "", "running", 7, UNRECORDED, ""),
            new Known("cri", "ns", "0 1", "ab", "running", 7, UNRECORDED, ""),
            new Known("cri", "ns", "", "ab", "running", 7, UNRECORDED, ""))) {
      String message = refused(odd).getMessage();
      assertTrue(message.endsWith(": its record has a name or id that no engine gives"), message);
    }
  }
}
