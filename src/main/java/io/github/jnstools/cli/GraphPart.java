package io.github.jnstools.cli;

import java.util.List;
import java.util.stream.Stream;

/**
 * A part of a host's graph, as it is told to people.
 *
 * @param id in this graph: letters and digits
 * @param kind what it is
 * @param title its name
 * @param facts what it is like
 * @param incoming who reaches it and who does not
 * @param outgoing whom it reaches and whom not
 * @param parts what is in it
 */
record GraphPart(
    String id,
    Kind kind,
    String title,
    List<String> facts,
    List<String> incoming,
    List<String> outgoing,
    List<GraphPart> parts) {

  /** What there is. */
  enum Kind {
    /** This host, which all others are parts of. */
    HOST,
    /** Who is beyond one of its interfaces. */
    OUTSIDE,
    /** A bridge network. */
    NETWORK,
    /** A container; on the network by which it is reached from outside, if on several. */
    CONTAINER,
    /** The same container on another of its networks. */
    AGAIN,
    /** A container that is on no bridge network. */
    ELSEWHERE,
    /** A port of this host that leads to a container. */
    PUBLISHED,
    /** A port of a container that is not as the rest of its network is. */
    PORT
  }

  /** Those of a kind in it. */
  List<GraphPart> parts(Kind wanted) {
    return parts.stream().filter(part -> part.kind == wanted).toList();
  }

  /** It, and all that is in it at any depth. */
  Stream<GraphPart> all() {
    return Stream.concat(Stream.of(this), parts.stream().flatMap(GraphPart::all));
  }

  /** {@code web: 172.17.0.2, veth1a2b3c4}, {@code network net1: bridge br-1a2b, 172.18.0.0/16}. */
  String line() {
    String name = kind == Kind.NETWORK ? "network " + title : title;
    return facts.isEmpty() ? name : name + ": " + String.join(", ", facts);
  }

  /** A tree of lines. */
  List<String> tree() {
    return lines("", "").toList();
  }

  private Stream<String> lines(String first, String rest) {
    String bar = parts.isEmpty() ? "    " : "|   ";
    Stream<String> own =
        Stream.concat(Stream.of(first + line()), incoming.stream().map(way -> rest + bar + way));
    return Stream.concat(
        own,
        parts.stream()
            .flatMap(
                part -> {
                  boolean last = part == parts.get(parts.size() - 1);
                  return part.lines(
                      rest + (last ? "`-- " : "|-- "), rest + (last ? "    " : "|   "));
                }));
  }
}
