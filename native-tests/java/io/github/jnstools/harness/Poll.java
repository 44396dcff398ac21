package io.github.jnstools.harness;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for what other processes do: by looking again and again, with a generous limit. */
public final class Poll {
  private Poll() {}

  /** Waits until a condition holds. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    until(() -> what, condition);
  }

  /** Waits until a condition holds; what is asked for its text only when it did not. */
  public static void until(Supplier<String> what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Pace.LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("has not happened: " + what.get());
      }
      Thread.sleep(5);
    }
  }
}
