package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.Credentials;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Launched;
import io.github.jnstools.harness.NamedNet;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Mounts that are the program's alone, beside those of ip-netns(8) of iproute2 6.1. */
@RootTest
class MountRootTest {
  private static final Path SCRATCH = Path.of("/run/jns-mounts");
  private static NamedNet net;

  @BeforeAll
  static void add() throws Exception {
    net = NamedNet.add("jns-mounts");
    Files.createDirectory(SCRATCH);
  }

  @AfterAll
  static void delete() throws IOException {
    Files.delete(SCRATCH);
    net.close();
  }

  private static String output(List<Mount> mounts, String program, String... arguments)
      throws Exception {
    try (NamespaceSet set = NamespaceSet.of(net.open())) {
      Command command = Command.of(program, arguments).withNamespaces(set);
      return Launched.output(command.withMounts(mounts));
    }
  }

  private static void mount(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "mount";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Run.of(command).mustSucceed();
  }

  private static void umount(String where) throws Exception {
    Run.of("umount", "-l", where).mustSucceed();
  }

  /** What is mounted below /sys, without the ids: root, place, options, type. */
  private static List<String> belowSys(String mountinfo) {
    List<String> found = new ArrayList<>();
    for (String line : mountinfo.split("\n")) {
      String[] fields = line.split(" ");
      if (fields[4].startsWith("/sys/")) {
        String type = line.substring(line.indexOf(" - "));
        found.add(fields[3] + " " + fields[4] + " " + fields[5] + type);
      }
    }
    found.sort(null);
    return found;
  }

  @Test
  void aNewSysKeepsAllThatIsMountedBelowTheOld() throws Exception {
    mount("-t", "bpf", "bpf", "/sys/fs/bpf");
    mount("-t", "debugfs", "debugfs", "/sys/kernel/debug");
    mount("-t", "tracefs", "tracefs", "/sys/kernel/tracing");
    mount("-t", "securityfs", "securityfs", "/sys/kernel/security");
    mount("-t", "tmpfs", "-o", "ro,size=4k", "outer", "/sys/fs/pstore");
    mount("-t", "tmpfs", "-o", "size=4k", "inner", "/sys/fs/pstore");
    try {
      Files.writeString(Path.of("/sys/fs/pstore/text"), "still here\n");
      String self = Proc.text(ProcessHandle.current().pid(), "mountinfo");
      List<String> before = belowSys(self);
      before.removeIf(mount -> mount.contains("- tmpfs outer "));
      List<String> inside = belowSys(output(List.of(Mount.sysfs()), "cat", "/proc/self/mountinfo"));
      // The old ones are there too, covered.
      for (String mount : before) {
        assertEquals(2, inside.stream().filter(mount::equals).count(), mount + " in " + inside);
      }
      for (String file :
          List.of("/sys/fs/pstore/text", "/sys/fs/cgroup", "/sys/kernel/debug", "/sys/fs/bpf")) {
        String shown = Run.of("ls", "-di", file).out();
        assertEquals(shown, output(List.of(Mount.sysfs()), "ls", "-di", file));
        assertFalse(shown.equals(net.exec("ls", "-di", file).out()), "ip keeps " + file);
      }
      String text = output(List.of(Mount.sysfs()), "cat", "/sys/fs/pstore/text");
      assertEquals("still here\n", text);
      assertEquals(self, Proc.text(ProcessHandle.current().pid(), "mountinfo"));
    } finally {
      for (String where :
          List.of(
              "/sys/fs/pstore",
              "/sys/fs/pstore",
              "/sys/kernel/security",
              "/sys/kernel/tracing",
              "/sys/kernel/debug",
              "/sys/fs/bpf")) {
        umount(where);
      }
    }
  }

  @Test
  void aPlaceThatOnlyTheOldSysHasIsLeftOut() throws Exception {
    mount("-t", "tmpfs", "tmpfs", "/sys");
    try {
      Path only = Files.createDirectory(Path.of("/sys/only-here"));
      mount("-t", "tmpfs", "tmpfs", only.toString());
      assertTrue(output(List.of(Mount.sysfs()), "ls", "/sys/class/net").contains("jns0"));
      assertFalse(output(List.of(Mount.sysfs()), "ls", "/sys").contains("only-here"));
    } finally {
      umount("/sys");
    }
  }

