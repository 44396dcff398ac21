package io.github.jnstools.firewall;

/** IPv4 or IPv6: each has rules of its own. */
public enum IpFamily {
  /** The rules of iptables(8). */
  IPV4,
  /** The rules of ip6tables(8). */
  IPV6;

  /** Which of both an address or prefix is of. */
  public static IpFamily of(String address) {
    return address.indexOf(':') >= 0 ? IPV6 : IPV4;
  }

  /** For a person: {@code IPv4}. */
  public String word() {
    return this == IPV4 ? "IPv4" : "IPv6";
  }

  /** One address as iptables-save(8) writes it: {@code 172.17.0.2/32}. */
  String only(String address) {
    return address + (this == IPV4 ? "/32" : "/128");
  }

  /** An address and port as the target DNAT has them: {@code [fd00::2]:80}. */
  String destination(String address, int port) {
    return (this == IPV4 ? address : "[" + address + "]") + ":" + port;
  }
}
