package io.github.jnstools;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A string of the operating system: a path, an argument, an environment entry. Any bytes but NUL.
 *
 * <p>Linux gives these bytes no encoding; a Java string cannot hold all of them. Immutable.
 */
public final class OsString implements Comparable<OsString> {
  private static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private final byte[] bytes;

  private OsString(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        throw new IllegalArgumentException("NUL in an operating system string");
      }
    }
    this.bytes = bytes;
  }

  /** The string's bytes in the encoding that the JVM uses for file names. */
  public static OsString of(String text) {
    return new OsString(text.getBytes(FILE_NAMES));
  }

  /** The path as the JVM would pass it to the kernel. */
  public static OsString of(Path path) {
    return of(path.toString());
  }

  /** Exactly these bytes. */
  public static OsString ofBytes(byte... bytes) {
    return new OsString(bytes.clone());
  }

  /** One byte a character: the inverse of {@link #toLatin1()}. */
  public static OsString ofLatin1(String text) {
    return new OsString(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A copy of the bytes, without a terminating NUL. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** One character a byte, so that code which wants a Java string loses nothing. */
  public String toLatin1() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** By the bytes, as unsigned numbers. */
  @Override
  public int compareTo(OsString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OsString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * For people: decoded as UTF-8, with whatever is not UTF-8 or would move a terminal's cursor
   * shown as {@code \xNN}. Not for the kernel.
   */
  @Override
  public String toString() {
    return isPlain() ? toLatin1() : shown();
  }

  private boolean isPlain() {
    for (byte b : bytes) {
      if (b < 0x20 || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private String shown() {
    StringBuilder shown = new StringBuilder(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.hasRemaining()) {
      if (in.get(in.position()) >= 0) {
        appendAscii(shown, in.get());
      } else {
        appendUtf8(shown, in);
      }
    }
    return shown.toString();
  }

  private static void appendAscii(StringBuilder shown, int c) {
    if (c < 0x20 || c == 0x7f) {
      appendEscape(shown, c);
    } else {
      shown.append((char) c);
    }
  }

  /** Takes one character of several bytes from the buffer, or one byte that is none. */
  private static void appendUtf8(StringBuilder shown, ByteBuffer in) {
    for (int length = 2; length <= Math.min(4, in.remaining()); length++) {
      String text = new String(bytesAt(in, length), StandardCharsets.UTF_8);
      boolean complete = text.codePointCount(0, text.length()) == 1 && text.charAt(0) != 0xfffd;
      if (complete && !Character.isISOControl(text.charAt(0))) {
        shown.append(text);
        in.position(in.position() + length);
        return;
      }
    }
    appendEscape(shown, in.get());
  }

  private static byte[] bytesAt(ByteBuffer in, int length) {
    byte[] some = new byte[length];
    in.get(in.position(), some);
    return some;
  }

  private static void appendEscape(StringBuilder shown, int b) {
    shown
        .append("\\x")
        .append(Character.forDigit(b >> 4 & 15, 16))
        .append(Character.forDigit(b & 15, 16));
  }
}
