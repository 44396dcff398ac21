package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What engines leave behind when they have ended. */
final class Leftovers {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private Leftovers() {}

  /** Removes control groups; those of cgroup v1 are the host's too. */
  static void removeGroups(String name) throws IOException {
    List<Path> hierarchies = new ArrayList<>(Proc.list(CGROUPS));
    hierarchies.add(CGROUPS);
    for (Path hierarchy : hierarchies) {
      Path parent = hierarchy.resolve(name);
      if (Files.isDirectory(parent)) {
        try (Stream<Path> groups = Files.walk(parent)) {
          for (Path group :
              groups.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
            try {
              Files.delete(group);
            } catch (FileSystemException e) {
              throw new IOException("a group is in use: " + group, e);
            }
          }
        }
      }
    }
  }

  /** Removes rules and chains of iptables and ip6tables that have a word in them. */
  static void removeRules(String word) throws IOException {
    String script =
        "for each in iptables ip6tables; do $each-save | grep -v $0 | $each-restore; done";
    try {
      Run.of("sh", "-c", script, word).mustSucceed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Removes directories, and the mounts in them. */
  static void remove(String... directories) throws IOException {
    for (String directory : directories) {
      for (String point : mountPoints()) {
        if (point.startsWith(directory + "/")) {
          unmount(point);
        }
      }
      delete(Path.of(directory));
    }
  }

  /** The sandbox's own mounts stay. */
  private static void delete(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      int kept = mountPoints().contains(directory.toString()) ? 1 : 0;
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.skip(kept).sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Where something is mounted, last first. */
  private static List<String> mountPoints() throws IOException {
    List<String> points = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      points.add(0, line.split(" ")[4]);
    }
    return points;
  }

  /** Removes what is mounted at a path. */
  static void unmount(String point) throws IOException {
    try {
      Run.of("umount", point).mustSucceed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
