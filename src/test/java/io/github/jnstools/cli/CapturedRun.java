package io.github.jnstools.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs {@code jdocknet} in this JVM, on captured hosts. */
final class CapturedRun {
  static final Path HOSTS = Path.of("src/test/resources/firewall");

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
}
