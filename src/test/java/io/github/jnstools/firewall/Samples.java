package io.github.jnstools.firewall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The captured files of hosts with Docker's rules, by host. */
final class Samples {
  static final Path ROOT = Path.of("src/test/resources/firewall");

  private Samples() {}

  /** A file of a host: {@code 29.7.2-std}, {@code iptables-save.txt}. */
  static String text(String host, String file) {
    return text(ROOT.resolve(host).resolve(file));
  }

  static Ruleset ruleset(String host, String file) {
    try {
      return Ruleset.parse(text(host, file));
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A host's network, as it was captured. */
  static HostNetwork network(String host) {
    try {
      return HostNetwork.parse(
              text(host, "ip-addr.json"), text(host, "ip-route.json"), text(host, "ip-link.json"))
          .withRules(text(host, "ip-rule.json"))
          .withSysctls(text(host, "sysctl.txt"))
          .withListeners(text(host, "ss-listen.txt"));
    } catch (MalformedException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All texts of iptables-save and ip6tables-save, of every host. */
  static List<Path> rulesets() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*ip6?tables-save(-c)?\\.txt"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
