package io.github.jnstools.firewall;

/**
 * How the rules of an engine are laid out. It shows by the chains that are there, never by a
 * version: distributions patch, and an upgrade leaves the old chains until the next boot.
 */
public enum Generation {
  /** No chain of Docker, and nothing unread in which it could have one. */
  NONE("-", "no rules of Docker"),
  /** Whether there are rules of Docker cannot be known from what was read. */
  UNKNOWN("?", "unknown"),
  /** Everything in FORWARD; 1.9 isolates by pairs of subnets. */
  FORWARD_ONLY("a", "Docker 1.5 to 1.9"),
  /** DOCKER-ISOLATION: pairs of bridges. */
  ISOLATION("b", "Docker 1.10 to 17.05"),
  /** DOCKER-USER besides. */
  USER("c", "Docker 17.06 to 18.03.0"),
  /** Isolation in two stages. */
  STAGES("d", "Docker 18.03.1 to 27"),
  /** Bridges in a set of ipset(8). */
  BRIDGE_SET("e1", "Docker 28.0.0"),
  /** DOCKER-FORWARD, which is written once. */
  FORWARD_CHAIN("e2", "Docker 28.0.1 to 28.5"),
  /** DOCKER-INTERNAL instead of the two stages. */
  INTERNAL_CHAIN("e3", "Docker 29 with iptables"),
  /** The tables docker-bridges of nft(8). */
  NFTABLES("f", "Docker 29 with nftables");

  private final String letter;
  private final String releases;

  Generation(String letter, String releases) {
    this.letter = letter;
    this.releases = releases;
  }

  /** One or two characters that stand for it. */
  public String letter() {
    return letter;
  }

  /** Which engines write it, for a person. */
  public String releases() {
    return releases;
  }

  /** Whether it is one of iptables. */
  public boolean isIptables() {
    return ordinal() >= FORWARD_ONLY.ordinal() && this != NFTABLES;
  }

  boolean isAtLeast(Generation other) {
    return ordinal() >= other.ordinal();
  }
}
