package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows on a host with Docker is run, and shows what the README shows. */
@DockerTest
class ReadmeDockerTest {
  private static final Path DRAWN = Path.of("/run/host.svg");

  @Test
  void sessionsRunAsShown() throws Exception {
    DockerEngine engine = DockerEngine.start();
    try {
      ReadmeSession.assertShown(
          "console docker", "", "rm -r /run/jnstools; umount /run/netns; rmdir /run/netns");
      List<String> shown = texts(Tools.PROJECT.resolve("src/docs/graph.svg"));
      assertTrue(shown.contains("web"), shown::toString);
      assertEquals(shown, texts(DRAWN));
    } finally {
      Files.deleteIfExists(DRAWN);
      engine.close();
    }
  }

  /** What is written in a picture, but for the names of veths. */
  private static List<String> texts(Path svg) throws Exception {
    return Pattern.compile("<text [^>]*>([^<]*)</text>")
        .matcher(Files.readString(svg))
        .results()
        .map(text -> text.group(1).replaceAll("veth[0-9a-f]{7}", "veth"))
        .toList();
  }
}
