package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A command that was started and goes on while a test looks at it from outside. Its standard input
 * is a pipe. Closing this ends it, and its child if it has one.
 */
public final class Running implements AutoCloseable {
  private final Path directory;
  private final Process process;
  private long program = -1;
  private boolean closed;

  private Running(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  /** Starts a command. */
  public static Running start(String... command) throws IOException {
    return start(Map.of(), List.of(command));
  }

  /** Starts a command with variables beside the inherited ones. */
  public static Running start(Map<String, String> variables, List<String> command)
      throws IOException {
    Path directory = Files.createTempDirectory("jnstools-running");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(directory.resolve("out").toFile());
    builder.redirectError(directory.resolve("err").toFile());
    builder.environment().putAll(variables);
    return new Running(directory, builder.start());
  }

  /** Waits until its output holds a line; closes it where that fails. */
  public Running awaitLine(String line) throws Exception {
    try {
      Poll.until(() -> line + " from " + this, () -> hasWritten(line));
      return this;
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  private boolean hasWritten(String line) throws IOException {
    boolean alive = process.isAlive();
    if (("\n" + out()).contains("\n" + line + "\n")) {
      return true;
    }
    if (!alive) {
      throw new AssertionError("ended before it wrote " + line + ": " + this);
    }
    return false;
  }

  /** Waits until the probe is ready. */
  public Running ready() throws Exception {
    return awaitLine("ready");
  }

  /** The pid that was started. */
  public long pid() {
    return process.pid();
  }

  /** The pid of the program that the jnsenter which was started waits for. */
  public long program() throws Exception {
    Poll.until(
        () -> "a program of " + this,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("ended: " + this);
          }
          if (waits()) {
            process.children().forEach(child -> program = child.pid());
          }
          return program > 0;
        });
    return program;
  }

  /** Before it is the one that waits, its children are those of the launcher. */
  private boolean waits() throws IOException {
    try {
      return Proc.link(Path.of("/proc/" + process.pid() + "/exe")).startsWith("/memfd:");
    } catch (NoSuchFileException e) {
      return false; // one of its threads is about to execute the stage
    }
  }

  /** What it has written to its standard output. */
  public String out() throws IOException {
    return Files.readString(directory.resolve("out"), StandardCharsets.ISO_8859_1);
  }

  /** What it has written to its standard error. */
  public String err() throws IOException {
    return Files.readString(directory.resolve("err"), StandardCharsets.ISO_8859_1);
  }

  /** Ends its standard input. */
  public void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for its end; 128 and the signal where one ended it. */
  public int status() throws Exception {
    Poll.until(() -> "the end of " + this, () -> !process.isAlive());
    return process.waitFor();
  }

  /** Whether it goes on. */
  public boolean lives() {
    return process.isAlive();
  }

  @Override
  public String toString() {
    try {
      return process.pid() + "\n--- stdout\n" + out() + "--- stderr\n" + err();
    } catch (IOException e) {
      return process.pid() + ": " + e;
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    process.children().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    if (program > 0) {
      ProcessHandle.of(program).ifPresent(ProcessHandle::destroyForcibly);
    }
    for (Path file : Proc.list(directory)) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
