package io.github.jnstools.container;

import io.github.jnstools.proc.ProcStat;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * A container's init process, as files on disk tell of it.
 *
 * @param pid 0 if there is none any more
 * @param recordedStart see {@link Known}
 */
record InitProcess(int pid, OptionalLong recordedStart) {
  private static final InitProcess NONE = new InitProcess(0, OptionalLong.empty());

  /**
   * The one that is left of what the files say. They outlive it: who would update them is the
   * engine, which may be down, or waits for its user to remove the container.
   *
   * @param pid as the engine has noted it
   * @param record as the OCI runtime has noted it, or null
   */
  static InitProcess of(Procfs proc, int pid, OciRecord record) {
    int last = record == null ? pid : record.pid();
    String process = Integer.toString(last);
    if (last <= 0 || !proc.has(process)) {
      return NONE;
    }
    if (record == null) {
      return new InitProcess(last, OptionalLong.empty());
    }
    try {
      ProcStat stat = proc.stat(process);
      if (stat.startTime() != record.startTime() || stat.state() == 'Z') {
        return NONE;
      }
    } catch (IOException e) {
      // It has just ended, or is hidden from the caller, who is told when it is to be proven.
    }
    return new InitProcess(last, OptionalLong.of(record.startTime()));
  }

  /** Whether there is one. */
  boolean lives() {
    return pid > 0;
  }

  /** {@code running} or {@code exited}. */
  String status() {
    return lives() ? "running" : "exited";
  }
}
