package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.harness.Browser;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of a host that runs, as a browser shows them. */
@DockerTest
class DockerGraphTest {
  private static final int GREEN = 0x1a7f37;
  private static final int RED = 0xcf222e;

  /** Tells where everything is, and what comes of clicks and of a search. */
  private static final String LOOK =
      """
      <script>
      const rectangle = box => [box.left, box.top, box.width, box.height].map(Math.round);
      const on = () => [...svg.querySelectorAll(".on")].map(each => each.id);
      const nodes = [...svg.querySelectorAll("g.node")].map(node => ({
        id: node.id,
        title: parts[node.id].title,
        box: rectangle(node.querySelector("path, polygon").getBoundingClientRect()),
        texts: [...node.querySelectorAll("text")].map(each => rectangle(each.getBoundingClientRect()))
      }));
      const look = {nodes, picture: rectangle(svg.getBoundingClientRect()), search: search.value,
        found: found.textContent, on: on()};
      const click = id =>
        document.getElementById(id).dispatchEvent(new MouseEvent("click", {bubbles: true}));
      const web = nodes.find(node => node.title === "web").id;
      click(web);
      look.web = {panel: panel.innerText, on: on(), id: web};
      const blocked = lines.findIndex(line => line.why.some(why => why.includes(": blocked: ")));
      click("l" + blocked);
      look.line = {panel: panel.innerText, on: on()};
      search.value = "203.0.113";
      search.dispatchEvent(new Event("input"));
      look.typed = {found: found.textContent, on: on(), hash: location.hash};
      document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
      look.after = {on: on(), some: svg.classList.contains("some"), hash: location.hash};
      document.body.append(Object.assign(document.createElement("pre"),
        {id: "look", textContent: encodeURIComponent(JSON.stringify(look))}));
      </script>
      """;

  @TempDir static Path directory;
  @AutoClose private static ConnectedHost host;

  @BeforeAll
  static void start() throws Exception {
    host = ConnectedHost.start(Files.createDirectory(directory.resolve("image")));
    host.engine().sleeper("dark", "none");
  }

  private static String graph(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(Tools.JDOCKNET, "graph"));
    command.addAll(List.of(options));
    Run run = Run.of("", Map.of(), command).mustSucceed();
    assertEquals("", run.err());
    return run.out();
  }

  @Test
  void theTreeHasAllContainersAndTheirEndsOnTheHost() throws Exception {
    List<String> tree = graph().lines().map(line -> line.replaceAll("^[-|` ]+", "")).toList();
    for (List<String> containers : ConnectedHost.CONTAINERS.values()) {
      for (String name : containers) {
        Run listed = Run.of(Tools.JDOCKNET, "ls", name, "--json").mustSucceed();
        JsonObject network =
            JsonParser.array().from(listed.out()).getObject(0).getArray("networks").getObject(0);
        String line =
            name + ": " + network.getString("ipv4") + ", " + network.getString("host_veth");
        assertTrue(tree.contains(line), line + " in " + tree);
      }
    }
    assertTrue(tree.contains("dark: network none"), tree::toString);
    assertTrue(tree.contains("outside by jns1: 203.0.113.0/24, fd00:203::/64"), tree::toString);
  }

  @Test
  void thePageShowsEverythingInItsPlace() throws Exception {
    Path page = Files.writeString(directory.resolve("host.html"), graph("--format", "html"));
    JsonObject look = look(page, "");
    JsonArray nodes = look.getArray("nodes");
    Rectangle picture = rectangle(look.getArray("picture"));
    BufferedImage seen = new Browser(directory).screenshot(page);
    Set<String> titles = new TreeSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      JsonObject node = nodes.getObject(i);
      titles.add(node.getString("title"));
      Rectangle box = rectangle(node.getArray("box"));
      assertTrue(picture.contains(box), node::toString);
      assertFalse(node.getArray("texts").isEmpty(), node::toString);
      for (Object text : node.getArray("texts")) {
        Rectangle words = rectangle((JsonArray) text);
        words.grow(-1, -1);
        assertTrue(box.contains(words), node::toString);
      }
      for (int j = 0; j < i; j++) {
        assertFalse(box.intersects(rectangle(nodes.getObject(j).getArray("box"))), node::toString);
      }
      assertTrue(Set.of(0xffffff, 0xfff8c5, 0xddf4ff, 0xeaeef2).contains(inside(seen, box)));
      assertTrue(dark(seen, box), node::toString);
    }
    assertTrue(
        titles.containsAll(
            Set.of("web", "dark", "net1", "outside by jns1", "0.0.0.0:8080->80/tcp")),
        titles::toString);
    assertTrue(pixels(seen, GREEN) > 100, "reachable");
    assertTrue(pixels(seen, RED) > 100, "blocked");
  }

  @Test
  void aClickAndASearchTellMore() throws Exception {
    Path page = Files.writeString(directory.resolve("host2.html"), graph("--format", "html"));
    JsonObject look = look(page, "#q=web");
    assertEquals("web", look.getString("search"));
    assertEquals("1 found", look.getString("found"));
    JsonObject web = look.getObject("web");
    assertEquals(List.of(web.getString("id")), List.copyOf(look.getArray("on")));
    String panel = web.getString("panel");
    for (String part :
        List.of(
            "web",
            host.engine().inspect("web", "{{.NetworkSettings.IPAddress}}"),
            "0.0.0.0:8080->80/tcp",
            "reachable from outside by jns1")) {
      assertTrue(panel.contains(part), part + " in " + panel);
    }
    assertTrue(web.getArray("on").size() > 3, web::toString);
    JsonObject line = look.getObject("line");
    assertTrue(line.getString("panel").contains(": blocked: dropped by "), line::toString);
    assertEquals(3, line.getArray("on").size(), line::toString);
    JsonObject search = look.getObject("typed");
    assertEquals("#q=203.0.113", search.getString("hash"));
    assertTrue(search.getArray("on").size() >= 1, search::toString);
    JsonObject after = look.getObject("after");
    assertEquals(List.of(), List.copyOf(after.getArray("on")));
    assertFalse(after.getBoolean("some"));
    assertEquals("", after.getString("hash"));
  }

  private static JsonObject look(Path page, String fragment) throws Exception {
    String html = Files.readString(page);
    Path copy =
        Files.writeString(
            directory.resolve("look.html"), html.replace("</body>", LOOK + "</body>"));
    String document = new Browser(directory).document(copy, fragment);
    Matcher look = Pattern.compile("<pre id=\"look\">([^<]*)</pre>").matcher(document);
    assertTrue(look.find(), document);
    return JsonParser.object().from(URLDecoder.decode(look.group(1), StandardCharsets.UTF_8));
  }

  private static Rectangle rectangle(JsonArray numbers) {
    return new Rectangle(
        numbers.getInt(0), numbers.getInt(1), numbers.getInt(2), numbers.getInt(3));
  }

  /** The colour of a box near its left edge, beside what is written in it. */
  private static int inside(BufferedImage image, Rectangle box) {
    return image.getRGB(box.x + 4, box.y + box.height / 2) & 0xffffff;
  }

  /** Whether something is written in a box. */
  private static boolean dark(BufferedImage image, Rectangle box) {
    for (int x = box.x + 4; x < box.x + box.width - 4; x++) {
      for (int y = box.y + 4; y < box.y + box.height - 4; y++) {
        if ((image.getRGB(x, y) & 0xffffff) == 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static int pixels(BufferedImage image, int colour) {
    int count = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        if ((image.getRGB(x, y) & 0xffffff) == colour) {
          count++;
        }
      }
    }
    return count;
  }
}
