package io.github.jnstools.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What came of a command that was run in this JVM. */
record Result(int status, String out, String err) {

  /**
   * Runs one.
   *
   * @param arguments its name, and what follows
   */
  static Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(out, true), new PrintStream(err, true));
    int status = Main.run(arguments, console);
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Its lines, with one blank for several. */
  List<String> lines() {
    return out.lines().map(line -> line.replaceAll(" +", " ")).toList();
  }
}
