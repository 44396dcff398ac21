package io.github.jnstools.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Setting;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import io.github.jnstools.harness.VmTest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user gets where memory, processes or their numbers run out. */
@VmTest
@SuppressWarnings("try") // what is closed at the end need not be used
class LimitsVmTest {
  private Path group;

  @BeforeEach
  void makeGroup() throws IOException {
    group = Files.createTempDirectory(Path.of("/sys/fs/cgroup"), "jnstools-test");
  }

  @AfterEach
  void removeGroup() throws Exception {
    Poll.until(
        "an empty group",
        () -> {
          try {
            Files.deleteIfExists(group);
            return true;
          } catch (FileSystemException e) {
            return false;
          }
        });
  }

  private void limit(String file, String value) throws IOException {
    Files.writeString(group.resolve(file), value);
  }

  /** Memory of 64 MiB, all in all. */
  private void limitMemory() throws IOException {
    limit("memory.max", "64M");
    limit("memory.swap.max", "0");
  }

  private void add(long pid) throws IOException {
    limit("cgroup.procs", Long.toString(pid));
  }

  @Test
  void theCommandsRunInLittleMemory() throws Exception {
    limitMemory();
    try (NetnsHome home = NetnsHome.make();
        Container box = Container.start()) {
      String script =
          "set -e; echo $$ >%s; %s -m -p -t %d echo ran; %s -q link --name box %d; %s -q unlink box"
              .formatted(
                  group.resolve("cgroup.procs"),
                  Tools.JNSENTER,
                  box.pid(),
                  Tools.JNETNS,
                  box.pid(),
                  Tools.JNETNS);
      assertEquals(new Run("exited 0", "ran\n", ""), Run.of("sh", "-c", script));
    }
  }

  @Test
  void aProgramThatTakesAllTheMemoryOfItsControlGroup() throws Exception {
    limitMemory();
    try (Container box = Container.start()) {
      add(box.pid());
      String script = "x=x; while :; do x=$x$x; done";
      Run run = Run.of(Tools.JNSENTER, "-c", "-m", "-p", "-t", "" + box.pid(), "sh", "-c", script);
      assertEquals(new Run("signalled 9", "", ""), run);
      String events = Files.readString(group.resolve("memory.events"));
      assertTrue(events.contains("\noom_kill 1\n"), events);
      Run.of(Tools.JNSENTER, "-c", "-m", "-p", "-t", "" + box.pid(), "true").mustSucceed();
    }
  }

  @Test
  void aControlGroupThatHasAllTheProcessesItMay() throws Exception {
    try (Container box = Container.start()) {
      add(box.pid());
      limit("pids.max", "1");
      assertEquals(
          new Run(
              "exited 1",
              "",
              "jnsenter: fork(): EAGAIN: Resource temporarily unavailable\n"
                  + "hint: a limit on processes is reached; see ulimit -u, the cgroup's pids.max,"
                  + " and kernel.pid_max\n"),
          Run.of(Tools.JNSENTER, "-c", "-p", "-t", "" + box.pid(), "echo", "ran"));
    }
  }

  @Test
  void aPidThatComesAround() throws Exception {
    try (NetnsHome home = NetnsHome.make();
        Setting few = Setting.of("kernel.pid_max", "500")) {
      // Numbers below 300 do not come around.
      String first = "while (read -r pid rest </proc/self/stat; [ $pid -lt 300 ]); do :; done";
      Run.of("sh", "-c", first).mustSucceed();
      int pid;
      try (Sleeper process = Sleeper.start()) {
        pid = process.pid();
        Run.of(Tools.JNETNS, "-q", "link", "--name", "box", "" + pid).mustSucceed();
      }
      // Subshells come and go until one has the number.
      String script =
          "while :; do (read -r pid rest </proc/self/stat; [ $pid != %d ] || exec sleep 1000000) &"
              + " [ $! != %d ] || break; wait $!; done; echo ready; wait";
      try (Running shell = Running.start("sh", "-c", script.formatted(pid, pid)).ready()) {
        String reason = "pid " + pid + " is another process now";
        assertEquals(
            new Run(
                "exited 1",
                "",
                "jnetns: open(/run/netns/box): "
                    + reason
                    + "\nhint: list shows what each entry is worth\n"),
            Run.of(Tools.JNETNS, "exec", "box", "echo", "ran"));
        assertEquals(
            "removed box (pid:" + pid + "): " + reason + "\n",
            Run.of(Tools.JNETNS, "prune").mustSucceed().out());
        assertTrue(shell.lives());
      }
    }
  }
}
