package io.github.jnstools.enter;

import io.github.jnstools.ExitStatus;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.Sys;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * A program that {@link Launcher#launch} started. Its holder waits for it, and closes it; closing
 * does not end the program.
 *
 * <p>Several threads may wait for it and signal it; its streams are for one thread each.
 *
 * <p>Where a PID namespace was joined, the child is the small process that waits for the program:
 * it ends as the program does, and {@link Command#withKillChild} or {@link
 * Command.Option#FORWARD_SIGNALS} make a signal to it reach the program.
 */
public final class Child implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration FOREVER = Duration.ofDays(36500);

  private final int pid;
  private final Fd pidfd;
  private final Fd[] streams;
  private volatile ExitStatus status;

  Child(int pid, Fd pidfd, Fd[] streams) {
    this.pid = pid;
    this.pidfd = pidfd;
    this.streams = streams;
  }

  /** Its pid in this JVM's PID namespace. */
  public int pid() {
    return pid;
  }

  /**
   * Sends it a signal. It cannot reach another process: nothing is sent once the child is reaped.
   *
   * @throws NamespaceException ESRCH if it has ended, EPERM if it has changed its user id
   */
  public void signal(int number) throws NamespaceException {
    Sys.pidfdSendSignal(pidfd, number, pid + ", " + number);
  }

  /**
   * Waits until it has ended. An interrupt is noticed within a tenth of a second.
   *
   * @throws InterruptedException if the waiting thread was interrupted; the child goes on
   */
  public ExitStatus waitFor() throws NamespaceException, InterruptedException {
    while (true) {
      Optional<ExitStatus> ended = waitFor(POLL);
      if (ended.isPresent()) {
        return ended.get();
      }
    }
  }

  /** Waits until it has ended, or the time is over: then the result is empty. */
  public Optional<ExitStatus> waitFor(Duration timeout)
      throws NamespaceException, InterruptedException {
    Duration bounded = timeout.compareTo(FOREVER) < 0 ? timeout : FOREVER;
    long end = System.nanoTime() + bounded.toNanos();
    while (status == null) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long left = end - System.nanoTime();
      Duration step = Duration.ofNanos(Math.max(0, Math.min(left, POLL.toNanos())));
      if (Sys.readable(pidfd, step)) {
        reap();
      } else if (left <= 0) {
        return Optional.empty();
      }
    }
    return Optional.of(status);
  }

  /** Blocks until it has ended. */
  synchronized void reap() throws NamespaceException {
    if (status != null) {
      return;
    }
    int code = Sys.waitid(pidfd, Integer.toString(pid));
    status = code < 256 ? new ExitStatus.Exited(code) : new ExitStatus.Signalled(code - 256);
  }

  /** A stream that leads to its standard input, which is a pipe; to be asked for once. */
  public OutputStream stdin() throws IOException {
    try (Fd pipe = take(0)) {
      return new FileOutputStream(path(pipe));
    }
  }

  /** A stream of its standard output, which is a pipe; to be asked for once. */
  public InputStream stdout() throws IOException {
    try (Fd pipe = take(1)) {
      return new PipeInput(path(pipe));
    }
  }

  /** A stream of its standard error, which is a pipe; to be asked for once. */
  public InputStream stderr() throws IOException {
    try (Fd pipe = take(2)) {
      return new PipeInput(path(pipe));
    }
  }

  private Fd take(int number) {
    Fd stream = streams[number];
    if (stream == null) {
      throw new IllegalStateException("stream " + number + " is not a pipe, or was taken before");
    }
    streams[number] = null;
    return stream;
  }

  /** Opening it so gives Java a descriptor of its own to the same pipe. */
  private static String path(Fd pipe) {
    return "/proc/self/fd/" + pipe;
  }

  @Override
  public void close() {
    for (Fd stream : streams) {
      if (stream != null) {
        stream.close();
      }
    }
    pidfd.close();
  }

  /** FileInputStream asks a file for its position, which a pipe has not. */
  private static final class PipeInput extends InputStream {
    private final FileInputStream pipe;

    PipeInput(String path) throws IOException {
      pipe = new FileInputStream(path);
    }

    @Override
    public int read() throws IOException {
      return pipe.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return pipe.read(buffer, offset, length);
    }

    @Override
    public int available() throws IOException {
      return pipe.available();
    }

    @Override
    public void close() throws IOException {
      pipe.close();
    }
  }
}
