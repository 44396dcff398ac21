package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs {@code jdocknet} in this JVM, on captured hosts. */
final class CapturedRun {
  static final Path HOSTS = Path.of("src/test/resources/firewall");
  static final String OLD = "20.10.24-two-bridges";
  static final String NEW = "29.7.2-std";

  /** A line of {@link #NEW}'s iptables-save-c.txt, in the filter table. */
  static final String JUMP = "[0:0] -A DOCKER-FORWARD -j DOCKER-CT\n";

  private CapturedRun() {}

  /** Runs it on a captured host. */
  static Result on(Path host, String line) {
    List<String> arguments = new ArrayList<>(List.of("jdocknet", "--from-dir", host.toString()));
    arguments.addAll(Stream.of(line.split(" ")).filter(word -> !word.isEmpty()).toList());
    return Result.run(arguments.toArray(new String[0]));
  }

  /** Runs it on one of those here. */
  static Result on(String host, String line) {
    return on(HOSTS.resolve(host), line);
  }

  /** What it tells programs. */
  static JsonArray json(String host, String line) throws Exception {
    return JsonParser.array().from(on(host, line + " --json").out());
  }

  /** Makes a directory one of those here, to be changed. */
  static Path copy(String host, Path directory) throws IOException {
    try (Stream<Path> files = Files.list(HOSTS.resolve(host))) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    return directory;
  }

  /** Changes a text that is there in a file of a copy. */
  static void replace(Path file, String old, String with) throws IOException {
    String text = Files.readString(file);
    assertTrue(text.contains(old), file + " has no " + old);
    Files.writeString(file, text.replace(old, with));
  }
}
