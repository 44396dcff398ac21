package io.github.jnstools.differential;

import io.github.jnstools.harness.Pace;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Makes a case's invocation through one command, and says in fields what came of it. */
final class Invocation implements AutoCloseable {
  static final String STATUS = "status";
  static final String OUT = "stdout";
  static final String ERR = "stderr";

  /** A field that is there if the probe was seen running. */
  static final String SEEN = "exe";

  private static final int TERM = 15;

  private final Path directory;
  private final String token;
  private final Process caller;

  /** Starts it. */
  Invocation(World world, Case given, String tool, String token) throws IOException {
    this.directory = Files.createDirectories(world.directory().resolve("run"));
    this.token = token;
    Path in = Files.writeString(file("in"), given.in());
    Files.deleteIfExists(file("status"));
    List<String> all = new ArrayList<>(List.of(Tools.PROBE.getPath(), "--caller"));
    all.add(file("status").toString());
    for (String setting : given.settings()) {
      all.add(world.expand(setting));
    }
    all.add("--");
    all.add(tool);
    for (String argument : given.command()) {
      all.add(argument.equals(Case.TOKEN) ? token : world.expand(argument));
    }
    ProcessBuilder builder = new ProcessBuilder(all).directory(world.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "HOME", "/root"));
    if (!given.runsProbe()) {
      builder.redirectInput(in.toFile());
    }
    caller =
        builder.redirectOutput(file("out").toFile()).redirectError(file("err").toFile()).start();
  }

  /** Makes it, from start to end. */
  static Map<String, String> fields(World world, Case given, String tool, String token)
      throws IOException, InterruptedException {
    try (Invocation run = new Invocation(world, given, tool, token)) {
      Map<String, String> fields = new TreeMap<>();
      if (given.runsProbe()) {
        long probe = run.probe();
        if (probe > 0) {
          fields.putAll(run.outside(probe));
          if (given.endsBySignal()) {
            kill(probe, TERM);
          }
        }
        run.endInput();
      }
      fields.putAll(run.end());
      return fields;
    }
  }

  /** The probe, once it waits; 0 if the invocation has ended without. */
  long probe() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Pace.LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      boolean ended = !caller.isAlive();
      long command = tool();
      for (long candidate : new long[] {command, Outside.child(command)}) {
        if (candidate > 0 && Outside.isWaitingProbe(candidate, token)) {
          return candidate;
        }
      }
      if (ended) {
        return 0;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("neither ran the probe nor ended: " + this);
  }

  /** The command itself, which the probe may have replaced. */
  long tool() {
    return Outside.child(caller.pid());
  }

  private Map<String, String> outside(long probe) throws IOException {
    Map<Long, String> known = new HashMap<>();
    known.put(ProcessHandle.current().pid(), "the test");
    known.put(caller.pid(), "the caller");
    known.put(tool(), "the command");
    known.put(probe, probe == tool() ? "the command, which it is" : "itself");
    List<String> test = Outside.stat(ProcessHandle.current().pid());
    known.putIfAbsent(Long.valueOf(test.get(2)), "the test's group");
    known.putIfAbsent(Long.valueOf(test.get(3)), "the test's session");
    return Outside.of(probe, known);
  }

  /** Lets the probe, and any reader of stdin, come to the end of it. */
  void endInput() throws IOException {
    caller.getOutputStream().close();
  }

  /** Waits for the command. */
  Map<String, String> end() throws IOException, InterruptedException {
    if (!caller.waitFor(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("did not end: " + this);
    }
    return Map.of(
        STATUS, Outside.text(file("status")).strip(),
        OUT, Outside.text(file("out")),
        ERR, Outside.text(file("err")).isEmpty() ? "empty" : "not empty");
  }

  /** Sends a signal to a process that belongs to this test. */
  static void kill(long pid, int signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start().waitFor();
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  @Override
  public String toString() {
    return caller.info().commandLine().orElse("ended");
  }

  /** Ends whatever is left of it after a failure. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> left = caller.descendants().toList();
    caller.destroyForcibly();
    left.forEach(ProcessHandle::destroyForcibly);
    try {
      caller.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    caller.getOutputStream().close();
  }
}
