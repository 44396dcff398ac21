package io.github.jnstools.firewall;

import java.util.List;

/**
 * The way of one packet of a connection.
 *
 * @param name which one: {@code first packet}, {@code answer}, {@code later packets}
 * @param sent the packet as it set out
 * @param steps what it met, in order
 */
public record Leg(String name, Packet sent, List<Step> steps) {
  public Leg {
    steps = List.copyOf(steps);
  }
}
