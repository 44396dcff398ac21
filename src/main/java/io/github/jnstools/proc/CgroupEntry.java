package io.github.jnstools.proc;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of {@code /proc/PID/cgroup}: {@code 4:memory:/docker/0123} or, for version 2, {@code
 * 0::/docker/0123}.
 *
 * @param controllers the names between the colons; empty for version 2
 * @param path the group, from the root that the reader's cgroup namespace shows
 */
public record CgroupEntry(String controllers, String path) {

  /** Whether this is the one hierarchy of version 2. */
  public boolean unified() {
    return controllers.isEmpty();
  }

  /** Parses the whole file. */
  public static List<CgroupEntry> parseAll(String text) {
    List<CgroupEntry> entries = new ArrayList<>();
    for (String line : text.split("\n")) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        entries.add(new CgroupEntry(parts[1], parts[2]));
      }
    }
    return entries;
  }
}
