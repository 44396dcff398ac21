package io.github.jnstools.cli;

import java.util.List;

/** Names of signals, numbered as on x86-64 and aarch64. */
final class Signals {
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  /** The number of {@code TERM}, {@code SIGTERM} or {@code 15}. */
  static int parse(String text) throws UsageException {
    String name = text.startsWith("SIG") ? text.substring(3) : text;
    int number = NAMES.indexOf(name) + 1;
    if (number == 0 && !text.isEmpty() && text.length() <= 2 && Numbers.isDecimal(text)) {
      number = Integer.parseInt(text);
    }
    if (number < 1 || number > 64) {
      throw new UsageException("no signal '" + text + "'");
    }
    return number;
  }
}
