package io.github.jnstools.firewall;

import java.util.Set;

/**
 * The addresses that agree with one in the bits of a mask: {@code 172.17.0.0/16}, {@code
 * 10.0.0.0/255.0.255.0}, {@code fd00::/64}.
 *
 * @param address with no bit outside of the mask
 * @param mask the bits that count
 */
public record Subnet(IpAddress address, IpAddress mask) {

  /** Of a prefix. */
  public static Subnet of(IpAddress address, int length) {
    IpAddress mask = IpAddress.mask(address.v6(), length);
    return new Subnet(address.and(mask), mask);
  }

  /**
   * Parses an address with a prefix's length, with a mask, or alone.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    if (slash < 0) {
      return of(address, address.v6() ? 128 : 32);
    }
    String size = text.substring(slash + 1);
    if (!size.contains(".") && !size.contains(":")) {
      return of(address, Integer.parseInt(size));
    }
    IpAddress mask = IpAddress.parse(size);
    if (mask.v6() != address.v6()) {
      throw new IllegalArgumentException("address and mask of two families: " + text);
    }
    return new Subnet(address.and(mask), mask);
  }

  /** Whether an address is one of them; none of another family is. */
  public boolean contains(IpAddress other) {
    return other.v6() == address.v6()
        && (other.high() & mask.high()) == address.high()
        && (other.low() & mask.low()) == address.low();
  }

  /** One that nobody has, from the upper end on; the last of IPv4 is for broadcasts. */
  IpAddress unused(Set<IpAddress> used) {
    IpAddress ones =
        address.v6() ? new IpAddress(true, -1, -1) : new IpAddress(false, 0, 0xffff_ffffL);
    IpAddress found = ones.replaced(mask, address);
    do {
      found = new IpAddress(found.v6(), found.high(), found.low() - 1);
    } while (used.contains(found));
    return found;
  }

  /** How many bits count: of two routes the one of more is taken. */
  int length() {
    return Long.bitCount(mask.high()) + Long.bitCount(mask.low());
  }

  @Override
  public String toString() {
    boolean prefix = mask.equals(IpAddress.mask(mask.v6(), length()));
    return address + "/" + (prefix ? Integer.toString(length()) : mask.toString());
  }
}
