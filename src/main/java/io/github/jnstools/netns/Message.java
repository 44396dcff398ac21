package io.github.jnstools.netns;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One message of netlink(7).
 *
 * @param type what it is
 * @param flags of its header
 * @param sequence the number of the request that it answers
 * @param payload what follows the header, without padding
 */
record Message(int type, int flags, int sequence, ByteBuffer payload) {
  private static final int HEADER = 16;
  private static final int NLM_F_REQUEST = 1;
  private static final int NLM_F_DUMP = 0x300;

  /**
   * The messages in one datagram, or in several that are laid end to end.
   *
   * @throws IllegalArgumentException if they do not end where the bytes do
   */
  static List<Message> parseAll(ByteBuffer bytes) {
    List<Message> messages = new ArrayList<>();
    int at = bytes.position();
    while (at < bytes.limit()) {
      int rest = bytes.limit() - at;
      int length = rest < HEADER ? 0 : bytes.getInt(at);
      if (length < HEADER || length > rest) {
        throw new IllegalArgumentException("the kernel's answer has a message cut off");
      }
      messages.add(
          new Message(
              Short.toUnsignedInt(bytes.getShort(at + 4)),
              Short.toUnsignedInt(bytes.getShort(at + 6)),
              bytes.getInt(at + 8),
              slice(bytes, at + HEADER, length - HEADER)));
      at += Math.min(aligned(length), rest);
    }
    return messages;
  }

  /** A request for one thing, to be sent. */
  static byte[] request(int type, int sequence, byte[] payload) {
    return compose(type, NLM_F_REQUEST, sequence, payload);
  }

  /** A request for a list of all there is, to be sent. */
  static byte[] dump(int type, int sequence, byte[] payload) {
    return compose(type, NLM_F_REQUEST | NLM_F_DUMP, sequence, payload);
  }

  private static byte[] compose(int type, int flags, int sequence, byte[] payload) {
    ByteBuffer message = Attributes.block(HEADER + payload.length);
    message.putInt(HEADER + payload.length).putShort((short) type).putShort((short) flags);
    return message.putInt(sequence).putInt(0).put(payload).array();
  }

  /** The header of the payload, of a length that the type of the message fixes. */
  ByteBuffer header(int length) {
    if (payload.limit() < length) {
      throw new IllegalArgumentException("the kernel's answer has a message without its header");
    }
    return payload;
  }

  /** The attributes that follow the payload's header. */
  Attributes attributes(int header) {
    int start = aligned(header);
    header(start);
    return new Attributes(slice(payload, start, payload.limit() - start));
  }

  /** The errno in the payload, 0 for none: the kernel writes it negative. */
  int error() {
    return payload.limit() < 4 ? 0 : -payload.getInt(0);
  }

  /** Messages and attributes start at multiples of four. */
  static int aligned(int length) {
    return length + 3 & ~3;
  }

  static ByteBuffer slice(ByteBuffer bytes, int start, int length) {
    return bytes.slice(start, length).order(bytes.order());
  }
}
