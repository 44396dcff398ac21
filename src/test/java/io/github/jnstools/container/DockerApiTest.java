package io.github.jnstools.container;

import static io.github.jnstools.container.FakeDaemon.captured;
import static io.github.jnstools.container.FakeDaemon.withLength;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On answers of Docker 20.10.24. */
class DockerApiTest {
  private static final String WEB =
      "9136e85c1da49fb727c222b8c4f0ab898e27b3545538c544f4e665709ee4f734";
  private static final String LONG_NAME = "n".repeat(300);

  @TempDir Path directory;
  private FakeDaemon daemon;
  private DockerApi docker;

  @BeforeEach
  void start() throws IOException {
    daemon = FakeDaemon.start(directory.resolve("socket"));
    docker = new DockerApi(daemon.path());
  }

  @AfterEach
  void end() throws IOException {
    daemon.close();
  }

  private static String file(String name) {
    return "docker-20.10.24-" + name + ".json";
  }

  private static JsonObject inspected(String name) {
    try {
      return JsonParser.object().from(captured(file("inspect-" + name)));
    } catch (IOException | JsonParserException e) {
      throw new IllegalStateException(e);
    }
  }

  private Known found(String reference) throws IOException {
    List<Known> found = docker.find(reference);
    assertEquals(1, found.size(), found.toString());
    return found.get(0);
  }

  private String refused(String reference) {
    NamespaceException refused =
        assertThrows(NamespaceException.class, () -> docker.find(reference));
    return refused.getMessage().replace(daemon.path(), "SOCKET");
  }

  @Test
  void findsAContainerByNameIdOrPrefix() throws IOException {
    Known web = new Known("docker", "", WEB, "web", "running", 186, OptionalLong.empty(), "bridge");
    for (String reference : List.of("web", WEB, "9136")) {
      daemon.file("/containers/" + reference + "/json", file("inspect-web"));
      assertEquals(web, found(reference));
    }
  }

  @Test
  void knowsWhetherItRuns() throws IOException {
    for (String[] expected :
        new String[][] {
          {"held", "paused", "315"},
          {"fresh", "created", "0"},
          {"ended", "exited", "0"},
          {"again", "restarting", "0"}
        }) {
      daemon.file("/containers/x/json", file("inspect-" + expected[0]));
      Known known = found("x");
      assertEquals(expected[0], known.name());
      assertEquals(expected[1], known.status());
      assertEquals(expected[2], "" + known.pid());
    }
  }

  @Test
  void knowsTheNetworkMode() throws IOException {
    daemon.file("/containers/outside/json", file("inspect-outside"));
    daemon.file("/containers/sharer/json", file("inspect-sharer"));
    daemon.file("/containers/" + LONG_NAME + "/json", file("inspect-long"));
    assertEquals("host", found("outside").networkMode());
    assertEquals("container:" + WEB, found("sharer").networkMode());
    assertEquals("none", found(LONG_NAME).networkMode());
    assertEquals(LONG_NAME, found(LONG_NAME).name());
  }

  @Test
  void findsAContainerByALinksAliasAndCallsItByItsName() throws IOException {
    daemon.file("/containers/other%2falias/json", file("inspect-web"));
    assertEquals("web", found("other/alias").name());
  }

  @Test
  void findsNothingWhereThereIsNothing() throws IOException {
    assertEquals(List.of(), docker.find("nope"));
    assertEquals(List.of(), docker.find("a b?c"));
    daemon.raw("/containers/%2e%2e/json", "HTTP/1.1 301 M\r\nContent-Length: 0\r\n\r\n");
    assertEquals(List.of(), docker.find(".."));
    assertEquals(
        List.of("/containers/nope/json", "/containers/a%20b%3fc/json", "/containers/%2e%2e/json"),
        daemon.asked());
  }

  @Test
  void findsAllCandidatesOfAnAmbiguousPrefix() throws Exception {
    // Docker 20.10 says 500, later ones 400.
    String other = "9" + WEB.substring(1, 60) + "0000";
    JsonArray all = JsonParser.array().from(captured(file("list-all")));
    all.add(JsonObject.builder().value("Id", other).done());
    daemon.json("/containers/json?all=true", JsonWriter.string(all));
    daemon.file("/containers/" + WEB + "/json", file("inspect-web"));
    JsonObject fresh = inspected("fresh");
    fresh.put("Id", other);
    daemon.json("/containers/" + other + "/json", JsonWriter.string(fresh));
    for (int status : List.of(400, 500)) {
      daemon.raw("/containers/9/json", withLength(status, captured(file("ambiguous"))));
      assertEquals(List.of("web", "fresh"), docker.find("9").stream().map(Known::name).toList());
    }
  }

  @Test
  void passesOnWhatTheDaemonSaysOtherwise() throws IOException {
    daemon.file("/containers/json?all=true", file("list-all"));
    daemon.raw("/containers/a/json", withLength(500, "{\"message\":\"out of\\nspace\"}"));
    assertEquals(
        "get(SOCKET, /containers/a/json): HTTP status 500: out of\\x0aspace", refused("a"));
    daemon.raw("/containers/b/json", withLength(500, "<html>"));
    assertEquals("get(SOCKET, /containers/b/json): HTTP status 500", refused("b"));
  }

