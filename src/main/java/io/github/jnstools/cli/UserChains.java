package io.github.jnstools.cli;

import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.UserChain;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** DOCKER-USER of this host, read and written by the programs of iptables. */
final class UserChains {
  private UserChains() {}

  /** The chain as it is now; empty if there is none. */
  static Optional<UserChain> read(HostTexts host, IpFamily family) throws IOException {
    HostText rules = family == IpFamily.IPV4 ? HostText.RULES : HostText.RULES_V6;
    return UserChain.parse(family, host.read(rules).orElse(""));
  }

  /** The program that writes one. */
  static String program(IpFamily family) {
    return family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
  }

  /** Fails if one of them cannot be written; each family is a transaction of its own. */
  static void test(SortedMap<IpFamily, UserChain> chains) throws IOException {
    restore(chains, "-w", "--noflush", "--test");
  }

  /** Writes chains, each at once. */
  static void write(SortedMap<IpFamily, UserChain> chains) throws IOException {
    restore(chains, "-w", "--noflush");
  }

  private static void restore(SortedMap<IpFamily, UserChain> chains, String... arguments)
      throws IOException {
    for (Map.Entry<IpFamily, UserChain> each : chains.entrySet()) {
      SystemTool.require(program(each.getKey()), "install iptables, which Docker uses")
          .runOn(each.getValue().restoreText(), arguments);
    }
  }
}
