package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.proc.ProcStat;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References to the containers of a Docker engine. */
@DockerTest
class DockerResolverTest {
  private static final String LONG_NAME = "n".repeat(300);

  @TempDir static Path root;
  private static DockerEngine engine;
  private static ContainerResolver resolver;
  private static String web;

  @BeforeAll
  static void startContainers() throws Exception {
    engine = DockerEngine.start();
    Path bin = Files.createDirectory(root.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    engine.load(root, "busybox");
    web = start("--name", "web");
    start("--name", "other", "--link", "web:alias");
    start("--name", "sharer", "--network", "container:web");
    start("--name", "outside", "--network", "host");
    start("--name", LONG_NAME, "--network", "none");
    start("--name", "held");
    engine.run("pause", "held").mustSucceed();
    start("--name", "stopped");
    engine.run("stop", "-t", "0", "stopped").mustSucceed();
    engine.run("create", "--name", "fresh", "busybox", "/bin/busybox").mustSucceed();
    resolver =
        new ContainerResolver(
            List.of(new FirstOf(new DockerApi(engine.socket().toString()))), Procfs.HERE);
  }

  @AfterAll
  static void endEngine() throws IOException {
    if (engine != null) {
      engine.close();
    }
  }

  private static String start(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("busybox", "/bin/busybox", "sleep", "1000"));
    return engine.start(arguments.toArray(new String[0]));
  }

  private static NamespaceException refused(String reference) {
    return assertThrows(NamespaceException.class, () -> resolver.resolve(reference));
  }

  @Test
  void resolvesAContainerByNameIdAndPrefix() throws Exception {
    int pid = (int) engine.pid("web");
    long startTime = ProcStat.parse(Proc.text(pid, "stat")).startTime();
    Container container = new Container("docker", "", web, "web", pid, startTime, "bridge");
    for (String reference :
        List.of("web", "docker:web", web, web.substring(0, 12), "docker:" + web)) {
      assertEquals(container, resolver.resolve(reference), reference);
    }
    assertEquals(container, resolver.resolve(container.reference()));
    assertEquals("web", resolver.resolve("other/alias").name());
    assertEquals(pid, resolver.resolve("" + pid).pid());
  }

  @Test
  void resolvesAPausedContainer() throws Exception {
    assertEquals(engine.pid("held"), resolver.resolve("held").pid());
  }

  @Test
  void refusesAContainerThatDoesNotRun() {
    assertEquals(
        "container(docker:stopped): the container is not running (exited)",
        refused("stopped").getMessage());
    assertEquals(
        "container(docker:fresh): the container is not running (created)",
        refused("docker:fresh").getMessage());
  }

  @Test
  void refusesWhatIsNotThere() {
    for (String reference : List.of("nope", "docker:we", "..", "a b", "web/json?x=", "\u00e9")) {
      String expected =
          "container(" + reference + "): no such container; asked docker (" + engine.socket() + ")";
      assertEquals(expected, refused(reference).getMessage());
    }
  }

  @Test
  void refusesAPrefixOfSeveral() throws Exception {
    // With more containers than digits two ids start alike.
    List<String> made = new ArrayList<>();
    Map<Character, List<String>> byStart = new TreeMap<>();
    for (int i = 0; i < 17; i++) {
      String id = start("--name", "many" + i, "--network", "none");
      made.add(id);
      byStart.computeIfAbsent(id.charAt(0), c -> new ArrayList<>()).add("docker:many" + i);
    }
    try {
      List<String> alike =
          byStart.values().stream().filter(names -> names.size() > 1).findFirst().orElseThrow();
      String prefix = engine.inspect(alike.get(0).substring(7), "{{.Id}}").substring(0, 1);
      // A digit alone would be a pid.
      String message = refused("docker:" + prefix).getMessage();
      assertTrue(message.contains(": it may be any of "), message);
      for (String name : alike) {
        assertTrue(message.contains(name) || message.contains(" more"), message);
      }
    } finally {
      for (String id : made) {
        engine.run("rm", "-f", id).mustSucceed();
      }
    }
  }

  @Test
  void listsAllThatRunWithTheirPids() throws Exception {
    ContainerResolver.Inventory inventory = resolver.running();
    assertEquals(List.of(), inventory.problems());
    Map<String, String> modes = new TreeMap<>();
    for (Container container : inventory.containers()) {
      if (!container.name().startsWith("many")) {
        modes.put(container.name(), container.networkMode());
        assertEquals(engine.pid(container.id()), container.pid(), container.name());
      }
    }
    assertEquals(
        Map.of(
            "web",
            "bridge",
            "other",
            "bridge",
            "sharer",
            "container:" + web,
            "outside",
            "host",
            LONG_NAME,
            "none",
            "held",
            "bridge"),
        modes);
  }
}
