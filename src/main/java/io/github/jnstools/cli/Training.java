package io.github.jnstools.cli;

/** Runs commands one after the other in one JVM, whose archive then has the classes of them all. */
final class Training {
  private Training() {}

  /** Each argument is a command line, in words with one space between them. */
  public static void main(String[] lines) {
    Console console = Main.console();
    for (String line : lines) {
      Main.run(line.split(" "), console);
    }
    Runtime.getRuntime().halt(0);
  }
}
