package io.github.jnstools.firewall;

/** One condition of a rule, interpreted. */
@FunctionalInterface
interface Condition {
  /** What nothing here can tell. */
  Condition UNKNOWN = (packet, scope) -> Truth.UNKNOWN;

  /** What no packet fails. */
  Condition ALWAYS = (packet, scope) -> Truth.TRUE;

  Truth holds(Packet packet, Scope scope);

  /** The opposite, if a {@code !} is before it. */
  default Condition negatedIf(boolean negated) {
    return negated ? (packet, scope) -> holds(packet, scope).not() : this;
  }

  /**
   * What conditions look at beside the packet.
   *
   * @param network of the host
   * @param sets of ipset
   */
  record Scope(HostNetwork network, IpSets sets) {}
}
