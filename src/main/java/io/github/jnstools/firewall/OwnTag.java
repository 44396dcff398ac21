package io.github.jnstools.firewall;

import java.util.List;
import java.util.Optional;

/**
 * The comment by which the rules of an allow-list are told from those of others: {@code
 * jnstools:8080/tcp}, {@code jnstools:all}, {@code jnstools:established}.
 *
 * @param id what is behind the colon
 */
record OwnTag(String id) {
  private static final String PREFIX = "jnstools:";
  private static final String ALL = "all";
  private static final String PORT = "[1-9]\\d{0,4}/(?:tcp|udp|sctp)";

  /** Of the rule that lets answers pass. */
  static final OwnTag ANSWERS = new OwnTag("established");

  /** Of the rules for a port, or for all that have none. */
  static OwnTag of(Optional<HostPort> port) {
    return new OwnTag(port.map(HostPort::toString).orElse(ALL));
  }

  /** What a rule bears; empty if it is somebody else's. */
  static Optional<OwnTag> of(Rule rule) {
    return rule.comment()
        .filter(comment -> comment.startsWith(PREFIX))
        .map(comment -> new OwnTag(comment.substring(PREFIX.length())))
        .filter(tag -> tag.isOfAnswers() || tag.id.equals(ALL) || tag.id.matches(PORT));
  }

  boolean isOfAnswers() {
    return equals(ANSWERS);
  }

  /** The port; empty if it is of the list for all. */
  Optional<HostPort> port() {
    return id.equals(ALL) ? Optional.empty() : Optional.of(HostPort.parse(id));
  }

  /** The match that bears it. */
  List<String> match() {
    return List.of("-m", "comment", "--comment", PREFIX + id);
  }
}
