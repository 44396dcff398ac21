package io.github.jnstools.firewall;

/**
 * What a change of rules does to one connection.
 *
 * @param probe which
 * @param before what became of it so far
 * @param after what becomes of it now, if it is opened now
 * @param open what becomes of it now, if it was open before
 */
public record Effect(Probe probe, PacketTrace before, PacketTrace after, PacketTrace open) {

  /** Whether who opens it now meets something else than before. */
  public boolean changes() {
    return before.verdict() != after.verdict();
  }

  /** Whether it breaks, or may break, while it is open. */
  public boolean cutsOpen() {
    return isWorse(open);
  }

  /** Whether it cannot, or may not, be opened any more. */
  public boolean closes() {
    return isWorse(after);
  }

  private boolean isWorse(PacketTrace now) {
    return switch (before.verdict()) {
      case REACHABLE -> now.verdict() != Verdict.REACHABLE;
      case UNKNOWN -> now.verdict() == Verdict.BLOCKED;
      case BLOCKED, REFUSED -> false;
    };
  }

  /** {@code 192.168.1.4 to 192.168.1.254:8080/tcp: REACHABLE, now BLOCKED}. */
  @Override
  public String toString() {
    return probe.what() + ": " + before.verdict() + ", now " + after.verdict();
  }
}
