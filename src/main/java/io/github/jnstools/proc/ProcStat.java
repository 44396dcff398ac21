package io.github.jnstools.proc;

/**
 * What is needed of {@code /proc/PID/stat}.
 *
 * @param pid field 1
 * @param state field 3: {@code R}, {@code S}, {@code Z}, ...
 * @param startTime field 22: clock ticks since boot; with the pid it tells a process from a later
 *     one of the same number
 */
public record ProcStat(int pid, char state, long startTime) {
  private static final int STATE = 3;
  private static final int START_TIME = 22;

  /**
   * Parses the line; the command's name in it may hold blanks and parentheses.
   *
   * @throws IllegalArgumentException if it is not such a line
   */
  public static ProcStat parse(String line) {
    int name = line.indexOf(" (");
    int end = line.lastIndexOf(") ");
    if (name < 0 || end < name) {
      throw new IllegalArgumentException("not a line of /proc/PID/stat: " + line);
    }
    int state = end + 2;
    int start = state;
    for (int field = STATE; field < START_TIME; field++) {
      start = next(line, start);
    }
    return new ProcStat(
        Integer.parseInt(line, 0, name, 10),
        line.charAt(state),
        Long.parseUnsignedLong(line, start, next(line, start) - 1, 10));
  }

  /** Where the field after the one that starts here starts. */
  private static int next(String line, int start) {
    int end = line.indexOf(' ', start);
    if (end < 0) {
      throw new IllegalArgumentException("too short a line of /proc/PID/stat: " + line);
    }
    return end + 1;
  }
}
