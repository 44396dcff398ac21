package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A program of this system whose output is the interface: {@code iptables-save}, {@code ip}.
 *
 * @param file where it is
 */
record SystemTool(File file) {
  /** Where such programs are, whatever PATH a user has. */
  private static final List<String> PLACES = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

  /**
   * What a run gave.
   *
   * @param out its standard output
   * @param err its standard error
   */
  record Output(String out, String err) {}

  /** The program of a name; empty if it is not installed. */
  static Optional<SystemTool> find(String name) {
    List<String> places =
        new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":")));
    places.addAll(PLACES);
    for (String place : places) {
      File file = new File(place, name);
      if (!place.isEmpty() && file.isFile() && file.canExecute()) {
        return Optional.of(new SystemTool(file));
      }
    }
    return Optional.empty();
  }

  /**
   * The program of a name.
   *
   * @param hint what to do where it is not installed
   */
  static SystemTool require(String name, String hint) throws NamespaceException {
    Optional<SystemTool> tool = find(name);
    if (tool.isEmpty()) {
      throw new NamespaceException("run", name, "not installed", hint);
    }
    return tool.get();
  }

  /**
   * Runs it to its end, with nothing to read.
   *
   * @throws NamespaceException if it fails, with the first line that it has to say of it
   */
  Output run(String... arguments) throws IOException {
    return runOn("", arguments);
  }

  /**
   * Runs it to its end.
   *
   * @param input what it reads, before it prints much
   * @throws NamespaceException if it fails, with the first line that it has to say of it
   */
  Output runOn(String input, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(file.getPath()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return text(process.getErrorStream().readAllBytes());
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            });
    IOException unread = write(input, process);
    String out = text(process.getInputStream().readAllBytes());
    int status;
    try {
      status = process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + file.getName() + " ran", e);
    }
    Output output = new Output(out, err.join());
    if (status != 0) {
      throw failure(status, output.err());
    }
    if (unread != null) {
      throw unread;
    }
    return output;
  }

  /** Why it has not read all; one that fails early may have more to say of that. */
  private static IOException write(String input, Process process) {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /**
   * Starts it, and leaves it alone once it has said something.
   *
   * @return the first line that it prints, which is of an error if it failed
   */
  String start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(file.getPath()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      return line == null ? "" : line;
    }
  }

  private NamespaceException failure(int status, String err) {
    String said = err.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    String how = status > 128 ? "killed by signal " + (status - 128) : "exit status " + status;
    boolean denied = said.contains("ermission denied") || said.contains("not permitted");
    return new NamespaceException(
        "run",
        file.getName(),
        said.isEmpty() ? how : how + ": " + said,
        denied ? "run as root" : null);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
