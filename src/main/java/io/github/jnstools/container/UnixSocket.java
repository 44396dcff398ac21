package io.github.jnstools.container;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A stream to a daemon's socket, which gives up on a daemon that is silent for too long. Used by
 * one thread, closed by any.
 *
 * <p>Man: unix(7).
 */
final class UnixSocket implements AutoCloseable {
  private final String path;
  private final SocketChannel channel;
  private final Watch watch;

  private UnixSocket(String path, SocketChannel channel, Watch watch) {
    this.path = path;
    this.channel = channel;
    this.watch = watch;
  }

  /**
   * Connects.
   *
   * @param patience how long the daemon may be silent, now and whenever it is read from
   * @throws NamespaceException ECONNREFUSED or ENOENT if nobody listens; EACCES
   */
  static UnixSocket connect(String path, Duration patience) throws NamespaceException {
    SocketChannel channel;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      throw new NamespaceException("socket", "AF_UNIX", e.getMessage(), null);
    }
    UnixSocket socket = new UnixSocket(path, channel, new Watch(channel, patience));
    try {
      socket.watch.start();
      socket.watch.begin();
      // Blocks while the daemon's queue is full: a stopped daemon's stays so.
      channel.connect(UnixDomainSocketAddress.of(path));
      socket.watch.end();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw socket.notConnected(e);
    }
  }

  private NamespaceException notConnected(IOException e) {
    if (e instanceof ConnectException) {
      return new NamespaceException("connect", path, Errno.ECONNREFUSED.number());
    }
    // The JDK has no class of its own for these two, and its text is in the user's language.
    if (e instanceof BindException) {
      return new NamespaceException("connect", path, Errno.EACCES.number());
    }
    if (e instanceof SocketException && Files.notExists(Path.of(path))) {
      return new NamespaceException("connect", path, Errno.ENOENT.number());
    }
    return failed("connect", e);
  }

  private NamespaceException failed(String operation, IOException e) {
    if (watch.expired()) {
      return new NamespaceException(
          operation,
          path,
          "no answer for " + watch.patience.toMillis() / 1000.0 + " s",
          "see whether the daemon works; it has accepted the connection and is silent");
    }
    String reason = e instanceof ClosedByInterruptException ? "interrupted" : e.getMessage();
    return new NamespaceException(operation, path, reason == null ? "closed" : reason, null);
  }

  /** Writes all of it. */
  void write(byte[] bytes) throws NamespaceException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      watch.begin();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      watch.end();
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  /** Reads what there is, at least one byte; -1 at the end. */
  int read(ByteBuffer buffer) throws NamespaceException {
    try {
      watch.begin();
      int count = channel.read(buffer);
      watch.end();
      return count;
    } catch (SocketException e) {
      // ECONNRESET: the daemon closed before it had read everything.
      return -1;
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Lets the daemon be silent from now on, for as long as it likes. */
  void waitForEver() {
    watch.stopWatching();
  }

  @Override
  public void close() {
    watch.stopWatching();
    close(channel);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing of ours is lost: the daemon was only asked.
    }
  }

  /** Closes the channel under a call that takes too long; the JDK has no time limit for one. */
  private static final class Watch extends Thread {
    private final SocketChannel channel;
    private final Duration patience;
    private long deadline;
    private boolean busy;
    private boolean expired;
    private boolean stopped;

    Watch(SocketChannel channel, Duration patience) {
      super(null, null, "jnstools-socket-watch", 0, false);
      this.channel = channel;
      this.patience = patience;
      setDaemon(true);
    }

    synchronized void begin() {
      deadline = System.nanoTime() + patience.toNanos();
      busy = true;
      notifyAll();
    }

    synchronized void end() {
      busy = false;
    }

    synchronized boolean expired() {
      return expired;
    }

    synchronized void stopWatching() {
      stopped = true;
      notifyAll();
    }

    @Override
    public synchronized void run() {
      try {
        while (!stopped && !expired) {
          long left = deadline - System.nanoTime();
          if (!busy) {
            wait();
          } else if (left > 0) {
            wait(left / 1_000_000 + 1);
          } else {
            expired = true;
          }
        }
      } catch (InterruptedException e) {
        // Nobody has this thread, so nobody interrupts it.
        throw new IllegalStateException(e);
      }
      if (expired) {
        close(channel);
      }
    }
  }
}
