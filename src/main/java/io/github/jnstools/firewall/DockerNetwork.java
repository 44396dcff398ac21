package io.github.jnstools.firewall;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A Docker network, and of its options those that its firewall rules depend on.
 *
 * @param id its full id
 * @param name its name
 * @param driver {@code bridge}, {@code host}, {@code null}, {@code overlay}, {@code macvlan}, ...
 * @param bridge the bridge interface on the host: {@code docker0}, {@code br-} and the start of its
 *     id, or a name that was chosen; empty if the driver has none
 * @param created when it was created; what decides the order of many rules
 * @param ipv4 whether it has IPv4
 * @param ipv6 whether it has IPv6
 * @param subnets its subnets
 * @param internal whether it is cut off from outside
 * @param icc whether its containers may reach each other
 * @param ipMasquerade whether its containers leave with an address of the host
 * @param gatewayModeIpv4 {@code nat}, {@code routed}, {@code nat-unprotected}, {@code isolated}
 * @param gatewayModeIpv6 the same of IPv6
 * @param hostBinding the host address of a port that was published without one; empty if all are
 * @param hostIpv4 the address that its containers leave with, instead of a masqueraded one
 * @param trustedInterfaces from which its containers may be reached by their own addresses
 * @param attached who is on it, also those that are no container, such as swarm's ingress
 */
public record DockerNetwork(
    String id,
    String name,
    String driver,
    Optional<String> bridge,
    Instant created,
    boolean ipv4,
    boolean ipv6,
    List<Subnet> subnets,
    boolean internal,
    boolean icc,
    boolean ipMasquerade,
    String gatewayModeIpv4,
    String gatewayModeIpv6,
    Optional<String> hostBinding,
    Optional<String> hostIpv4,
    List<String> trustedInterfaces,
    List<Attachment> attached) {

  public DockerNetwork {
    subnets = List.copyOf(subnets);
    trustedInterfaces = List.copyOf(trustedInterfaces);
    attached = List.copyOf(attached);
  }

  /**
   * A subnet of a network.
   *
   * @param prefix {@code 172.18.0.0/16}
   * @param gateway the bridge's own address in it, if it was told
   */
  public record Subnet(String prefix, Optional<String> gateway) {}

  /**
   * Who is on a network.
   *
   * @param name of a container, or {@code gateway_ingress-sbox} and the like
   * @param ipv4 its address
   * @param ipv6 its address
   */
  public record Attachment(String name, Optional<String> ipv4, Optional<String> ipv6) {
    /** Its address of a family. */
    Optional<String> address(IpFamily family) {
      return family == IpFamily.IPV4 ? ipv4 : ipv6;
    }
  }

  /** Whether Docker writes rules for it. */
  boolean isBridge() {
    return bridge.isPresent();
  }

  /** Whether it has addresses of a family. */
  boolean has(IpFamily family) {
    return family == IpFamily.IPV4 ? ipv4 : ipv6;
  }

  /** How its containers are reached from outside, by a family. */
  String gatewayMode(IpFamily family) {
    return family == IpFamily.IPV4 ? gatewayModeIpv4 : gatewayModeIpv6;
  }

  boolean isRouted(IpFamily family) {
    return gatewayMode(family).equals("routed");
  }

  /** Its subnets of a family. */
  List<String> prefixes(IpFamily family) {
    return subnets.stream()
        .map(Subnet::prefix)
        .filter(prefix -> IpFamily.of(prefix) == family)
        .toList();
  }

  /** The bridge interface of one that has it. */
  String interfaceName() {
    return bridge.orElseThrow();
  }
}
