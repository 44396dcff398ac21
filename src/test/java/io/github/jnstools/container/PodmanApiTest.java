package io.github.jnstools.container;

import static io.github.jnstools.container.FakeDaemon.captured;
import static io.github.jnstools.container.FakeDaemon.withLength;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On answers of podman 4.3.1. */
class PodmanApiTest {
  private static final String CONTAINERS = "/v4.0.0/libpod/containers/";
  private static final String LIST = CONTAINERS + "json?all=true&namespace=true";
  private static final String WEB =
      "08191d0461ed9b3f5357a81592b242de566a0eac6d09b9ea335b3f228e93cadd";

  @TempDir Path directory;
  private FakeDaemon daemon;
  private PodmanApi podman;

  @BeforeEach
  void start() throws IOException {
    daemon = FakeDaemon.start(directory.resolve("socket"));
    podman = new PodmanApi(daemon.path());
  }

  @AfterEach
  void end() throws IOException {
    daemon.close();
  }

  private static String file(String name) {
    return "podman-4.3.1-" + name + ".json";
  }

  @Test
  void findsAContainer() throws IOException {
    daemon.file(CONTAINERS + "web/json", file("inspect-web"));
    daemon.file(CONTAINERS + "04fe/json", file("inspect-held"));
    daemon.file(CONTAINERS + "sharer/json", file("inspect-sharer"));
    daemon.file(CONTAINERS + "fresh/json", file("inspect-fresh"));
    daemon.file(CONTAINERS + "ended/json", file("inspect-ended"));
    assertEquals(
        List.of(
            new Known("podman", "", WEB, "web", "running", 1533, OptionalLong.empty(), "bridge")),
        podman.find("web"));
    assertEquals("paused", podman.find("04fe").get(0).status());
    assertEquals("container:" + WEB, podman.find("sharer").get(0).networkMode());
    assertEquals("created", podman.find("fresh").get(0).status());
    assertEquals("exited", podman.find("ended").get(0).status());
  }

  @Test
  void findsNothingWhereThereIsNothing() throws IOException {
    daemon.raw(CONTAINERS + "nope/json", withLength(404, captured(file("not-found"))));
    assertEquals(List.of(), podman.find("nope"));
    assertEquals(1, daemon.asked().size());
  }

  @Test
  void findsAllCandidatesOfAnAmbiguousPrefix() throws Exception {
    daemon.raw(CONTAINERS + "0/json", withLength(404, captured(file("ambiguous"))));
    daemon.file(CONTAINERS + "json?all=true", file("list-all"));
    JsonObject fresh = JsonParser.object().from(captured(file("inspect-fresh")));
    for (Object container : JsonParser.array().from(captured(file("list-all")))) {
      JsonObject listed = (JsonObject) container;
      String id = listed.getString("Id");
      fresh.put("Id", id);
      fresh.put("Name", listed.getArray("Names").getString(0));
      daemon.json(CONTAINERS + id + "/json", JsonWriter.string(fresh));
    }
    assertEquals(
        List.of("web", "held", "ended", "elegant_dijkstra"),
        podman.find("0").stream().map(Known::name).toList());
  }

  @Test
  void listsWhatRunsWithOneQuestion() throws IOException {
    daemon.file(LIST, file("list"));
    List<Known> running = podman.running();
    assertEquals(
        new Known("podman", "", WEB, "web", "running", 1533, OptionalLong.empty(), "podman"),
        running.get(0));
    assertEquals("paused", running.get(1).status());
    assertEquals(List.of("web", "held", "sharer"), running.stream().map(Known::name).toList());
    assertEquals(List.of(LIST), daemon.asked());
  }

  @Test
  void listsAContainerOfWhichLittleIsSaid() throws IOException {
    daemon.json(LIST, "[{\"Id\":\"ab\",\"Pid\":7}]");
    assertEquals(
        List.of(new Known("podman", "", "ab", "ab", "", 7, OptionalLong.empty(), "")),
        podman.running());
  }

  @Test
  void saysThatWhoeverListensIsNoPodman() throws IOException {
    daemon.raw(LIST, withLength(404, captured(file("unversioned"))));
    NamespaceException refused = assertThrows(NamespaceException.class, podman::running);
    assertTrue(refused.getMessage().endsWith("HTTP status 404"), refused.getMessage());
  }

  @Test
  void asksForTheEventsOfContainersSinceATime() {
    assertEquals(
        "/v4.0.0/libpod/events?stream=true&filters=%7b%22type%22%3a%5b%22container%22%5d%7d"
            + "&since=1795528252.007",
        podman.events(1795528252007L));
  }
}
