package io.github.jnstools.differential;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What {@code /proc/PID} shows of a process, as fields that two runs can be compared by. */
final class Outside {
  private static final Path PROC = Path.of("/proc");
  private static final List<String> STATUS =
      List.of(
          "Name",
          "Umask",
          "TracerPid",
          "Uid",
          "Gid",
          "Groups",
          "Threads",
          "SigPnd",
          "ShdPnd",
          "SigBlk",
          "SigIgn",
          "SigCgt",
          "CapInh",
          "CapPrm",
          "CapEff",
          "CapBnd",
          "CapAmb",
          "NoNewPrivs",
          "Seccomp",
          "Seccomp_filters",
          "Speculation_Store_Bypass",
          "SpeculationIndirectBranch",
          "CoreDumping",
          "THP_enabled",
          "Cpus_allowed_list",
          "Mems_allowed_list");
  private static final List<String> FILES =
      List.of(
          "oom_score_adj",
          "coredump_filter",
          "personality",
          "timerslack_ns",
          "loginuid",
          "sessionid",
          "limits",
          "cgroup",
          "cmdline",
          "environ",
          "uid_map",
          "gid_map",
          "setgroups",
          "attr/current");
  // In stat, counted from the state: proc(5) counts two more before it, from 1.
  private static final int PPID = 1;
  private static final int PGRP = 2;
  private static final int SESSION = 3;
  private static final int TERMINAL = 4;
  private static final int FOREGROUND = 5;
  private static final int PRIORITY = 15;
  private static final int NICE = 16;
  private static final int EXIT_SIGNAL = 35;
  private static final int POLICY = 38;

  private Outside() {}

  /**
   * Reads a process.
   *
   * @param known names of the processes that it may be related to
   */
  static Map<String, String> of(long pid, Map<Long, String> known) throws IOException {
    Path process = PROC.resolve(Long.toString(pid));
    Map<String, String> fields = new TreeMap<>();
    for (String line : text(process.resolve("status")).split("\n")) {
      String[] pair = line.split(":\\s*", 2);
      if (STATUS.contains(pair[0])) {
        fields.put(pair[0], pair[1].strip());
      } else if (pair[0].equals("NSpid")) {
        fields.put("pid numbers", Integer.toString(pair[1].split("\\s+").length));
      }
    }
    for (String file : FILES) {
      fields.put(file, readable(process.resolve(file)));
    }
    for (String link : List.of("root", "cwd", "exe")) {
      fields.put(link, Files.readSymbolicLink(process.resolve(link)).toString());
    }
    links(process, "ns", fields);
    links(process, "fd", fields);
    for (String number : names(process.resolve("fd"))) {
      String info = text(process.resolve("fdinfo/" + number));
      fields.merge("fd " + number, " " + info.split("\n")[1].strip(), String::concat);
    }
    relations(stat(pid), known, fields);
    return fields;
  }

  private static void relations(
      List<String> stat, Map<Long, String> known, Map<String, String> fields) {
    fields.put("parent", name(stat.get(PPID), known));
    fields.put("process group", name(stat.get(PGRP), known));
    fields.put("session", name(stat.get(SESSION), known));
    fields.put("terminal", stat.get(TERMINAL).equals("0") ? "none" : "one");
    fields.put("foreground group", name(stat.get(FOREGROUND), known));
    fields.put("priority", stat.get(PRIORITY));
    fields.put("nice", stat.get(NICE));
    fields.put("exit signal", stat.get(EXIT_SIGNAL));
    fields.put("policy", stat.get(POLICY));
  }

  private static String name(String pid, Map<Long, String> known) {
    return known.getOrDefault(Long.valueOf(pid), pid);
  }

  /** A pipe's number is another in each run; a namespace's is not. */
  private static void links(Path process, String directory, Map<String, String> fields)
      throws IOException {
    for (String name : names(process.resolve(directory))) {
      String target = Files.readSymbolicLink(process.resolve(directory).resolve(name)).toString();
      fields.put(directory + " " + name, target.replaceAll("^(pipe|socket):.*", "$1"));
    }
  }

  /** The fields of stat from the state on; the name before may have spaces in it. */
  static List<String> stat(long pid) throws IOException {
    String all = text(PROC.resolve(pid + "/stat"));
    return Arrays.asList(all.substring(all.lastIndexOf(')') + 2).strip().split(" "));
  }

  /** Its state, one letter; "gone" when it has ended. */
  static String state(long pid) {
    try {
      return stat(pid).get(0);
    } catch (IOException e) {
      return "gone";
    }
  }

  /** Whether a process is the probe, has this first argument, and waits. */
  static boolean isWaitingProbe(long pid, String token) {
    try {
      Path process = PROC.resolve(Long.toString(pid));
      return text(process.resolve("comm")).equals("probe\n")
          && text(process.resolve("cmdline")).matches("(?s)[^\0]*\0" + token + "\0.*")
          && state(pid).equals("S");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  /** The first child of a process; 0 if it has none, or has ended. */
  static long child(long pid) {
    try {
      String children = text(PROC.resolve(pid + "/task/" + pid + "/children")).strip();
      return children.isEmpty() ? 0 : Long.parseLong(children.split(" ")[0]);
    } catch (IOException e) {
      return 0;
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String readable(Path file) {
    try {
      return text(file);
    } catch (IOException e) {
      return "unreadable";
    }
  }

  /** A file, one character a byte. */
  static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
