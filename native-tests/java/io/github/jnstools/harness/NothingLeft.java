package io.github.jnstools.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Compares, around each test, what a test could leave behind: mounts, descriptors, threads in other
 * namespaces, and zombies.
 */
final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(NothingLeft.class);

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    context.getStore(STORE).put("before", state());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    Object before = context.getStore(STORE).get("before");
    Map<String, List<String>> after = state();
    // A thread that has run to its end may still be listed for a moment.
    long deadline = System.nanoTime() + Pace.LIMIT.dividedBy(30).toNanos();
    while (!after.equals(before) && System.nanoTime() < deadline) {
      Thread.sleep(20);
      after = state();
    }
    assertEquals(before, after, "something was left behind");
  }

  private static Map<String, List<String>> state() throws IOException {
    Map<String, List<String>> state = new TreeMap<>();
    state.put("mounts", Files.readAllLines(Path.of("/proc/self/mountinfo")));
    state.put("descriptors", descriptors());
    state.put("foreign threads", foreignThreads());
    state.put("zombies", zombies());
    return state;
  }

  /** All but what the JVM opens when it likes, and what Process objects hold until collected. */
  private static List<String> descriptors() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path fd : list(Path.of("/proc/self/fd"))) {
      String target = link(fd);
      boolean jvms =
          target.isEmpty()
              || target.endsWith(".jar")
              || target.endsWith("/modules")
              || target.startsWith("/dev/")
              || target.matches("(pipe|socket):.*")
              || target.matches("/proc/\\d+/fd");
      if (!jvms) {
        found.add(target);
      }
    }
    found.sort(null);
    return found;
  }

  private static List<String> foreignThreads() throws IOException {
    List<String> foreign = new ArrayList<>();
    for (Path thread : list(Path.of("/proc/self/task"))) {
      for (String type : List.of("cgroup", "ipc", "mnt", "net", "pid_for_children", "uts")) {
        String theirs = link(thread.resolve("ns/" + type));
        if (!theirs.isEmpty() && !theirs.equals(link(Path.of("/proc/self/ns/" + type)))) {
          foreign.add(thread + " " + textOrEmpty(thread.resolve("comm")).strip() + " " + theirs);
        }
      }
    }
    return foreign;
  }

  private static List<String> zombies() throws IOException {
    List<String> zombies = new ArrayList<>();
    String parent = "\nPPid:\t" + ProcessHandle.current().pid() + "\n";
    for (Path process : list(Path.of("/proc"))) {
      if (process.getFileName().toString().matches("\\d+")) {
        String status = textOrEmpty(process.resolve("status"));
        if (status.contains("\nState:\tZ") && status.contains(parent)) {
          zombies.add(process.toString());
        }
      }
    }
    return zombies;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /** The content of a file; "" if its process has gone. */
  private static String textOrEmpty(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** The target of a link; "" if the thing has gone. */
  private static String link(Path path) {
    try {
      return Files.readSymbolicLink(path).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
