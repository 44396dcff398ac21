package io.github.jnstools.firewall;

/** What becomes of a connection. */
public enum Verdict {
  /** Its packets pass, there and back. */
  REACHABLE,
  /** One of them does not. */
  BLOCKED,
  /** They pass, to a port of this host on which nobody listens. */
  REFUSED,
  /** It depends on something that is not known. */
  UNKNOWN
}
