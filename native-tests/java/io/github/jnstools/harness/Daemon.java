package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A daemon that a test starts, ends and starts again; what it writes goes to a log. */
final class Daemon {
  private final List<String> command;
  private final Path log;
  private final Callable<Boolean> answers;
  private Process process;

  /**
   * One that does not run yet.
   *
   * @param answers whether it does what it is for
   */
  Daemon(Path log, Callable<Boolean> answers, List<String> command) {
    this.log = log;
    this.answers = answers;
    this.command = List.copyOf(command);
  }

  /** Starts it and waits until it answers. */
  void start() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      Poll.until(() -> "an answer of " + this, this::answers);
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private boolean answers() throws Exception {
    if (!runs()) {
      throw new AssertionError("has ended: " + this);
    }
    return answers.call();
  }

  boolean runs() {
    return process != null && process.isAlive();
  }

  /** Ends it as a crash would, and waits for the end of it and of its children. */
  void crash() {
    end(List.of(), true);
  }

  /** Ends it, and its children too, if it leaves any. */
  void stop() {
    if (runs()) {
      end(process.descendants().toList(), false);
    }
  }

  private void end(List<ProcessHandle> descendants, boolean crash) {
    List<ProcessHandle> children = process.children().toList();
    try {
      if (crash) {
        process.destroyForcibly().waitFor();
      } else {
        process.destroy();
        if (!process.waitFor(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    for (ProcessHandle child : crash ? children : descendants) {
      child.destroyForcibly();
      child.onExit().join();
    }
  }

  @Override
  public String toString() {
    try {
      return command + "\n" + Files.readString(log);
    } catch (IOException e) {
      return command + "\n" + e;
    }
  }
}
