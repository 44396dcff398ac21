package io.github.jnstools.netns;

import io.github.jnstools.OsString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The attributes of a message, read one after the other.
 *
 * <p>Shape: length (16 bits, of the whole attribute), type (14 bits and two flags), value, padding
 * up to a multiple of four.
 */
final class Attributes {
  private static final int HEADER = 4;
  // The upper two bits say that the value is nested or in network byte order.
  private static final int TYPE_MASK = 0x3fff;

  private final ByteBuffer bytes;
  private int at;
  private int type;
  private ByteBuffer value;

  Attributes(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /**
   * Goes on to the next one.
   *
   * @return whether there is one
   * @throws IllegalArgumentException if it is cut off
   */
  boolean next() {
    int rest = bytes.limit() - at;
    if (rest == 0) {
      return false;
    }
    int length = rest < HEADER ? 0 : Short.toUnsignedInt(bytes.getShort(at));
    if (length < HEADER || length > rest) {
      throw new IllegalArgumentException("the kernel's answer has an attribute cut off");
    }
    type = bytes.getShort(at + 2) & TYPE_MASK;
    value = Message.slice(bytes, at + HEADER, length - HEADER);
    at += Math.min(Message.aligned(length), rest);
    return true;
  }

  int type() {
    return type;
  }

  int number() {
    return ofLength(4).getInt(0);
  }

  int octet() {
    return ofLength(1).get(0);
  }

  private ByteBuffer ofLength(int least) {
    if (value.limit() < least) {
      throw new IllegalArgumentException(
          "the kernel's answer has attribute " + type + " with " + value.limit() + " bytes");
    }
    return value;
  }

  byte[] octets() {
    byte[] octets = new byte[value.limit()];
    value.get(0, octets);
    return octets;
  }

  /** A text up to its NUL, for people. */
  String text() {
    int length = 0;
    while (length < value.limit() && value.get(length) != 0) {
      length++;
    }
    byte[] text = new byte[length];
    value.get(0, text);
    return OsString.ofBytes(text).toString();
  }

  Attributes nested() {
    return new Attributes(value);
  }

  /** One attribute with a number, to be sent. */
  static byte[] ofNumber(int type, int number) {
    return block(8).putShort((short) 8).putShort((short) type).putInt(number).array();
  }

  /** Zeros to be filled in the order that the kernel reads. */
  static ByteBuffer block(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
  }
}
