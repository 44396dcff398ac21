package io.github.jnstools.container;

import static io.github.jnstools.container.FakeDaemon.captured;
import static io.github.jnstools.container.FakeDaemon.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.container.ContainerEvent.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerEventsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @TempDir Path directory;
  private final FakeEngine disk = new FakeEngine("docker", "disk");
  private ContainerEvents events;
  private FakeDaemon daemon;

  @AfterEach
  void end() throws IOException {
    if (events != null) {
      events.close();
    }
    if (daemon != null) {
      daemon.close();
    }
  }

  private void open(Engine... places) {
    events = ContainerEvents.of(List.of(new FirstOf(places)), POLL);
  }

  private String next() throws InterruptedException {
    ContainerEvent event = events.next(LONG).orElseThrow();
    return event.kind() + " " + event.id() + " " + event.name();
  }

  /** Skips to the next of a kind. */
  private String next(Kind kind) throws InterruptedException {
    String event = next();
    while (!event.startsWith(kind + " ")) {
      event = next();
    }
    return event;
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static String event(String action, String id, String name) {
    return "{\"Action\":\""
        + action
        + "\",\"Actor\":{\"ID\":\""
        + id
        + "\",\"Attributes\":{\"name\":\""
        + name
        + "\"}}}\n";
  }

  /** A daemon whose events, whenever asked for, start so, and end so or never. */
  private DockerApi docker(boolean end, String... chunks) throws IOException {
    daemon = FakeDaemon.start(directory.resolve("socket"));
    daemon.onAll(
        "/events?",
        connection -> {
          for (String chunk : chunks) {
            send(connection, chunk);
          }
          if (end) {
            connection.close();
          }
          Thread.sleep(Long.MAX_VALUE);
        });
    return new DockerApi(daemon.path());
  }

  private static List<String> kinds(String file, String... names) throws IOException {
    List<String> kinds = new ArrayList<>();
    for (String line : captured(file).split("\n")) {
      for (String name : names) {
        if (line.contains("\"Action\":\"" + name + "\"")) {
          kinds.add(name);
        }
      }
    }
    return kinds;
  }

  @Test
  void tellWhatDockerTells() throws Exception {
    open(docker(false, captured("docker-20.10.24-events.http")));
    assertEquals("CONNECTED  " + daemon.path(), next());
    String web = "9136e85c1da49fb727c222b8c4f0ab898e27b3545538c544f4e665709ee4f734";
    assertEquals("STARTED " + web + " web", next());
    assertEquals("RENAMED " + web + " www", next(Kind.RENAMED));
    assertEquals("DIED " + web + " www", next());
    assertEquals("STARTED " + web + " www", next());
    assertEquals("DIED " + web + " www", next());
    assertEquals("REMOVED " + web + " www", next());
  }

  @Test
  void tellWhatPodmanTells() throws Exception {
    daemon = FakeDaemon.start(directory.resolve("socket"));
    String file = "podman-4.3.1-events.http";
    daemon.onAll("/v4.0.0/libpod/events?", connection -> send(connection, captured(file)));
    open(new PodmanApi(daemon.path()));
    assertEquals("CONNECTED  " + daemon.path(), next());
    List<String> told = new ArrayList<>();
    List<String> expected = kinds(file, "start", "died", "rename", "remove");
    // The last line of the capture is not whole.
    expected.remove(expected.size() - 1);
    for (int i = 0; i < expected.size(); i++) {
      ContainerEvent event = events.next(LONG).orElseThrow();
      assertEquals("podman", event.engine());
      told.add(
          switch (event.kind()) {
            case STARTED -> "start";
            case DIED -> "died";
            case RENAMED -> "rename";
            case REMOVED -> "remove";
            default -> "" + event;
          });
    }
    assertEquals(expected, told);
  }

  @Test
  void tellOfALossAndConnectAgain() throws Exception {
    open(docker(true, HEAD, chunk(event("start", "a", "web"))));
    for (int i = 0; i < 3; i++) {
      assertEquals("CONNECTED  " + daemon.path(), next());
      assertEquals("STARTED a web", next());
      assertEquals("LOST  " + daemon.path(), next());
    }
  }

  @Test
  void tellNothingOfAnEventThatIsNotWhole() throws Exception {
    String event = event("start", "a", "web");
    open(docker(true, HEAD, chunk(event.substring(0, 20)), event.substring(20)));
    assertEquals("CONNECTED  " + daemon.path(), next());
    assertEquals("LOST  " + daemon.path(), next());
    assertEquals("CONNECTED  " + daemon.path(), next());
  }

  @Test
  void takeEventsOverSeveralChunksAndSeveralInOne() throws Exception {
    String one = event("start", "a", "web");
    String two = event("die", "a", "web");
    open(
        docker(
            false,
            HEAD,
            chunk(one.substring(0, 9)),
            chunk(one.substring(9) + two + two.substring(0, 7)),
            chunk(two.substring(7))));
    next();
    assertEquals("STARTED a web", next());
    assertEquals("DIED a web", next());
    assertEquals("DIED a web", next());
  }

  @Test
  void takeMalformedJsonForALoss() throws Exception {
    for (String line : List.of("{\n", "[]\n", "\n", "[".repeat(1_000_000) + "\n")) {
      open(docker(false, HEAD, chunk(line)));
      assertEquals("CONNECTED  " + daemon.path(), next());
      assertEquals("LOST  " + daemon.path(), next());
      end();
    }
  }

  @Test
  void takeAnEndlessLineForALoss() throws Exception {
    open(docker(false, HEAD, chunk("x".repeat(5 << 20))));
    assertEquals("CONNECTED  " + daemon.path(), next());
    assertEquals("LOST  " + daemon.path(), next());
  }

  @Test
  void passOverWhatTheyDoNotKnow() throws Exception {
    open(
        docker(
            false,
            HEAD,
            chunk(event("exec_create: sh", "a", "web")),
            chunk("{}\n"),
            chunk("{\"Action\":\"start\",\"Actor\":{}}\n"),
            chunk("{\"Action\":\"start\",\"Actor\":{\"ID\":\"b\"}}\n")));
    next();
    assertEquals("STARTED b b", next());
  }

  @Test
  void lookAtEnginesThatTellNothing() throws Exception {
    disk.with("a", "web", "running", 7);
    open(disk);
    assertEquals("CONNECTED  disk", next());
    disk.with("b", "db", "paused", 8);
    assertEquals("STARTED b db", next());
    disk.without("a");
    assertEquals("DIED a web", next());
    disk.with("b", "sql", "paused", 8);
    assertEquals("RENAMED b sql", next());
    disk.with("b", "sql", "paused", 9);
    assertEquals("DIED b sql", next());
    assertEquals("STARTED b sql", next());
  }

  @Test
  void tellWhenAnEngineCannotBeLookedAt() throws Exception {
    open(disk.absent(true));
    disk.absent(false);
    assertEquals("CONNECTED  disk", next());
    disk.failing(new IOException("broken"));
    assertEquals("LOST  disk", next());
    disk.with("a", "web", "running", 7);
    disk.failing(null);
    assertEquals("CONNECTED  disk", next());
    disk.absent(true);
    assertEquals("LOST  disk", next());
    disk.absent(false);
    assertEquals("CONNECTED  disk", next());
  }

  @Test
  void lookAtTheFilesWhileTheDaemonIsDown() throws Exception {
    DockerApi docker = docker(false, HEAD);
    String where = daemon.path() + ", disk";
    open(docker, disk);
    assertEquals("CONNECTED  " + where, next());
    daemon.close();
    assertEquals("LOST  " + where, next());
    assertEquals("CONNECTED  " + where, next());
    disk.with("a", "web", "running", 7);
    assertEquals("STARTED a web", next());
    docker(false, HEAD, chunk(event("die", "a", "web")));
    assertEquals("DIED a web", next(Kind.DIED));
    daemon.close();
    assertEquals("LOST  " + where, next());
    assertEquals("CONNECTED  " + where, next());
  }

  @Test
  void connectToADaemonThatStartsLater() throws Exception {
    open(new DockerApi(directory.resolve("socket").toString()));
    docker(false, HEAD);
    assertEquals("CONNECTED  " + daemon.path(), next());
  }

  @Test
  void waitNoLongerThanTheyAreAskedTo() throws Exception {
    open(disk.absent(true));
    assertEquals(Optional.empty(), events.next(Duration.ZERO));
    assertEquals(Optional.empty(), events.next(Duration.ofMillis(1)));
  }

  @Test
  void endWhateverTheyWaitFor() throws Exception {
    List<FirstOf> engines = new ArrayList<>();
    engines.add(new FirstOf(docker(false, HEAD)));
    engines.add(new FirstOf(disk));
    FakeDaemon silent = FakeDaemon.start(directory.resolve("silent")).onAll("/", c -> hang());
    engines.add(new FirstOf(new DockerApi(silent.path())));
    events = ContainerEvents.of(engines, LONG);
    while (silent.asked().isEmpty() || daemon.asked().isEmpty()) {
      Thread.onSpinWait();
    }
    List<Optional<ContainerEvent>> last = new ArrayList<>();
    Thread reader = new Thread(() -> readToTheEnd(last));
    reader.start();
    events.close();
    reader.join();
    assertEquals(List.of(Optional.empty()), last);
    assertEquals(Optional.empty(), events.next(LONG));
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().startsWith("jnstools-events")));
    silent.close();
  }

  private static void hang() throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
  }

  private void readToTheEnd(List<Optional<ContainerEvent>> last) {
    try {
      Optional<ContainerEvent> event = events.next(LONG);
      while (event.isPresent()) {
        event = events.next(LONG);
      }
      last.add(event);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void areClosedTwiceAndByAnInterruptedThread() {
    open(disk);
    Thread.currentThread().interrupt();
    events.close();
    assertTrue(Thread.interrupted());
    events.close();
  }
}
