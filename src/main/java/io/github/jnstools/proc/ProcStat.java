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
    String[] fields = line.substring(end + 2).split(" ");
    return new ProcStat(
        Integer.parseInt(line.substring(0, name)),
        fields[0].charAt(0),
        Long.parseUnsignedLong(fields[19]));
  }
}
