package io.github.jnstools.firewall;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A container and how it is in the network.
 *
 * @param id its full id
 * @param name its name
 * @param pid of its init process; 0 if it does not run
 * @param started when it was started; what decides the order of rules
 * @param networkMode {@code bridge}, a network's name, {@code host}, {@code none}, {@code
 *     container:ID}
 * @param endpoints the networks that it is on
 * @param ports what is published
 * @param asked what should be published; a network that is internal has none of it
 */
public record DockerContainer(
    String id,
    String name,
    int pid,
    Instant started,
    String networkMode,
    List<Endpoint> endpoints,
    List<PublishedPort> ports,
    List<AskedPort> asked) {

  public DockerContainer {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
    asked = List.copyOf(asked);
  }

  /**
   * A network that a container is on.
   *
   * @param network the network's name
   * @param networkId the network's full id
   * @param ipv4 the container's address on it
   * @param ipv6 the container's address on it
   * @param gatewayIpv4 where it may send what is for elsewhere; since Docker 25 an internal network
   *     has none
   * @param gatewayIpv6 the same of IPv6
   * @param gatewayPriority the highest of a container's networks is its way out; 0 unless told
   */
  public record Endpoint(
      String network,
      String networkId,
      Optional<String> ipv4,
      Optional<String> ipv6,
      Optional<String> gatewayIpv4,
      Optional<String> gatewayIpv6,
      int gatewayPriority) {
    Optional<String> address(IpFamily family) {
      return family == IpFamily.IPV4 ? ipv4 : ipv6;
    }

    Optional<String> gateway(IpFamily family) {
      return family == IpFamily.IPV4 ? gatewayIpv4 : gatewayIpv6;
    }
  }

  /**
   * A port of a container that was to be published.
   *
   * @param number in the container
   * @param protocol {@code tcp}, {@code udp} or {@code sctp}
   */
  public record AskedPort(int number, String protocol) {}

  /** Those networks by which it has an address: of host and none the engine tells, too. */
  public List<Endpoint> addressed() {
    return endpoints.stream()
        .filter(endpoint -> endpoint.ipv4().isPresent() || endpoint.ipv6().isPresent())
        .toList();
  }

  /** Whether it has a route to more than its neighbours, by any of its networks. */
  boolean hasGateway(IpFamily family) {
    return endpoints.stream().anyMatch(endpoint -> endpoint.gateway(family).isPresent());
  }

  /** Whether it runs. */
  public boolean isRunning() {
    return pid > 0;
  }
}
