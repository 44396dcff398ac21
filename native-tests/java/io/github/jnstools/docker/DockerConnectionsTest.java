package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code jdocknet isolation} beside real connections, on hosts whose daemons are told otherwise.
 */
@DockerTest
class DockerConnectionsTest {
  private static final int AT_ONCE = 24;

  /** What a daemon is told. */
  enum Daemon {
    USUAL,
    WITHOUT_PROXY("--userland-proxy=false"),
    WITHOUT_MASQUERADE("--ip-masq=false"),
    WITHOUT_RULES("--iptables=false"),
    WITH_IPV6("--ipv6", "--fixed-cidr-v6=fd00:d0c::/64", "--experimental", "--ip6tables");

    private final String[] options;

    Daemon(String... options) {
      this.options = options;
    }
  }

  @TempDir Path image;

  @ParameterizedTest
  @EnumSource
  void everyPairIsAsRealConnectionsAre(Daemon daemon) throws Exception {
    try (ConnectedHost host = ConnectedHost.start(image, daemon.options)) {
      Run run = Run.of(Tools.JDOCKNET, "isolation", "--json").mustSucceed();
      ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
      List<Future<String>> results = new ArrayList<>();
      for (Object each : JsonParser.array().from(run.out())) {
        JsonObject reach = (JsonObject) each;
        if (reach.getString("to").indexOf(':') >= 0 && leavesItsSender(reach)) {
          results.add(threads.submit(() -> difference(host, reach)));
        }
      }
      List<String> wrong = new ArrayList<>();
      for (Future<String> result : results) {
        wrong.add(result.get());
      }
      threads.shutdown();
      wrong.removeIf(String::isEmpty);
      assertEquals("", String.join("\n", wrong), run.out());
      assertTrue(results.size() >= 90, results.size() + " connections");
    }
  }

  /** What others than this host send to a loopback address stays with them, without tricks. */
  private static boolean leavesItsSender(JsonObject reach) {
    return reach.getString("from").equals("host")
        || !reach.getString("destination").startsWith("127.");
  }

  /** Empty if the real connection is as it was told. */
  private static String difference(ConnectedHost host, JsonObject reach) throws Exception {
    String from = sender(reach.getString("from"), reach.getString("to"));
    String told = reach.getString("verdict");
    String real =
        host.connect(
            from,
            reach.getString("protocol"),
            reach.getString("destination"),
            reach.getInt("port"),
            told);
    return real.equals(told) ? "" : from + " gets " + real + ": " + reach;
  }

  /** Who stands for a side: of a network, a container that is not the one asked for. */
  private static String sender(String side, String to) {
    if (side.equals("host")) {
      return side;
    }
    List<String> words = Arrays.asList(to.split("[ ():]"));
    return ConnectedHost.CONTAINERS.getOrDefault(side, List.of(ConnectedHost.OUTSIDE)).stream()
        .filter(container -> !words.contains(container))
        .findFirst()
        .orElseThrow();
  }
}
