package io.github.jnstools.sys;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/**
 * A stream to a socket of this machine, which gives up on a peer that is silent for too long. Used
 * by one thread; any other may {@link #shutdown} it.
 *
 * <p>A java.nio channel would take 20 ms of a command's start, most of it for a random number that
 * nothing here needs.
 *
 * <p>Man: unix(7).
 */
public final class UnixSocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 04000;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int SHUT_RDWR = 2;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;
  private static final int LONGEST_PATH = 107;
  private static final int FOR_EVER = -1;
  // An interrupt of the thread is not noticed in between.
  private static final int SLICE = 100;
  private static final int PAUSE = 10;

  private final Fd fd;
  private final String path;
  private final Duration patience;
  private boolean patient;

  private UnixSocket(Fd fd, String path, Duration patience) {
    this.fd = fd;
    this.path = path;
    this.patience = patience;
  }

  /**
   * Connects.
   *
   * @param patience how long the peer may be silent, now and whenever it is read from or written to
   * @throws NamespaceException ECONNREFUSED or ENOENT if nobody listens; EACCES
   */
  public static UnixSocket connect(String path, Duration patience) throws NamespaceException {
    byte[] address = address(path);
    int type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
    Fd fd = new Fd(Sys.check(path, "socket", AF_UNIX, type, 0));
    UnixSocket socket = new UnixSocket(fd, path, patience);
    try {
      socket.connect(address);
      return socket;
    } catch (NamespaceException e) {
      socket.close();
      throw e;
    }
  }

  private static byte[] address(String path) throws NamespaceException {
    byte[] bytes = OsString.of(path).bytes();
    if (bytes.length > LONGEST_PATH) {
      throw new NamespaceException(
          "connect", path, "too long for a socket's path: over " + LONGEST_PATH + " bytes", null);
    }
    return ByteBuffer.allocate(2 + LONGEST_PATH + 1)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_UNIX)
        .put(bytes)
        .array();
  }

  private void connect(byte[] address) throws NamespaceException {
    long deadline = deadline();
    while (Libc.callInt("connect", fd.number(), address, address.length) < 0) {
      // The peer's queue is full: that of a stopped one stays so, and cannot be polled for.
      requireAgain("connect");
      requireTime("connect", deadline);
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Writes all of it. */
  public void write(byte[] bytes) throws NamespaceException {
    byte[] rest = bytes;
    while (rest.length > 0) {
      int n = (int) Libc.callLong("send", fd.number(), rest, (long) rest.length, MSG_NOSIGNAL);
      if (n < 0) {
        requireAgain("write");
        await(POLLOUT, "write");
      } else {
        rest = Arrays.copyOfRange(rest, n, rest.length);
      }
    }
  }

  /**
   * Reads what there is, at least one byte, to the start of a block.
   *
   * @return how many bytes; 0 at the end
   */
  public int read(byte[] block) throws NamespaceException {
    while (true) {
      int n = (int) Libc.callLong("recv", fd.number(), block, (long) block.length, 0);
      if (n >= 0) {
        return n;
      }
      if (Libc.errno() == Errno.ECONNRESET.number()) {
        return 0; // the peer closed before it had read everything
      }
      requireAgain("read");
      await(POLLIN, "read");
    }
  }

  private void requireAgain(String operation) throws NamespaceException {
    int errno = Libc.errno();
    if (errno != Errno.EAGAIN.number() && errno != Errno.EINTR.number()) {
      throw new NamespaceException(operation, path, errno);
    }
  }

  private void await(short events, String operation) throws NamespaceException {
    long deadline = deadline();
    byte[] block =
        ByteBuffer.allocate(8)
            .order(ByteOrder.nativeOrder())
            .putInt(fd.number())
            .putShort(events)
            .array();
    int slice = patient ? FOR_EVER : (int) Math.min(SLICE, patience.toMillis());
    while (Sys.check(path, "poll", block, 1L, slice) == 0) {
      requireTime(operation, deadline);
    }
  }

  private long deadline() {
    return System.nanoTime() + patience.toNanos();
  }

  private void requireTime(String operation, long deadline) throws NamespaceException {
    if (Thread.currentThread().isInterrupted()) {
      throw new NamespaceException(operation, path, "interrupted", null);
    }
    if (System.nanoTime() - deadline > 0) {
      throw new NamespaceException(
          operation,
          path,
          "no answer for " + patience.toMillis() / 1000.0 + " s",
          "see whether the daemon works: somebody has made the socket, and is silent");
    }
  }

  /** Lets the peer be silent from now on, until {@link #shutdown}. */
  public void waitForEver() {
    patient = true;
  }

  /** Ends the stream for who reads it, whatever thread that is. */
  public synchronized void shutdown() {
    if (!fd.isClosed()) {
      // ENOTCONN: the peer has ended it already.
      Libc.callInt("shutdown", fd.number(), SHUT_RDWR);
    }
  }

  @Override
  public synchronized void close() {
    fd.close();
  }
}
