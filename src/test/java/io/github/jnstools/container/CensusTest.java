package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.container.ContainerResolver.Inventory;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of containers that end between the engine's word and the look at their process. */
class CensusTest {
  private static final Inventory NONE = new Inventory(List.of(), List.of(), List.of());
  private static final String ENDED = state("exited", 0);

  @TempDir Path directory;
  private Path proc;
  private FakeDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    proc = Files.createDirectory(directory.resolve("proc"));
    daemon = FakeDaemon.start(directory.resolve("socket"));
    daemon.json("/containers/json", "[{\"Id\":\"abc1\",\"Names\":[\"/web\"]}]");
  }

  @AfterEach
  void end() throws IOException {
    daemon.close();
  }

  private void process(int pid, String cgroup) throws IOException {
    Path process = Files.createDirectories(proc.resolve("" + pid));
    String fields = " 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ";
    Files.writeString(process.resolve("stat"), pid + " (x) S" + fields + 1000 + pid + " 0\n");
    Files.writeString(process.resolve("cgroup"), "0::" + cgroup + "\n");
  }

  private static String state(String status, int pid) {
    return "{\"Id\":\"abc1\",\"Name\":\"/web\",\"State\":{\"Status\":\""
        + status
        + "\",\"Pid\":"
        + pid
        + "}}";
  }

  /** What the daemon says of the container each time that it is asked, the last of it for ever. */
  private void inspected(String... states) {
    Queue<String> answers = new ArrayDeque<>(List.of(states));
    daemon.on(
        "/containers/abc1/json",
        connection -> {
          String state = answers.size() > 1 ? answers.remove() : answers.element();
          FakeDaemon.send(connection, FakeDaemon.withLength(200, state));
        });
  }

  /** It runs when it is asked for first, and then this is the answer. */
  private void then(String answer) {
    String target = "/containers/abc1/json";
    daemon.on(
        target,
        connection -> {
          daemon.raw(target, answer);
          FakeDaemon.send(connection, FakeDaemon.withLength(200, state("running", 7)));
        });
  }

  private Inventory running() {
    HostFiles files = new HostFiles(directory.toString());
    DockerApi docker = new DockerApi(daemon.path(), EngineApi.PATIENCE, files);
    return new ContainerResolver(List.of(new FirstOf(docker)), new Procfs(proc)).running();
  }

  private static List<Integer> pids(Inventory inventory) {
    return inventory.containers().stream().map(Container::pid).toList();
  }

  @Test
  void oneThatHasEndedIsNoProblem() {
    inspected(state("running", 7), ENDED);
    assertEquals(NONE, running());
  }

  @Test
  void theEngineMayNoticeTheEndLater() {
    String runs = state("running", 7);
    inspected(runs, runs, runs, runs, ENDED);
    assertEquals(NONE, running());
  }

  @Test
  void oneThatHasBeenRemovedIsNoProblem() {
    String unknown = FakeDaemon.withLength(404, "{\"message\":\"No such container: abc1\"}");
    then(unknown);
    assertEquals(NONE, running());
  }

  @Test
  void oneThatHasBeenRestartedIsCountedWithItsNewProcess() throws IOException {
    process(8, "/docker/abc1");
    inspected(state("running", 7), state("restarting", 0), state("running", 8));
    assertEquals(NONE, running());
    inspected(state("running", 7), state("running", 8));
    Inventory inventory = running();
    assertEquals(List.of(8), pids(inventory));
    assertEquals(List.of(), inventory.problems());
  }

  @Test
  void oneThatTheEngineKeepsCallingRunningIsAProblem() throws IOException {
    inspected(state("running", 7));
    Inventory inventory = running();
    assertEquals(List.of(), pids(inventory));
    assertEquals(1, inventory.problems().size());
    assertEquals(
        "container(docker:web): there is no process 7 in this /proc",
        inventory.problems().get(0).getMessage());
    process(7, "/docker/other");
    String message = running().problems().get(0).getMessage();
    assertTrue(message.contains("nothing proves that pid 7 is its process"), message);
  }

  @Test
  void oneThatGoesOnWithoutAProofIsNotWaitedFor() throws IOException {
    process(7, "/docker/other");
    AtomicInteger asked = new AtomicInteger();
    daemon.on(
        "/containers/abc1/json",
        connection -> {
          asked.incrementAndGet();
          FakeDaemon.send(connection, FakeDaemon.withLength(200, state("running", 7)));
        });
    assertEquals(1, running().problems().size());
    assertEquals(3, asked.get());
  }

  @Test
  void oneThatCannotBeAskedForAgainIsAProblem() {
    then(FakeDaemon.withLength(500, "{}"));
    Inventory inventory = running();
    assertEquals(1, inventory.problems().size());
    assertEquals(
        "container(docker:web): there is no process 7 in this /proc",
        inventory.problems().get(0).getMessage());
  }
}
