package io.github.jnstools.firewall;

/**
 * One port, or several that follow each other: what a rule names, or what a packet may have.
 *
 * @param low the first
 * @param high the last
 */
public record PortRange(int low, int high) {
  /**
   * Of a client that was given one by its kernel, which is not known: Linux gives 32768 to 60999,
   * others 49152 to 65535.
   */
  public static final PortRange EPHEMERAL = new PortRange(32768, 65535);

  /** Of a packet whose protocol has no ports. */
  public static final PortRange NONE = new PortRange(0, 0);

  /** A range; refuses what no packet has. */
  public PortRange {
    if (low < 0 || high > 65535 || low > high) {
      throw new IllegalArgumentException("not a range of ports: " + low + "-" + high);
    }
  }

  /** One port. */
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /**
   * Parses {@code 80}, {@code 8000:8010}, {@code :1023}, {@code 1024:} or {@code 3000-3010}.
   *
   * @throws IllegalArgumentException if it is none, or the name of a service
   */
  static PortRange parse(String text) {
    int colon = text.indexOf(':');
    int separator = colon < 0 ? text.indexOf('-') : colon;
    if (separator < 0) {
      return of(Integer.parseInt(text));
    }
    String low = text.substring(0, separator);
    String high = text.substring(separator + 1);
    return new PortRange(
        colon == 0 ? 0 : Integer.parseInt(low),
        colon >= 0 && high.isEmpty() ? 65535 : Integer.parseInt(high));
  }

  /** Whether a packet with one of these ports, not known which, has one of those. */
  Truth within(PortRange those) {
    if (high < those.low || low > those.high) {
      return Truth.FALSE;
    }
    return low >= those.low && high <= those.high ? Truth.TRUE : Truth.UNKNOWN;
  }

  /** Whether it is one port only. */
  public boolean isSingle() {
    return low == high;
  }

  @Override
  public String toString() {
    return isSingle() ? Integer.toString(low) : low + "-" + high;
  }
}
