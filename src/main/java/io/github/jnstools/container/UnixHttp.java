package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.sys.UnixSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client of HTTP/1.1 on a daemon's socket, as far as engines need one: GET. Connects by itself,
 * and stays connected until it is closed. Used by one thread; any other may {@link #shutdown} it.
 */
final class UnixHttp implements AutoCloseable {
  /** So few that neither side ever waits for the other to read: some 10 kB of requests. */
  private static final int BATCH = 64;

  private final String path;
  private final Duration patience;
  private volatile UnixSocket socket;
  private HttpInput in;
  private boolean answered;

  UnixHttp(String path, Duration patience) {
    this.path = path;
    this.patience = patience;
  }

  /** Gets one thing: {@code /containers/json}. */
  Reply get(String target) throws IOException {
    return getAll(List.of(target)).get(0);
  }

  /** Gets many things, in their order; asks without waiting for each answer. */
  List<Reply> getAll(List<String> targets) throws IOException {
    List<Reply> replies = new ArrayList<>(targets.size());
    while (replies.size() < targets.size()) {
      int start = replies.size();
      int end = Math.min(start + BATCH, targets.size());
      exchange(targets.subList(start, end), replies);
    }
    return replies;
  }

  /** Adds replies; fewer than there are targets if the daemon ends a connection that has served. */
  private void exchange(List<String> targets, List<Reply> replies) throws IOException {
    boolean open = false;
    try {
      open = send(targets) && receive(targets, replies);
    } finally {
      if (!open) {
        close();
      }
    }
  }

  /** Whether all has been answered, and the connection stays. */
  private boolean receive(List<String> targets, List<Reply> replies) throws IOException {
    for (String target : targets) {
      if (!in.head(target)) {
        if (!answered) {
          throw unanswered(target);
        }
        return false;
      }
      replies.add(in.reply());
      answered = true;
    }
    return true;
  }

  /**
   * Gets one thing that goes on and on. The stream ends with the connection; it may be silent for
   * ever. Not after anything else.
   */
  InputStream stream(String target) throws IOException {
    if (!send(List.of(target)) || !in.head(target)) {
      throw unanswered(target);
    }
    if (in.status() != 200) {
      throw in.reply().unexpected();
    }
    socket.waitForEver();
    return in.body();
  }

  private NamespaceException unanswered(String target) {
    return new NamespaceException(
        "get", path + ", " + target, "the connection ended without an answer", null);
  }

  /** Whether all was sent; false if the daemon has ended a connection that has served. */
  private boolean send(List<String> targets) throws NamespaceException {
    if (socket == null) {
      socket = UnixSocket.connect(path, patience);
      in = new HttpInput(socket, path);
      answered = false;
    }
    StringBuilder requests = new StringBuilder();
    for (String target : targets) {
      requests
          .append("GET ")
          .append(target)
          .append(" HTTP/1.1\r\nHost: localhost\r\nUser-Agent: jnstools\r\n\r\n");
    }
    try {
      socket.write(requests.toString().getBytes(StandardCharsets.US_ASCII));
      return true;
    } catch (NamespaceException e) {
      if (!answered) {
        throw e;
      }
      return false;
    }
  }

  /** The text as a part of a path or of a query: RFC 3986. */
  static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_';
      if (plain) {
        encoded.append((char) b);
      } else {
        encoded
            .append('%')
            .append(Character.forDigit(b >> 4 & 15, 16))
            .append(Character.forDigit(b & 15, 16));
      }
    }
    return encoded.toString();
  }

  /** Ends what is being read, whatever thread reads it. */
  void shutdown() {
    UnixSocket now = socket;
    if (now != null) {
      now.shutdown();
    }
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
