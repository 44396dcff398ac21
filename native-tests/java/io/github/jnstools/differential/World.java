package io.github.jnstools.differential;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the invocations find: containers, lone processes and files, made once for a class of tests.
 *
 * <ul>
 *   <li>{@code {box}}: a container with all namespaces of its own but user
 *   <li>{@code {userbox}}: one with a user namespace too
 *   <li>{@code {sharer}}: a process with a UTS namespace of its own, in {@code /usr}
 *   <li>{@code {jail}}: a process whose root is the box's, in its {@code /tmp}
 *   <li>{@code {own}}: a process of user 1000 in a user namespace of its own
 *   <li>{@code {dead}}: a pid that nobody has
 *   <li>{@code {w}}: the directory of the files, where callers are
 * </ul>
 */
final class World {
  private final Path directory;
  private final Map<String, String> words = new LinkedHashMap<>();
  private final List<Container> containers = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<Path> mounts = new ArrayList<>();

  World() throws IOException, InterruptedException {
    directory = Files.createTempDirectory("jnstools-differential");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Container box = container("box");
    container("userbox", Container.inAllTypes());
    process("sharer", "unshare", "--uts", "sh", "-c", "hostname sharer; cd /usr; exec sleep 99999");
    process("jail", "chroot", box.root().toString(), "sh", "-c", "cd /tmp; exec sleep 99999");
    process(
        "own",
        "setpriv",
        "--reuid=1000",
        "--regid=1000",
        "--clear-groups",
        "unshare",
        "--user",
        "--map-root-user",
        "--net",
        "--uts",
        "--mount",
        "--ipc",
        "sh",
        "-c",
        "hostname own; exec sleep 99999");
    words.put(
        "dead",
        Long.toString(
            Long.parseLong(Outside.text(Path.of("/proc/sys/kernel/pid_max")).strip()) - 1));
    words.put("w", directory.toString());
    words.put("probe", Tools.PROBE.getPath());
    words.put("boxroot", box.root().toString());
    namespaceFiles(box);
    programs(directory);
    programs(box.root().resolve("tmp"));
  }

  private Container container(String name, String... unshare)
      throws IOException, InterruptedException {
    Container container = unshare.length == 0 ? Container.start() : Container.start(unshare);
    containers.add(container);
    words.put(name, Long.toString(container.pid()));
    return container;
  }

  private void process(String name, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    processes.add(process);
    Path comm = Path.of("/proc/" + process.pid() + "/comm");
    for (int i = 0; i < 2000 && !Outside.text(comm).equals("sleep\n"); i++) {
      Thread.sleep(5);
    }
    if (!Outside.text(comm).equals("sleep\n")) {
      throw new AssertionError("did not start: " + List.of(command));
    }
    words.put(name, Long.toString(process.pid()));
  }

  /**
   * Mount namespaces cannot be bound in a namespace that they could come to contain; see mount(2).
   */
  private void namespaceFiles(Container box) throws IOException, InterruptedException {
    for (String type : List.of("uts", "ipc", "net", "pid", "cgroup", "time")) {
      Path file = Files.createFile(directory.resolve(type));
      Run.of("mount", "--bind", "/proc/" + box.pid() + "/ns/" + type, file.toString())
          .mustSucceed();
      mounts.add(file);
    }
  }

  /** What PATH may lead to, and what may not be a program. */
  private static void programs(Path where) throws IOException {
    for (String name : List.of("first", "second", "denied", "directory/tool", "other")) {
      Files.createDirectories(where.resolve(name));
    }
    script(where.resolve("first/tool"), "#!/bin/sh\necho first \"$0\" \"$@\"\n", "rwxr-xr-x");
    script(where.resolve("second/tool"), "#!/bin/sh\necho second \"$0\" \"$@\"\n", "rwxr-xr-x");
    script(where.resolve("denied/tool"), "#!/bin/sh\necho denied\n", "rw-r--r--");
    script(where.resolve("plain"), "echo plain \"$0\" \"$@\"\n", "rwxr-xr-x");
    script(where.resolve("other/plain"), "echo plain \"$0\" \"$@\"\n", "rwxr-xr-x");
    script(where.resolve("no-interpreter"), "#!/nonexistent\n", "rwxr-xr-x");
    script(where.resolve("loop"), "#!" + where.resolve("loop") + "\n", "rwxr-xr-x");
    script(where.resolve("empty"), "", "rwxr-xr-x");
    script(where.resolve("binary"), "\u007fELF nonsense\0\n", "rwxr-xr-x");
    script(where.resolve("not-executable"), "echo\n", "rw-r--r--");
    Files.createSymbolicLink(where.resolve("dangling"), Path.of("nowhere"));
    Files.createSymbolicLink(where.resolve("circle"), Path.of("circle"));
  }

  private static void script(Path file, String text, String permissions) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  Path directory() {
    return directory;
  }

  /** Replaces the words in braces. */
  String expand(String text) {
    String expanded = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      expanded = expanded.replace("{" + word.getKey() + "}", word.getValue());
    }
    return expanded;
  }

  /** Ends the processes, and removes the files. */
  void close() throws IOException, InterruptedException {
    for (Path mount : mounts) {
      Run.of("umount", mount.toString()).mustSucceed();
    }
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    for (Container container : containers) {
      container.close();
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
