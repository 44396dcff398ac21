package io.github.jnstools.docker;

import io.github.jnstools.firewall.KernelTrace;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Run;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Has the kernel tell which rules all packets of IPv4 meet, in this network namespace, until it is
 * closed.
 */
final class KernelMonitor implements AutoCloseable {
  private static final List<String> CHAINS = List.of("PREROUTING", "OUTPUT");
  private static final int FIRST = 9;
  private static final int LAST = 10;

  private final Path output;
  private final Process process;

  private KernelMonitor(Path output, Process process) {
    this.output = output;
    this.process = process;
  }

  /**
   * Starts, and waits until packets are told of.
   *
   * @param directory for what it says
   */
  static KernelMonitor start(Path directory) throws Exception {
    makeChains();
    change("-I");
    Path output = directory.resolve("xtables-monitor");
    KernelMonitor monitor =
        new KernelMonitor(
            output,
            new ProcessBuilder("xtables-monitor", "--trace")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
    try {
      monitor.await(FIRST);
      return monitor;
    } catch (Throwable e) {
      monitor.close();
      throw e;
    }
  }

  /** Chains of iptables-nft are there from their first use on, and tell nothing before. */
  private static void makeChains() throws IOException, InterruptedException {
    for (String chain : List.of("filter INPUT", "filter OUTPUT", "nat INPUT", "nat OUTPUT")) {
      String[] words = chain.split(" ");
      Run.of("iptables", "-t", words[0], "-P", words[1], "ACCEPT").mustSucceed();
    }
  }

  private static void change(String how) throws IOException, InterruptedException {
    for (String chain : CHAINS) {
      Run.of("iptables", "-t", "raw", how, chain, "-j", "TRACE").mustSucceed();
    }
  }

  /** Sends to a port to which nobody listens, until that is told of. */
  private void await(int port) throws Exception {
    Poll.until(
        () -> "a word of a packet in " + output,
        () -> {
          try (DatagramSocket socket = new DatagramSocket()) {
            byte[] data = {'x'};
            socket.send(new DatagramPacket(data, 1, InetAddress.getLoopbackAddress(), port));
          }
          return Files.readString(output).contains(" DPORT=" + port + " ");
        });
  }

  /** What packets met so far: see {@link KernelTrace}. */
  Map<String, List<String>> seen() throws Exception {
    await(LAST);
    return KernelTrace.parse(Files.readString(output));
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor();
      change("-D");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
