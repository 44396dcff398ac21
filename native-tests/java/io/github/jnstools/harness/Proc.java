package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What {@code /proc} says about a process, read from outside of it. */
public final class Proc {
  /** The names in {@code /proc/PID/ns}, one of each type. */
  public static final List<String> TYPES =
      List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

  private Proc() {}

  /** A namespace of a process: {@code net:[4026531840]}. */
  public static String ns(long pid, String type) throws IOException {
    return link(Path.of("/proc/" + pid + "/ns/" + type));
  }

  /** All eight of a process. */
  public static Map<String, String> namespaces(long pid) throws IOException {
    Map<String, String> all = new TreeMap<>();
    for (String type : TYPES) {
      all.put(type, ns(pid, type));
    }
    return all;
  }

  /** The open descriptors of a process, and what each leads to. */
  public static Map<Integer, String> descriptors(long pid) throws IOException {
    Map<Integer, String> open = new TreeMap<>();
    for (Path fd : list(Path.of("/proc/" + pid + "/fd"))) {
      try {
        open.put(Integer.valueOf(fd.getFileName().toString()), link(fd));
      } catch (NoSuchFileException e) {
        continue; // the one that listed them
      }
    }
    return open;
  }

  /** What this JVM's descriptors lead to beyond what they did before; class files do not count. */
  public static List<String> opened(Map<Integer, String> before) throws IOException {
    List<String> more = new ArrayList<>(descriptors(ProcessHandle.current().pid()).values());
    before.values().forEach(more::remove);
    more.removeIf(target -> target.matches("/(?!proc|dev).*"));
    return more;
  }

  /** A field of {@code /proc/PID/status}. */
  public static String status(long pid, String field) throws IOException {
    for (String line : text(pid, "status").split("\n")) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1).strip();
      }
    }
    throw new AssertionError("no " + field + " of " + pid);
  }

  /** A whole file of {@code /proc/PID}, one character a byte. */
  public static String text(long pid, String file) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/" + file), StandardCharsets.ISO_8859_1);
  }

  /** Whether there is such a process, and it is no zombie. */
  public static boolean lives(long pid) {
    try {
      return !status(pid, "State").startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }

  /** The processes, zombies included, whose program has this name. */
  public static List<Long> running(String name) throws IOException {
    List<Long> pids = new ArrayList<>();
    for (Path process : list(Path.of("/proc"))) {
      String pid = process.getFileName().toString();
      if (pid.matches("\\d+") && comm(Long.parseLong(pid)).equals(name)) {
        pids.add(Long.valueOf(pid));
      }
    }
    return pids;
  }

  /** The name of a process's program; "" if the process has gone. */
  private static String comm(long pid) {
    try {
      return text(pid, "comm").strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** What a link leads to. */
  public static String link(Path path) throws IOException {
    return Files.readSymbolicLink(path).toString();
  }

  /** The files in a directory. */
  public static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
