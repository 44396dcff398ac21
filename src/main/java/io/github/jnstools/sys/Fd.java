package io.github.jnstools.sys;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Owns one descriptor of this process, opened with O_CLOEXEC. Whoever holds the Fd closes it; there
 * is no finalizer.
 */
public final class Fd implements AutoCloseable {
  private static final int CLOSED = -1;

  private final AtomicInteger number;

  Fd(int number) {
    this.number = new AtomicInteger(number);
  }

  /**
   * The descriptor's number, valid until {@link #close()}.
   *
   * @throws IllegalStateException if it is closed
   */
  public int number() {
    int n = number.get();
    if (n == CLOSED) {
      throw new IllegalStateException("descriptor is closed");
    }
    return n;
  }

  /** Whether {@link #close()} was called. */
  boolean isClosed() {
    return number.get() == CLOSED;
  }

  /** Closes it once; later calls do nothing. */
  @Override
  public void close() {
    int n = number.getAndSet(CLOSED);
    if (n != CLOSED) {
      // Linux has released the number whatever close(2) returns, EINTR included.
      Libc.callInt("close", n);
    }
  }

  @Override
  public String toString() {
    int n = number.get();
    return n == CLOSED ? "closed" : Integer.toString(n);
  }
}
