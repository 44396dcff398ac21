package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.container.ContainerEvent.Kind;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Docker engine tells, while it runs and when it starts again. */
@DockerTest
class DockerEventsTest {
  @TempDir Path root;
  private ContainerEvents events;

  /** The daemon ends it at once when it ends itself. */
  private static String start(DockerEngine engine, String name) throws Exception {
    List<String> arguments = List.of("--name", name, "--network", "none", "--stop-signal", "KILL");
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("busybox", "/bin/busybox", "sleep", "1000"));
    return engine.start(all.toArray(new String[0]));
  }

  private ContainerEvent next() throws InterruptedException {
    return events.next(Pace.LIMIT).orElseThrow();
  }

  /** Skips to an event. */
  private void await(Kind kind, String id, String name) throws InterruptedException {
    ContainerEvent expected = new ContainerEvent(kind, "docker", id, name);
    while (!next().equals(expected)) {
      // What comes before is not asked for.
    }
  }

  @Test
  void followsContainersThroughARestartOfTheDaemon() throws Exception {
    Path bin = Files.createDirectory(root.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    try (DockerEngine engine = DockerEngine.start()) {
      engine.load(root, "busybox");
      String where = engine.socket().toString();
      events = ContainerEvents.of(List.of(new FirstOf(new DockerApi(where))));
      assertEquals(new ContainerEvent(Kind.CONNECTED, "docker", "", where), next());
      String web = start(engine, "web");
      assertEquals(new ContainerEvent(Kind.STARTED, "docker", web, "web"), next());
      engine.run("rename", "web", "www").mustSucceed();
      assertEquals(new ContainerEvent(Kind.RENAMED, "docker", web, "www"), next());
      engine.run("restart", "-t", "0", "www").mustSucceed();
      assertEquals(new ContainerEvent(Kind.DIED, "docker", web, "www"), next());
      assertEquals(new ContainerEvent(Kind.STARTED, "docker", web, "www"), next());
      engine.restart();
      await(Kind.LOST, "", where);
      await(Kind.CONNECTED, "", where);
      String late = start(engine, "late");
      await(Kind.STARTED, late, "late");
      engine.run("rm", "-f", "late").mustSucceed();
      await(Kind.DIED, late, "late");
      await(Kind.REMOVED, late, "late");
    } finally {
      events.close();
    }
  }
}
