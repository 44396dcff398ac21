package io.github.jnstools.cli;

import io.github.jnstools.OsString;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The two streams that a command talks to people by. */
final class Console {
  private final PrintStream out;
  private final PrintStream err;

  Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Writes text to stdout. */
  void print(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Writes one line to stderr. */
  void error(String line) {
    err.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    err.flush();
  }

  /** Writes where in the program an error arose to stderr. */
  void trace(Throwable e) {
    e.printStackTrace(err);
  }

  /** Text of one character a byte for people: see {@link OsString#toString()}. */
  static String shown(String latin1) {
    return OsString.ofLatin1(latin1).toString();
  }
}
