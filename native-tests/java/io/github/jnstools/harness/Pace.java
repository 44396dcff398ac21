package io.github.jnstools.harness;

import java.time.Duration;

/** What a test can ask of this machine: one that is emulated is told to be slow. */
public final class Pace {
  private static final int SLOW = Integer.getInteger("jnstools.slow", 1);

  /** How long a test waits for anything. */
  public static final Duration LIMIT = Duration.ofMinutes(SLOW);

  private Pace() {}

  /** Whether this machine is slow. */
  public static boolean isSlow() {
    return SLOW > 1;
  }

  /**
   * How long a test goes on with what is to happen often, at random.
   *
   * @param usual on a machine that is not slow
   */
  public static Duration going(Duration usual) {
    return usual.multipliedBy(SLOW);
  }

  /**
   * How often a test does what goes wrong seldom.
   *
   * @param usual on a machine that is not slow
   */
  public static int rounds(int usual) {
    return Math.max(1, usual / SLOW);
  }
}
