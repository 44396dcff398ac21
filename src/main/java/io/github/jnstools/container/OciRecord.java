package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;

/**
 * What an OCI runtime has on record of a container: its init process. The record is there as long
 * as the container is, and in memory, so that none is older than this boot.
 *
 * @param pid of the init process
 * @param startTime of that process, in clock ticks since boot
 */
record OciRecord(int pid, long startTime) {

  /**
   * The record in a container's directory, or null.
   *
   * @param directory as runc has it, {@code /run/runc/0a1b2c}, or crun: {@code /run/crun/0a1b2c}
   */
  static OciRecord read(HostFiles files, String directory) throws NamespaceException {
    String runc = directory + "/state.json";
    OciRecord record = parse(files, runc, "init_process_pid", "init_process_start");
    return record == null
        ? parse(files, directory + "/status", "pid", "process-start-time")
        : record;
  }

  /** The first of these directories that has one, or null. */
  static OciRecord readFirst(HostFiles files, String... directories) throws NamespaceException {
    for (String directory : directories) {
      OciRecord record = read(files, directory);
      if (record != null) {
        return record;
      }
    }
    return null;
  }

  /**
   * Both members are among the first of up to 40 kB, most of which are filters of system calls. To
   * search the text takes a hundredth of the time that it takes to parse it.
   */
  private static OciRecord parse(HostFiles files, String path, String pidKey, String startKey)
      throws NamespaceException {
    String text = files.text(path);
    if (text == null) {
      return null;
    }
    long pid = number(text, pidKey);
    long start = number(text, startKey);
    if (pid > 0 && start >= 0) {
      return new OciRecord((int) pid, start);
    }
    // Other runtimes have files of these names with other members; half of a file is an error.
    files.object(path);
    return null;
  }

  /**
   * A member's value, or -1. A container cannot feign one by a text of its own: JSON has
   * backslashes before the quotation marks in it.
   */
  private static long number(String text, String key) {
    int start = text.indexOf("\"" + key + "\":");
    if (start < 0) {
      return -1;
    }
    start += key.length() + 3;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end == start || end - start > 18 ? -1 : Long.parseLong(text.substring(start, end));
  }
}
