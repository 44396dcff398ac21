package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces beside what real connects gave, under the rules that were in force. */
class ObservedConnectsTest {
  @ParameterizedTest
  @ValueSource(strings = {"seed-experiment-main-20.10.24", "seed-experiment-docker0-20.10.24"})
  void everyObservedConnectIsForetold(String host) throws Exception {
    HostNetwork network = Observed.network(host);
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (Observed row : Observed.all(host)) {
      rows++;
      Ruleset ruleset = Samples.ruleset(host, row.dump());
      PacketTrace trace = PacketTrace.of(Filters.of(ruleset), network, row.flow());
      if (trace.verdict() != row.verdict()) {
        wrong.add(row.line() + ": " + trace.verdict() + ": " + trace.reason());
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(253, rows);
  }
}
