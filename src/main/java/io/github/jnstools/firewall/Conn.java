package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Packet.Connection;
import io.github.jnstools.firewall.Packet.State;

/** An entry of the kernel's connection tracking, during one run of a trace. */
final class Conn {
  private final Tuple original;
  private Tuple answer;
  private boolean destinationDecided;
  private boolean sourceDecided;
  private int mark;

  /** Of a first packet, before NAT. */
  Conn(Tuple original) {
    this.original = original;
    this.answer = original.reversed();
  }

  Connection view(State state, boolean reply) {
    boolean destinationChanged =
        !answer.source().equals(original.destination())
            || !answer.sourcePort().equals(original.destinationPort());
    boolean sourceChanged =
        !answer.destination().equals(original.source())
            || !answer.destinationPort().equals(original.sourcePort());
    return new Connection(state, reply, original, answer, destinationChanged, sourceChanged, mark);
  }

  Tuple original() {
    return original;
  }

  /** As answers are on the wire. */
  Tuple answer() {
    return answer;
  }

  void mark(int changed) {
    mark = changed;
  }

  /** Whether the table nat has been asked already: for the destination, or for the source. */
  boolean isDecided(boolean destination) {
    return destination ? destinationDecided : sourceDecided;
  }

  /** What the table nat made of the first packet is from now on done to all. */
  void decide(boolean destination, Tuple translated) {
    if (destination) {
      destinationDecided = true;
      answer = answer.withSource(translated.destination(), translated.destinationPort());
    } else {
      sourceDecided = true;
      answer = answer.withDestination(translated.source(), translated.sourcePort());
    }
  }

  /** Does it to a packet. */
  Tuple translate(Tuple tuple, boolean reply, boolean destination) {
    Tuple other = reply ? original.reversed() : answer.reversed();
    return destination
        ? tuple.withDestination(other.destination(), other.destinationPort())
        : tuple.withSource(other.source(), other.sourcePort());
  }
}
