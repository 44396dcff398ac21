package io.github.jnstools.netns;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.enter.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one network namespace contained when it was asked. Immutable.
 *
 * <p>Names and kinds are for people: bytes that would move a terminal's cursor are escaped.
 *
 * @param interfaces by their numbers
 * @param nsid the number by which the caller's network namespace knows this one
 * @param uniqueId the id that no other network namespace has until the next boot; empty before
 *     Linux 5.14
 */
public record NetnsView(List<Interface> interfaces, OptionalInt nsid, OptionalLong uniqueId) {

  /**
   * A network interface.
   *
   * @param index its number, unique in its network namespace only
   * @param name {@code eth0}
   * @param alternativeNames further names that it has
   * @param up whether it was set up, whatever its state
   * @param operState RFC 2863's word, as ip(8) shows it: {@code UP}, {@code LOWERLAYERDOWN}
   * @param mac its link-layer address, which is longer or shorter for a tunnel; "" if it has none
   * @param mtu in bytes
   * @param kind {@code veth}, {@code bridge}, {@code vlan}; "" for what no software made, and for
   *     loopback
   * @param addresses in the kernel's order
   * @param peer its other end, if that is in the caller's network namespace
   */
  public record Interface(
      int index,
      String name,
      List<String> alternativeNames,
      boolean up,
      String operState,
      String mac,
      int mtu,
      String kind,
      List<Address> addresses,
      Optional<Peer> peer) {}

  /**
   * An IP address of an interface.
   *
   * @param address {@code 172.17.0.2}, {@code fe80::42:acff:fe11:2}
   * @param prefix the length of its network's prefix, in bits
   * @param scope {@code global}, {@code site}, {@code link}, {@code host}, {@code nowhere}, or a
   *     number
   * @param peer the address at the other end of a point-to-point link; the prefix is then its
   */
  public record Address(String address, int prefix, String scope, Optional<String> peer) {}

  /**
   * The other end of an interface, in the caller's network namespace.
   *
   * @param hostInterface its name
   * @param index its number
   * @param master the bridge, or the VRF or virtual switch, that it is a port of
   */
  public record Peer(String hostInterface, int index, Optional<String> master) {}

  /**
   * Asks a network namespace.
   *
   * <p>Thread effect: none on the calling thread. Privilege: CAP_SYS_ADMIN over the namespace's
   * owner and in the caller's user namespace. Man: rtnetlink(7).
   *
   * @param inside which one; stays the caller's to close
   * @param host where the other ends of its interfaces are looked for
   * @throws NamespaceException EPERM if it may not be joined
   * @throws InterruptedException if the caller was interrupted
   */
  public static NetnsView of(Namespace inside, HostLinks host)
      throws NamespaceException, InterruptedException {
    OptionalInt nsid = host.nsid(inside);
    try (Rtnetlink socket = Rtnetlink.open(inside)) {
      Map<Integer, List<Address>> addresses = socket.addresses();
      List<Interface> interfaces = new ArrayList<>();
      for (Link link : socket.links().values()) {
        interfaces.add(
            new Interface(
                link.index(),
                link.name(),
                link.alternativeNames(),
                link.up(),
                link.operState(),
                link.mac(),
                link.mtu(),
                link.kind(),
                List.copyOf(addresses.getOrDefault(link.index(), List.of())),
                host.peer(link, nsid)));
      }
      OptionalLong uniqueId = inside.uniqueId();
      return new NetnsView(
          List.copyOf(interfaces), nsid, uniqueId.isPresent() ? uniqueId : socket.uniqueId());
    }
  }
}
