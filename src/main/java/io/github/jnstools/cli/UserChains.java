package io.github.jnstools.cli;

import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.UserChain;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** DOCKER-USER of this host, read and written by the programs of iptables. */
final class UserChains {
  private UserChains() {}

  /** The chain as it is now; empty if there is none. */
  static Optional<UserChain> read(HostTexts host, IpFamily family) throws IOException {
    HostText rules = family == IpFamily.IPV4 ? HostText.RULES : HostText.RULES_V6;
    return UserChain.parse(family, host.read(rules).orElse(""));
  }

  /** The chains of several families. */
  static SortedMap<IpFamily, Optional<UserChain>> read(HostTexts host, List<IpFamily> families)
      throws IOException {
    SortedMap<IpFamily, Optional<UserChain>> chains = new TreeMap<>();
    for (IpFamily family : families) {
      chains.put(family, read(host, family));
    }
    return chains;
  }

  /** The program that writes one. */
  static String program(IpFamily family) {
    return family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
  }

  /** Both families are tried before one is written: each is a transaction of its own. */
  static void write(SortedMap<IpFamily, UserChain> chains) throws IOException {
    for (boolean test : List.of(true, false)) {
      for (Map.Entry<IpFamily, UserChain> each : chains.entrySet()) {
        SystemTool tool =
            SystemTool.require(program(each.getKey()), "install iptables, which Docker uses");
        String text = each.getValue().restoreText();
        if (test) {
          tool.runOn(text, "-w", "--noflush", "--test");
        } else {
          tool.runOn(text, "-w", "--noflush");
        }
      }
    }
  }
}
