package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Joins of control groups of version 1. They run in a mount namespace of their own, where the
 * hierarchies are mounted as this cgroup namespace has them: the sandbox's mounts are the host's.
 */
@RootTest
class JnsEnterCgroupRootTest {
  private static final Path PIDS = Path.of("/sys/fs/cgroup/pids");
  private static final String MOUNT =
      "mount --make-rprivate / && for mount in /sys/fs/cgroup/*; do"
          + " grep -q \" $mount cgroup \" /proc/mounts || continue;"
          + " options=$(awk -v m=$mount '$2 == m {print $4}' /proc/mounts);"
          + " case $mount in */systemd) options=none,name=systemd;; *) options=${mount##*/};; esac;"
          + " umount $mount && mount -t cgroup -o $options cgroup $mount || exit 9; done; ";

  private Path group;
  private Running target;

  @BeforeEach
  void makeGroup() throws Exception {
    Assumptions.assumeTrue(Files.isWritable(PIDS.resolve("cgroup.procs")), "no cgroup v1 " + PIDS);
    group = Files.createTempDirectory(PIDS, "jnstools-test");
    target = Running.start("busybox", "sleep", "1000");
    Files.writeString(group.resolve("cgroup.procs"), "" + target.pid());
  }

  @AfterEach
  void removeGroup() throws Exception {
    if (target != null) {
      target.close();
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
  }

  private Running enter(String rest) throws IOException {
    String command = MOUNT + "exec " + Tools.JNSENTER + " -c -t " + target.pid() + " " + rest;
    return Running.start("unshare", "-m", "sh", "-c", command);
  }

  @Test
  void theProgramIsInTheTargetsGroups() throws Exception {
    assertTrue(Proc.text(target.pid(), "cgroup").contains(":pids:/" + group.getFileName() + "\n"));
    try (Running entered = enter(Tools.PROBE + "").ready()) {
      assertEquals(Proc.text(target.pid(), "cgroup"), Proc.text(entered.pid(), "cgroup"));
      List<String> members = Files.readAllLines(group.resolve("cgroup.procs"));
      assertTrue(members.contains("" + entered.pid()), members::toString);
    }
    assertFalse(Proc.text(self(), "cgroup").contains("jnstools-test"));
  }

  @Test
  void theWaiterMovesTooAndNoDescriptorStays() throws Exception {
    for (String options : new String[] {"-u ", "-p "}) {
      try (Running entered = enter(options + Tools.PROBE).ready()) {
        long program = options.equals("-p ") ? entered.program() : entered.pid();
        for (long pid : new long[] {program, entered.pid()}) {
          assertEquals(Proc.text(target.pid(), "cgroup"), Proc.text(pid, "cgroup"));
          Map<Integer, String> open = Proc.descriptors(pid);
          assertEquals(List.of(0, 1, 2), List.copyOf(open.keySet()), open::toString);
          assertTrue(open.get(0).startsWith("pipe:"), open::toString);
        }
      }
    }
  }

  @Test
  void standardInputIsLeftAlone() throws Exception {
    Run run =
        Run.of(
            "kept\n",
            Map.of(),
            List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                MOUNT + "exec " + Tools.JNSENTER + " -c -t " + target.pid() + " cat"));
    assertEquals("kept\n", run.mustSucceed().out());
  }

  @Test
  void aGroupBeyondTheMountsIsRefused() throws Exception {
    // In a cgroup namespace that begins at the group, that of this JVM is "/..".
    String inGroup = "echo $$ >" + group + "/cgroup.procs && exec unshare -m -C sh -c \"$0\"";
    String command = MOUNT + Tools.JNSENTER + " -c -t " + self() + " true";
    Run run = Run.of("sh", "-c", inGroup, command);
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals(
        "jnsenter: join-cgroup(/..): the target's group is outside of what is mounted here, /\n"
            + "hint: join from the host\n",
        run.err());
  }

  private static long self() {
    return ProcessHandle.current().pid();
  }
}
