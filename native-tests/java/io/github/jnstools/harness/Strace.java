package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Ends or stops {@code jnetns} between two of its system calls, by strace(1). */
public final class Strace implements AutoCloseable {
  private static final String STOPPED = "--- stopped by SIGSTOP ---";

  private final Path log;

  private Strace(Path log) {
    this.log = log;
  }

  /** One, for one command after the other. */
  public static Strace make() throws IOException {
    return new Strace(Files.createTempFile("jnstools-strace", ""));
  }

  private List<String> command(List<String> selection, String step, String signal, String... rest) {
    String[] call = (step + "#1").split("#");
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", log.toString()));
    if (call[1].equals("1")) {
      command.add("--seccomp-bpf"); // faster, but then strace 6.1 does not count
    }
    command.addAll(selection);
    command.addAll(List.of("-e", "trace=" + call[0]));
    command.addAll(List.of("-e", "inject=" + call[0] + ":signal=" + signal + ":when=" + call[1]));
    command.add(Tools.JNETNS);
    command.addAll(Arrays.asList(rest));
    return command;
  }

  /**
   * Runs the command until it is killed.
   *
   * @param step the system call that is not made any more, and which one of these: {@code write#2}
   */
  public Run killBefore(String step, String... arguments) throws Exception {
    return Run.of("", Map.of(), command(List.of(), step, "KILL", arguments));
  }

  /**
   * Starts the command, and waits until it is stopped.
   *
   * @param step the last system call that is made, and which one of these: {@code write#2}
   */
  public Running stopAfter(String step, String... arguments) throws Exception {
    return stopped(command(List.of(), step, "STOP", arguments));
  }

  /** Does so where only calls count that have to do with one file. */
  public Running stopAfter(Path file, String step, String... arguments) throws Exception {
    return stopped(command(List.of("-P", file.toString()), step, "STOP", arguments));
  }

  private Running stopped(List<String> command) throws Exception {
    Running running = Running.start(Map.of(), command);
    try {
      Poll.until(
          () -> "a stop of " + running,
          () -> {
            if (!running.lives()) {
              throw new AssertionError("has not stopped: " + running);
            }
            return Files.readString(log).contains(STOPPED);
          });
      return running;
    } catch (Throwable e) {
      running.close();
      throw e;
    }
  }

  /** Lets the command that is stopped go on. */
  public void goOn() throws Exception {
    for (String line : Files.readAllLines(log)) {
      if (line.endsWith(STOPPED)) {
        Run.of("kill", "-CONT", line.split(" ")[0]).mustSucceed();
        return;
      }
    }
    throw new AssertionError("nothing is stopped");
  }

  @Override
  public void close() throws IOException {
    Files.delete(log);
  }
}
