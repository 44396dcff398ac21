package io.github.jnstools.harness;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that was run to its end.
 *
 * @param status {@code exited 0}, {@code signalled 15}
 * @param out its standard output, one character a byte
 * @param err its standard error
 */
public record Run(String status, String out, String err) {
  /** Runs a command with nothing on its standard input. */
  public static Run of(String... command) throws IOException, InterruptedException {
    return of("", Map.of(), List.of(command));
  }

  /** Runs a command with text on its standard input and variables beside the inherited ones. */
  public static Run of(String in, Map<String, String> variables, List<String> command)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("jnstools-run");
    try {
      File status = directory.resolve("status").toFile();
      File input = Files.writeString(directory.resolve("in"), in).toFile();
      File out = directory.resolve("out").toFile();
      File err = directory.resolve("err").toFile();
      List<String> all =
          new ArrayList<>(List.of(Tools.PROBE.getPath(), "--wait", status.getPath()));
      all.addAll(command);
      ProcessBuilder builder = new ProcessBuilder(all);
      builder.redirectInput(input).redirectOutput(out).redirectError(err);
      builder.environment().putAll(variables);
      Process process = builder.start();
      if (!process.waitFor(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("did not end: " + command + "\n" + text(out) + text(err));
      }
      return new Run(text(status).strip(), text(out), text(err));
    } finally {
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static String text(File file) throws IOException {
    return Files.readString(file.toPath(), StandardCharsets.ISO_8859_1);
  }

  /** Whether it exited with 0. */
  public boolean succeeded() {
    return status.equals("exited 0");
  }

  /** Fails, showing both streams, unless it exited with 0. */
  public Run mustSucceed() {
    if (!succeeded()) {
      throw new AssertionError(toString());
    }
    return this;
  }

  @Override
  public String toString() {
    return status + "\n--- stdout\n" + out + "--- stderr\n" + err;
  }
}
