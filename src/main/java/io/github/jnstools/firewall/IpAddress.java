package io.github.jnstools.firewall;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * An IP address: {@code 172.17.0.2}, {@code fd00::2}.
 *
 * @param v6 whether it is one of IPv6
 * @param high its upper 64 bits; 0 for IPv4
 * @param low its lower 64 bits, or the 32 of IPv4
 */
public record IpAddress(boolean v6, long high, long low) implements Comparable<IpAddress> {
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /**
   * Parses an address without a zone, a prefix or brackets.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static IpAddress parse(String text) {
    boolean v6 = COLONS.matcher(text).matches();
    if (!v6 && !DOTTED.matcher(text).matches()) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    byte[] octets;
    try {
      // Nothing is looked up: both patterns are of literals.
      octets = InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + text, e);
    }
    if (!v6) {
      return new IpAddress(false, 0, Integer.toUnsignedLong(ByteBuffer.wrap(octets).getInt()));
    }
    if (octets.length == 4) {
      // Java takes an IPv4 address out of ::ffff:0:0/96, which on a wire is another.
      long mapped = 0xffff_0000_0000L | Integer.toUnsignedLong(ByteBuffer.wrap(octets).getInt());
      return new IpAddress(true, 0, mapped);
    }
    ByteBuffer bytes = ByteBuffer.wrap(octets);
    return new IpAddress(true, bytes.getLong(), bytes.getLong());
  }

  /** The mask of a prefix. */
  static IpAddress mask(boolean v6, int length) {
    if (length < 0 || length > (v6 ? 128 : 32)) {
      throw new IllegalArgumentException("not the length of a prefix: " + length);
    }
    if (!v6) {
      return new IpAddress(
          false, 0, length == 0 ? 0 : 0xffff_ffffL << (32 - length) & 0xffff_ffffL);
    }
    long high = length == 0 ? 0 : -1L << Math.max(0, 64 - length);
    long low = length <= 64 ? 0 : -1L << (128 - length);
    return new IpAddress(true, high, low);
  }

  IpAddress and(IpAddress mask) {
    return new IpAddress(v6, high & mask.high, low & mask.low);
  }

  /** The bits of this where the mask has none, and of the other where it has them. */
  IpAddress replaced(IpAddress mask, IpAddress bits) {
    return new IpAddress(
        v6, high & ~mask.high | bits.high & mask.high, low & ~mask.low | bits.low & mask.low);
  }

  /** Whether it is of 127.0.0.0/8, or ::1. */
  public boolean isLoopback() {
    return v6 ? high == 0 && low == 1 : low >>> 24 == 127;
  }

  /** Whether it is of 224.0.0.0/4 or ff00::/8. */
  public boolean isMulticast() {
    return v6 ? high >>> 56 == 0xff : low >>> 28 == 0xe;
  }

  /** Whether it is of fe80::/10: of one link only. */
  boolean isLinkLocal() {
    return v6 && high >>> 54 == 0x3fa;
  }

  boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  @Override
  public int compareTo(IpAddress other) {
    int family = Boolean.compare(v6, other.v6);
    int upper = family != 0 ? family : Long.compareUnsigned(high, other.high);
    return upper != 0 ? upper : Long.compareUnsigned(low, other.low);
  }

  /** As RFC 5952 has it: the first of the longest runs of zeros is left out. */
  @Override
  public String toString() {
    if (!v6) {
      return (low >>> 24) + "." + (low >>> 16 & 255) + "." + (low >>> 8 & 255) + "." + (low & 255);
    }
    int start = 8;
    int longest = 1;
    int run = 0;
    for (int i = 0; i < 8; i++) {
      run = word(i) == 0 ? run + 1 : 0;
      if (run > longest) {
        longest = run;
        start = i + 1 - run;
      }
    }
    StringBuilder text = new StringBuilder(40);
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += longest - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Long.toHexString(word(i)));
      }
    }
    return text.toString();
  }

  private long word(int i) {
    return (i < 4 ? high >>> 48 - 16 * i : low >>> 112 - 16 * i) & 0xffff;
  }
}
