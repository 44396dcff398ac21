package io.github.jnstools.firewall;

import java.util.Optional;

/**
 * Something about a host's firewall that its owner should know.
 *
 * @param severity how bad it is
 * @param name one word for scripts, which stays: {@code ipv6-past-list}
 * @param where what it is about: {@code network net1}, {@code IPv4 filter DOCKER-USER 2}
 * @param rule the rule, if it is about one
 * @param what what is so, one sentence without a full stop
 * @param consequence what follows from it
 * @param cure what to do about it
 */
public record Finding(
    Severity severity,
    String name,
    String where,
    Optional<Rule> rule,
    String what,
    String consequence,
    String cure) {

  /** How bad a finding is. */
  public enum Severity {
    /** It does not work as it was meant. */
    ERROR,
    /** It lets through, or keeps out, what its owner may not expect. */
    WARNING,
    /** Good to know; Docker is like that. */
    NOTE,
    /** Whether something is wrong cannot be known. */
    UNKNOWN
  }

  /** About no rule in particular. */
  static Finding of(
      Severity severity, String name, String where, String what, String consequence, String cure) {
    return new Finding(severity, name, where, Optional.empty(), what, consequence, cure);
  }
}
