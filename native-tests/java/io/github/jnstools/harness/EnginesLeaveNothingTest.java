package io.github.jnstools.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tests use of engines is gone when they have closed them. */
@DockerTest
class EnginesLeaveNothingTest {
  private static final String PROCESSES = "processes";
  @TempDir Path files;
  private Map<String, List<String>> before;

  @BeforeEach
  void lookAround() throws IOException {
    Container.fill(files);
    before = state();
  }

  @AfterEach
  void seeTheSame() throws Exception {
    // What a process leaves to its end is there for a moment.
    Poll.until("the end of all processes", () -> processes().equals(before.get(PROCESSES)));
    assertEquals(before, state());
  }

  private static Map<String, List<String>> state() throws IOException {
    Map<String, List<String>> state = new TreeMap<>();
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    // dockerd makes the one below its files shared.
    state.put("mounts", List.of(mounts.replaceAll(" shared:\\d+", "").split("\n")));
    state.put(PROCESSES, processes());
    for (String directory :
        List.of("/run", "/var/lib/docker", "/var/lib/containers", "/var/lib/containerd")) {
      state.put(directory, names(directory));
    }
    // Of everything that uses iptables.
    state.get("/run").remove("/run/xtables.lock");
    return state;
  }

  private static List<String> processes() throws IOException {
    return names("/proc").stream().filter(name -> name.matches("/proc/\\d+")).toList();
  }

  private static List<String> names(String directory) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path file : Proc.list(Path.of(directory))) {
      names.add(file.toString());
    }
    names.sort(null);
    return names;
  }

  @Test
  void docker() throws Exception {
    try (DockerEngine engine = DockerEngine.startDaemon("--live-restore")) {
      engine.load(files, "busybox");
      engine.start("busybox", "/bin/sleep", "1000");
      engine.crash();
    }
  }

  @Test
  void podman() throws Exception {
    try (PodmanEngine engine = PodmanEngine.open()) {
      engine.load(files, "busybox");
      engine.start("busybox", "/bin/sleep", "1000");
      engine.startService();
    }
  }

  @Test
  void containerd() throws Exception {
    try (ContainerdEngine engine = ContainerdEngine.start()) {
      engine.start("default", "web");
      engine.crash();
    }
  }
}
