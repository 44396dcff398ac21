package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a daemon of the test's own for everything. */
class DockerHostTest {
  @TempDir Path directory;
  private FakeDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon =
        FakeDaemon.start(directory.resolve("socket"))
            .json("/networks", "[{\"Id\":\"n1\"},{\"Id\":\"n2\"},{\"Id\":\"n3\"}]")
            .json("/networks/n1", "{\"Name\":\"one\"}")
            .json("/networks/n3", "{\"Name\":\"three\"}")
            .json("/containers/json", "[{\"Id\":\"c1\"}]")
            .json("/containers/c1/json", "{\"Name\":\"/web\"}")
            .json("/version", "{\"Version\":\"20.10.24\"}")
            .json("/info", "{\"Swarm\":{}}");
  }

  @AfterEach
  void end() throws IOException {
    daemon.close();
  }

  private DockerHost host() {
    return new DockerHost(List.of(new FirstOf(new DockerApi(daemon.path()))));
  }

  @Test
  void givesWhatTheCommandsPrintAndLeavesOutWhatWent() throws IOException {
    assertEquals(
        new DockerHost.Answers(
            "[{\"Name\":\"one\"},{\"Name\":\"three\"}]",
            "[{\"Name\":\"/web\"}]",
            "{\"Server\":{\"Version\":\"20.10.24\"}}",
            "{\"Swarm\":{}}"),
        host().ask());
  }

  @Test
  void failsIfOneThingIsRefused() {
    daemon.raw("/networks/n3", FakeDaemon.withLength(500, "{\"message\":\"broken\"}"));
    NamespaceException refused = assertThrows(NamespaceException.class, host()::ask);
    assertEquals(
        "get(" + daemon.path() + ", /networks/n3): HTTP status 500: broken", refused.getMessage());
  }

  @Test
  void tellsThatNoDaemonIsThere() {
    String path = directory.resolve("none").toString();
    DockerHost host = new DockerHost(List.of(new FirstOf(new DockerApi(path))));
    NamespaceException none = assertThrows(NamespaceException.class, host::ask);
    assertEquals("connect(" + path + "): no Docker daemon is there", none.getMessage());
    assertEquals(Optional.of("start it, or set DOCKER_HOST=unix://PATH"), none.hint());
  }

  @Test
  void refusesTheDaemonOfAnotherMachine() {
    Endpoints endpoints =
        new Endpoints(Map.of("DOCKER_HOST", "tcp://far:2375"), directory.toString());
    DockerApi unused = new DockerApi(daemon.path());
    DockerHost host = new DockerHost(endpoints.docker(unused, unused));
    NamespaceException refused = assertThrows(NamespaceException.class, host::ask);
    assertEquals(
        "docker(tcp://far:2375): no socket of this machine, and the pids of another mean nothing"
            + " here",
        refused.getMessage());
  }
}
