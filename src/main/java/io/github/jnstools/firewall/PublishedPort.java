package io.github.jnstools.firewall;

/**
 * A port of a container that is reached by one of the host.
 *
 * @param hostAddress on which address of the host; {@code 0.0.0.0} and {@code ::} are all
 * @param hostPort the port of the host
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param containerPort the port in the container
 */
public record PublishedPort(String hostAddress, int hostPort, String protocol, int containerPort) {

  /** Whether it is on each address of its family. */
  public boolean isOnAllAddresses() {
    return hostAddress.equals("0.0.0.0") || hostAddress.equals("::");
  }

  /** Whether it is meant for the host alone. */
  public boolean isLoopback() {
    return hostAddress.startsWith("127.") || hostAddress.equals("::1");
  }

  /** As {@code docker ps} has it: {@code 127.0.0.1:5432->5432/tcp}. */
  @Override
  public String toString() {
    String address =
        IpFamily.of(hostAddress) == IpFamily.IPV6 ? "[" + hostAddress + "]" : hostAddress;
    return address + ":" + hostPort + "->" + containerPort + "/" + protocol;
  }
}
