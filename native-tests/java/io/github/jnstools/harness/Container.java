package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A throw-away container: a busybox root file system with the probe in it, and a process that
 * sleeps in namespaces of its own. Closing it ends its processes and removes its files.
 */
public final class Container implements AutoCloseable {
  private static final List<String> APPLETS =
      List.of(
          "sh",
          "ls",
          "ps",
          "top",
          "cat",
          "id",
          "env",
          "sleep",
          "true",
          "false",
          "pwd",
          "mount",
          "readlink",
          "hostname",
          "echo",
          "printenv",
          "kill",
          "ip",
          "head",
          "stty",
          "tty");
  private static final String START =
      "set -e; mount --make-rprivate /; mount --bind $ROOT $ROOT; mount -t proc proc $ROOT/proc;"
          + " hostname box; ip link set lo up 2>/dev/null || true;"
          + " cd $ROOT; pivot_root . old; cd /; /bin/busybox umount -l /old; unset ROOT;"
          + " exec env -i PATH=/bin SHELL=/bin/sh IN_BOX=yes /bin/sleep 1000000";

  private final Path root;
  private final Process process;
  private final long pid;

  private Container(Path root, Process process, long pid) {
    this.root = root;
    this.process = process;
    this.pid = pid;
  }

  /** One in all namespaces of its own but user. */
  public static Container start() throws IOException, InterruptedException {
    return start("--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup", "--time");
  }

  /** The options of unshare(1) that give one namespaces of its own of all eight types. */
  public static String[] inAllTypes() {
    return new String[] {
      "--user",
      "--map-root-user",
      "--mount",
      "--pid",
      "--uts",
      "--ipc",
      "--net",
      "--cgroup",
      "--time"
    };
  }

  /**
   * One in the namespaces that these options of unshare(1) make; mount and pid must be among them.
   */
  public static Container start(String... unshare) throws IOException, InterruptedException {
    Path root = fill(Files.createTempDirectory("jnstools-box"));
    List<String> command = new ArrayList<>(List.of("unshare", "--fork", "--kill-child"));
    command.addAll(List.of(unshare));
    command.addAll(List.of("sh", "-c", START));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("ROOT", root.toString());
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    long deadline = System.nanoTime() + Pace.LIMIT.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      for (ProcessHandle child : process.children().toList()) {
        Path exe = Path.of("/proc/" + child.pid() + "/comm");
        if (Files.exists(exe) && Files.readString(exe).equals("sleep\n")) {
          return new Container(root, process, child.pid());
        }
      }
      Thread.sleep(10);
    }
    process.destroyForcibly();
    throw new AssertionError("container did not start: " + command);
  }

  /** Fills a directory with a busybox root file system that has the probe in it. */
  public static Path fill(Path root) throws IOException {
    for (String directory : List.of("bin", "proc", "dev", "etc", "tmp", "root", "old")) {
      Files.createDirectory(root.resolve(directory));
    }
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : APPLETS) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    Files.copy(Tools.PROBE.toPath(), root.resolve("probe"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(
        root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\nweb:x:1234:1235::/:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\nweb:x:1235:\n");
    Files.setPosixFilePermissions(
        root, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    return root;
  }

  /** The pid of its first process, seen from here. */
  public long pid() {
    return pid;
  }

  /** Its root directory, seen from here, as it is without mounts. */
  public Path root() {
    return root;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
