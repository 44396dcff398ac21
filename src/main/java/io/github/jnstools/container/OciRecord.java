package io.github.jnstools.container;

import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonReader;
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

  /** Both members are among the first of up to 40 kB, most of which are filters of system calls. */
  private static OciRecord parse(HostFiles files, String path, String pidKey, String startKey)
      throws NamespaceException {
    String text = files.text(path);
    if (text == null) {
      return null;
    }
    long pid = -1;
    long start = -1;
    try {
      JsonReader reader = JsonReader.from(text);
      reader.object();
      while ((pid < 0 || start < 0) && reader.next()) {
        String key = reader.key();
        if (key.equals(pidKey)) {
          pid = reader.longVal();
        } else if (key.equals(startKey)) {
          start = reader.longVal();
        } else {
          reader.value();
        }
      }
    } catch (JsonParserException | StackOverflowError e) {
      throw files.malformed(path, e);
    }
    // Other runtimes have files of these names with other members.
    return pid <= 0 || start < 0 ? null : new OciRecord((int) pid, start);
  }
}