  @Test
  void namesTheProxyThatForbidsIt() {
    String forbidden = withLength(403, "<html><body>Request forbidden</body></html>");
    daemon.raw("/containers/a/json", forbidden);
    daemon.raw("/containers/json?all=true", forbidden);
    NamespaceException refused = assertThrows(NamespaceException.class, () -> docker.find("a"));
    assertTrue(refused.getMessage().endsWith("HTTP status 403"), refused.getMessage());
    assertTrue(refused.hint().orElseThrow().contains("proxy"));
  }

  @Test
  void refusesWhatIsNotTheJsonThatWasExpected() throws IOException {
    String whole = captured(file("inspect-web"));
    String here = "get(SOCKET, /containers/a/json): ";
    for (String body : List.of("", "{", "[]", "null", whole.substring(0, 2000))) {
      daemon.json("/containers/a/json", body);
      assertTrue(refused("a").startsWith(here + "not the JSON that was expected: "), body);
    }
    daemon.json("/containers/a/json", "{\"a\":" + "[".repeat(1_000_000));
    assertEquals(here + "not the JSON that was expected: nested too deep", refused("a"));
    daemon.json("/containers/a/json", "{\"Id\":\"x\"}");
    assertEquals(here + "an answer without State", refused("a"));
    daemon.json("/containers/a/json", "{\"State\":{}}");
    assertEquals(here + "an answer without Id", refused("a"));
  }

  @Test
  void takesAContainerOfWhichLittleIsSaid() throws IOException {
    daemon.json("/containers/a/json", "{\"Id\":\"ab\",\"State\":{\"Pid\":\"7\"}}");
    assertEquals(new Known("docker", "", "ab", "ab", "", 0, OptionalLong.empty(), ""), found("a"));
  }

  private void list(String... names) throws IOException {
    JsonArray list = new JsonArray();
    for (String name : names) {
      JsonObject container = inspected(name);
      String id = container.getString("Id");
      list.add(JsonObject.builder().value("Id", id).done());
      daemon.json("/containers/" + id + "/json", JsonWriter.string(container));
    }
    daemon.json("/containers/json", JsonWriter.string(list));
  }

  @Test
  void listsWhatRuns() throws IOException {
    list("again", "long", "outside", "sharer", "held", "other", "web");
    daemon.file("/containers/json", file("list"));
    assertEquals(
        List.of(LONG_NAME, "outside", "sharer", "held", "other", "web"),
        docker.running().stream().map(Known::name).toList());
    assertEquals(1, daemon.connections());
  }

  @Test
  void takesPidsFromWhatTheShimsHaveWritten() throws IOException {
    list("again", "long", "outside", "sharer", "held", "other", "web");
    daemon.file("/containers/json", file("list"));
    List<Known> inspected = docker.running();
    String tasks = "run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby";
    for (Known known : inspected) {
      Path task = Files.createDirectories(directory.resolve(tasks).resolve(known.id()));
      Files.writeString(task.resolve("init.pid"), "" + known.pid());
    }
    int before = daemon.asked().size();
    HostFiles files = new HostFiles(directory.toString());
    assertEquals(inspected, new DockerApi(daemon.path(), EngineApi.PATIENCE, files).running());
    String again = inspected("again").getString("Id");
    assertEquals(
        List.of("/containers/json", "/containers/" + again + "/json"),
        daemon.asked().subList(before, daemon.asked().size()));
  }

  @Test
  void listsWithoutWhatHasBeenRemovedMeanwhile() throws IOException {
    list("held", "web");
    String held = inspected("held").getString("Id");
    daemon.raw("/containers/" + held + "/json", withLength(404, captured(file("not-found"))));
    assertEquals(List.of("web"), docker.running().stream().map(Known::name).toList());
  }

  @Test
  void listsThousands() throws IOException {
    JsonArray list = new JsonArray();
    JsonObject container = inspected("web");
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3000; i++) {
      String id = WEB.substring(4) + (i + 1000);
      ids.add(id);
      list.add(JsonObject.builder().value("Id", id).done());
      container.put("Id", id);
      daemon.json("/containers/" + id + "/json", JsonWriter.string(container));
    }
    daemon.json("/containers/json", JsonWriter.string(list));
    List<Known> running = docker.running();
    assertEquals(3000, running.size());
    running.forEach(known -> ids.remove(known.id()));
    assertEquals(Set.of(), ids);
  }

  @Test
  void listsNothingIfTheAnswerMakesNoSense() {
    daemon.json("/containers/json", "[{\"Id\":\"a\"},{}]");
    NamespaceException refused = assertThrows(NamespaceException.class, docker::running);
    assertTrue(refused.getMessage().endsWith("an answer without Id"), refused.getMessage());
    daemon.json("/containers/json", "[1]");
    assertThrows(NamespaceException.class, docker::running);
  }

  @Test
  void isPresentIfItsSocketIs() throws IOException {
    assertTrue(docker.present());
    assertEquals(daemon.path(), docker.where());
    assertFalse(new DockerApi(directory.resolve("none").toString()).present());
    daemon.close();
    assertTrue(docker.present());
  }

  @Test
  void asksForTheEventsOfContainersSinceATime() {
    String filter =
        "%7b%22type%22%3a%5b%22container%22%5d%2c%22event%22%3a%5b%22start%22%2c%22die%22%2c"
            + "%22rename%22%2c%22destroy%22%5d%7d";
    String start = "/events?stream=true&filters=" + filter + "&since=";
    assertEquals(start + "1795528252.007", docker.events(1795528252007L));
    assertEquals(start + "1795528252.070", docker.events(1795528252070L));
    assertEquals(start + "1795528252.700", docker.events(1795528252700L));
  }
}
