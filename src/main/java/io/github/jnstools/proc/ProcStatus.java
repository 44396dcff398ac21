package io.github.jnstools.proc;

/**
 * What is needed of {@code /proc/PID/status}: sets of capabilities and signals, a bit each.
 *
 * @param inheritable CapInh
 * @param permitted CapPrm
 * @param effective CapEff
 * @param bounding CapBnd
 * @param ambient CapAmb
 * @param blockedSignals SigBlk of the process's first thread; bit 0 is signal 1
 * @param ignoredSignals SigIgn
 */
public record ProcStatus(
    long inheritable,
    long permitted,
    long effective,
    long bounding,
    long ambient,
    long blockedSignals,
    long ignoredSignals) {

  /** Parses the file's text; a line that is missing counts as an empty set. */
  public static ProcStatus parse(String text) {
    return new ProcStatus(
        hex(text, "CapInh"),
        hex(text, "CapPrm"),
        hex(text, "CapEff"),
        hex(text, "CapBnd"),
        hex(text, "CapAmb"),
        hex(text, "SigBlk"),
        hex(text, "SigIgn"));
  }

  private static long hex(String text, String key) {
    int start = text.indexOf("\n" + key + ":\t");
    if (start < 0) {
      return 0;
    }
    start += key.length() + 3;
    return Long.parseUnsignedLong(text.substring(start, text.indexOf('\n', start)), 16);
  }
}
