package io.github.jnstools.docker;

import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rules of this host, as iptables shows them, and {@code jdocknet allow}, which writes some.
 */
final class UserRules {
  /** One of somebody else. */
  static final String FOREIGN = "-A DOCKER-USER -s 203.0.113.9/32 -j DROP";

  private UserRules() {}

  /** Runs it to its end. */
  static Run allow(String... arguments) throws IOException, InterruptedException {
    return allow(Map.of(), arguments);
  }

  /** Runs it to its end, with variables beside the inherited ones. */
  static Run allow(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Tools.JDOCKNET, "allow"));
    command.addAll(List.of(arguments));
    return Run.of("", environment, command);
  }

  /** All rules of both families, without counters. */
  static String all() throws IOException, InterruptedException {
    return sh(
        "iptables-save | grep -v '^#' | sed 's/ \\[.*//'; ip6tables-save | grep -v '^#'"
            + " | sed 's/ \\[.*//'");
  }

  /** DOCKER-USER of {@code iptables} or {@code ip6tables}. */
  static String chain(String command) throws IOException, InterruptedException {
    return sh(command + " -S DOCKER-USER");
  }

  /** What a line for the shell prints. */
  static String sh(String command) throws IOException, InterruptedException {
    return Run.of("sh", "-c", command).mustSucceed().out();
  }
}
