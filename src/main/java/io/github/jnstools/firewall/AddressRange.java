package io.github.jnstools.firewall;

import java.util.List;

/**
 * Addresses that follow each other: one, those of a prefix, or any from a first to a last.
 *
 * @param low the first
 * @param high the last
 */
public record AddressRange(IpAddress low, IpAddress high) implements Comparable<AddressRange> {

  /** Refuses what has no address in it. */
  public AddressRange {
    if (low.v6() != high.v6() || low.compareTo(high) > 0) {
      throw new IllegalArgumentException("not a range of addresses: " + low + "-" + high);
    }
  }

  /**
   * Parses {@code 192.168.1.1}, {@code 192.168.1.0/24}, {@code 192.168.1.1-192.168.1.3} or the like
   * of IPv6. Bits behind a prefix are dropped, as iptables does.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static AddressRange parse(String text) {
    int dash = text.indexOf('-');
    if (dash >= 0) {
      return new AddressRange(
          IpAddress.parse(text.substring(0, dash)), IpAddress.parse(text.substring(dash + 1)));
    }
    Subnet subnet = Subnet.parse(text);
    IpAddress prefix = IpAddress.mask(subnet.mask().v6(), subnet.length());
    if (!subnet.mask().equals(prefix)) {
      throw new IllegalArgumentException("the mask is no prefix: " + text);
    }
    return new AddressRange(subnet.address(), last(subnet.address(), prefix));
  }

  private static IpAddress last(IpAddress first, IpAddress mask) {
    return IpAddress.mask(first.v6(), first.v6() ? 128 : 32).replaced(mask, first);
  }

  /** Which rules it belongs in. */
  public IpFamily family() {
    return low.v6() ? IpFamily.IPV6 : IpFamily.IPV4;
  }

  /** The length of the prefix that these are all addresses of; -1 if there is none. */
  private int prefix() {
    for (int length = low.v6() ? 128 : 32; length >= 0; length--) {
      IpAddress mask = IpAddress.mask(low.v6(), length);
      if (low.and(mask).equals(low) && last(low, mask).equals(high)) {
        return length;
      }
    }
    return -1;
  }

  /** The match of packets from one of them that stands before a rule's interfaces. */
  List<String> source() {
    return prefix() < 0 ? List.of() : List.of("-s", low + "/" + prefix());
  }

  /** The match of packets from one of them that stands behind a rule's protocol. */
  List<String> sourceRange() {
    return prefix() < 0 ? List.of("-m", "iprange", "--src-range", this.toString()) : List.of();
  }

  @Override
  public int compareTo(AddressRange other) {
    int first = low.compareTo(other.low);
    return first != 0 ? first : high.compareTo(other.high);
  }

  /** The shortest of the ways to write it. */
  @Override
  public String toString() {
    if (low.equals(high)) {
      return low.toString();
    }
    return prefix() < 0 ? low + "-" + high : low + "/" + prefix();
  }
}
