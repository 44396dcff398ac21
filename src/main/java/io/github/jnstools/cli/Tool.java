package io.github.jnstools.cli;

import java.io.IOException;
import java.util.List;

/** One of the commands. */
interface Tool {

  /**
   * Does what was asked for.
   *
   * @param arguments one character a byte, without the command's name
   * @return the exit status, where nothing replaced this process
   * @throws UsageException if what was asked for makes no sense
   * @throws IOException if it failed
   */
  int run(List<String> arguments) throws IOException, UsageException;

  /** Whether the user wants to see where an error arose. */
  boolean debug();

  /** The exit status after a usage error. */
  int usageStatus();

  /** The exit status after any other failure. */
  int failureStatus();
}
