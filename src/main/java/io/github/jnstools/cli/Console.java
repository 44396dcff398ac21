package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The two streams that a command talks to people by. */
final class Console {
  private final OutputStream out;
  private final PrintStream err;
  private IOException failure;

  /** For two streams; the first has no buffer, or its failures are seen late. */
  Console(OutputStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Writes text to stdout. */
  void print(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  private synchronized void write(byte[] bytes) {
    if (failure == null) {
      try {
        out.write(bytes);
        out.flush();
      } catch (IOException e) {
        failure = e;
      }
    }
  }

  /** Why stdout took nothing more; null if it took all. */
  synchronized IOException failure() {
    return failure;
  }

  /** Writes one line to stdout; what would move a terminal's cursor is shown as an escape. */
  void line(String text) {
    print(OsString.ofBytes(text.getBytes(StandardCharsets.UTF_8)) + "\n");
  }

  /** Writes one line to stderr. */
  void error(String line) {
    err.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    err.flush();
  }

  /** Writes a line of a program's output, as it is. */
  synchronized void prefixed(String prefix, byte[] line, boolean error) {
    byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
    byte[] whole = Arrays.copyOf(start, start.length + line.length);
    System.arraycopy(line, 0, whole, start.length, line.length);
    if (error) {
      err.writeBytes(whole);
      err.flush();
    } else {
      write(whole);
    }
  }

  /** Writes what failed to stderr, and what to do about it. */
  void failure(String command, NamespaceException e) {
    error(command + ": " + e.getMessage());
    if (e.hint().isPresent()) {
      error("hint: " + e.hint().get());
    }
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
