package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.sys.UnixSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The answers on one connection, one after the other: RFC 9112. Used by one thread.
 *
 * <p>Bodies are framed by {@code Content-Length}, in chunks, or by the connection's end.
 */
final class HttpInput {
  private static final int HEAD_LIMIT = 64 << 10;
  private static final int BODY_LIMIT = 64 << 20;
  private static final long CHUNKED = -1;
  private static final long TO_THE_END = -2;

  private final UnixSocket socket;
  private final String path;
  private final byte[] block = new byte[16 << 10];
  private final ByteBuffer buffer = ByteBuffer.wrap(block).limit(0);
  private String target;
  private int status;
  private long length;
  private int headSize;

  HttpInput(UnixSocket socket, String path) {
    this.socket = socket;
    this.path = path;
  }

  /**
   * Reads the next answer up to its body.
   *
   * @param target what was asked for
   * @return false if the connection ended before it
   */
  boolean head(String target) throws NamespaceException {
    this.target = target;
    do {
      headSize = 0;
      if (!fill()) {
        return false;
      }
      statusLine(line());
      String line = line();
      while (!line.isEmpty()) {
        field(line);
        line = line();
      }
    } while (status / 100 == 1);
    if (status == 204 || status == 304) {
      length = 0;
    }
    return true;
  }

  /** The status of the answer whose head was read last. */
  int status() {
    return status;
  }

  /** The whole of the answer whose head was read last. */
  Reply reply() throws IOException {
    boolean tooLong = length > BODY_LIMIT;
    byte[] body = tooLong ? new byte[0] : body().readNBytes(BODY_LIMIT + 1);
    if (tooLong || body.length > BODY_LIMIT) {
      throw malformed("its body is over " + BODY_LIMIT + " bytes");
    }
    return new Reply(context(), status, body);
  }

  /** {@code HTTP/1.1 200 OK}. */
  private void statusLine(String line) throws NamespaceException {
    if (!line.startsWith("HTTP/1.") || line.length() < 12 || line.charAt(8) != ' ') {
      throw malformed("it does not speak HTTP");
    }
    status = (int) number(line.substring(9, 12), 10);
    length = TO_THE_END;
  }

  private void field(String line) throws NamespaceException {
    int colon = line.indexOf(':');
    if (colon <= 0) {
      throw malformed("a header line without a name");
    }
    String name = line.substring(0, colon);
    String value = line.substring(colon + 1).strip();
    if (name.equalsIgnoreCase("Transfer-Encoding")) {
      if (!value.equalsIgnoreCase("chunked")) {
        throw malformed("its body is encoded otherwise than in chunks");
      }
      length = CHUNKED;
    } else if (name.equalsIgnoreCase("Content-Length") && length != CHUNKED) {
      length = number(value, 10);
    }
  }

  private String line() throws NamespaceException {
    StringBuilder line = new StringBuilder();
    int c = next();
    while (c != '\n') {
      if (headSize++ > HEAD_LIMIT) {
        throw malformed("its header is over " + HEAD_LIMIT + " bytes");
      }
      line.append((char) c);
      c = next();
    }
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == '\r') {
      line.setLength(end - 1);
    }
    return line.toString();
  }

  private int next() throws NamespaceException {
    if (!fill()) {
      throw ended();
    }
    return buffer.get() & 0xff;
  }

  /** Whether there is a byte in the buffer; false at the connection's end. */
  private boolean fill() throws NamespaceException {
    if (buffer.hasRemaining()) {
      return true;
    }
    int count = socket.read(block);
    buffer.position(0).limit(count);
    return count > 0;
  }

  private long number(String text, int radix) throws NamespaceException {
    try {
      long number = Long.parseLong(text, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The exception below says so.
    }
    throw malformed("not a number: " + ContainerRef.shown(text));
  }

  private String context() {
    return path + ", " + target;
  }

  private NamespaceException ended() {
    return new NamespaceException(
        "get", context(), "the connection ended in the middle of the answer", null);
  }

  private NamespaceException malformed(String reason) {
    return new NamespaceException(
        "get", context(), "an answer that makes no sense: " + reason, "see who listens there");
  }

  /** The body of the answer whose head was read last; valid until the next one's. */
  InputStream body() {
    return new Body();
  }

  private final class Body extends InputStream {
    private final boolean chunked = length == CHUNKED;

    /** Of the body, or of the chunk. */
    private long left = chunked ? 0 : length == TO_THE_END ? Long.MAX_VALUE : length;

    private boolean first = true;
    private boolean done;

    @Override
    public int read() throws NamespaceException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws NamespaceException {
      if (count == 0) {
        return 0;
      }
      if (left == 0 && chunked && !done) {
        nextChunk();
      }
      if (left == 0 || done) {
        return -1;
      }
      if (!fill()) {
        if (!chunked && length == TO_THE_END) {
          done = true;
          return -1;
        }
        throw ended();
      }
      int some = (int) Math.min(left, Math.min(count, buffer.remaining()));
      buffer.get(bytes, offset, some);
      left -= some;
      return some;
    }

    /** Sizes are in base 16, and something after a semicolon may follow. */
    private void nextChunk() throws NamespaceException {
      headSize = 0;
      if (!first && !line().isEmpty()) {
        throw malformed("a chunk is longer than it says");
      }
      first = false;
      String line = line();
      int end = line.indexOf(';');
      left = number((end < 0 ? line : line.substring(0, end)).strip(), 16);
      if (left == 0) {
        done = true;
        while (!line().isEmpty()) {
          // Trailers are of no interest.
        }
      }
    }
  }
}