  @Test
  void aReadOnlySysStaysReadOnly() throws Exception {
    String script =
        "grep ' /sys ' /proc/self/mountinfo | tail -n 1 | cut -d' ' -f6; "
            + "echo 1 2>/dev/null >/sys/class/net/lo/tx_queue_len && echo written";
    assertEquals("rw,relatime\nwritten\n", output(List.of(Mount.sysfs()), "sh", "-c", script));
    mount("-o", "remount,bind,ro,nosuid,noexec", "/sys");
    try {
      String shown = output(List.of(Mount.sysfs()), "sh", "-c", script + "; true");
      assertEquals("ro,nosuid,noexec,relatime\n", shown);
    } finally {
      mount("-o", "remount,bind,rw,suid,exec", "/sys");
    }
  }

  @Test
  void bindsFilesAndDirectoriesWithWhatIsMountedBelow() throws Exception {
    Path file = Files.writeString(SCRATCH.resolve("file"), "bound\n");
    Path over = Files.writeString(SCRATCH.resolve("over"), "old\n");
    Path link = Files.createSymbolicLink(SCRATCH.resolve("link"), over);
    Path tree = Files.createDirectory(SCRATCH.resolve("tree"));
    Path place = Files.createDirectory(SCRATCH.resolve("place"));
    mount("-t", "tmpfs", "tmpfs", tree.toString());
    try {
      Path sub = Files.createDirectory(tree.resolve("sub"));
      mount("-t", "tmpfs", "tmpfs", sub.toString());
      Files.writeString(sub.resolve("deep"), "deep\n");
      List<Mount> mounts =
          List.of(
              Mount.bind(OsString.of(file), OsString.of(link)),
              Mount.bind(OsString.of(tree), OsString.of(place)));
      assertEquals("bound\ndeep\n", output(mounts, "cat", over.toString(), place + "/sub/deep"));
      assertEquals("old\n", Files.readString(over));
    } finally {
      umount(tree.toString());
      for (Path made : List.of(file, over, link, tree, place)) {
        Files.delete(made);
      }
    }
  }

  @Test
  void aFileIsThereForTheProgramAloneAndEverybodyMayReadIt() throws Exception {
    Path over = Files.writeString(SCRATCH.resolve("over"), "old\n");
    try (NamespaceSet set = NamespaceSet.of(net.open())) {
      OsString content = OsString.ofBytes((byte) 0xff, (byte) '\n');
      String large = "x".repeat(3 << 20);
      List<Mount> mounts =
          List.of(
              Mount.file(OsString.of(large), OsString.of("/etc/hosts")),
              Mount.sysfs(),
              Mount.file(content, OsString.of(over)));
      String script = "stat -c '%a %u %g' $0; cat $0; stat -c %s /etc/hosts; ls /sys/class/net";
      Command command =
          Command.of("sh", "-c", "umask 077; " + script, over.toString())
              .withNamespaces(set)
              .withCredentials(
                  new Credentials(
                      Credentials.Id.of(65534), Credentials.Id.of(65534), Optional.empty()))
              .withMounts(mounts);
      String out = Launched.output(command);
      assertEquals("644 0 0\n\u00ff\n" + large.length() + "\njns0\njns1\nlo\n", out);
      assertEquals("old\n", Files.readString(over));
      assertEquals(List.of(over), Proc.list(SCRATCH));
    } finally {
      Files.delete(over);
    }
  }

  @Test
  void mountsAreMadeWithThePrivilegesOfWhoeverHasThem() throws Exception {
    try (Container box = Container.start(Container.inAllTypes());
        Target target = Target.of((int) box.pid());
        NamespaceSet set =
            NamespaceSet.of(
                target.namespaces(
                    List.of(NamespaceType.USER, NamespaceType.NET, NamespaceType.PID)))) {
      Command command =
          Command.of("sh", "-c", "ls /sys/class/net; ps -e -o comm=")
              .withNamespaces(set)
              .withMounts(List.of(Mount.sysfs()))
              .with(Command.Option.MOUNT_PROC);
      assertEquals("lo\nsleep\nsh\nps\n", Launched.output(command));
    }
  }

  @Test
  void whatCannotBeMountedIsAnErrorThatNamesTheStep() throws Exception {
    try (NamespaceSet set = NamespaceSet.of(net.open())) {
      OsString nowhere = OsString.of("/run/no/such");
      Command command = Command.of("true").withNamespaces(set);
      for (Mount mount :
          List.of(
              Mount.bind(nowhere, OsString.of("/etc/hosts")),
              Mount.bind(OsString.of("/etc/hosts"), nowhere))) {
        Command refused = command.withMounts(List.of(mount));
        NamespaceException e =
            assertThrows(NamespaceException.class, () -> Launcher.launch(refused));
        String context = mount.source() + ", " + mount.target() + ", none, MS_BIND|MS_REC";
        String message = "mount(" + context + "): ENOENT: No such file or directory";
        assertEquals(message, e.getMessage());
      }
    }
  }
}
