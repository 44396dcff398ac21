package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Traces beside the kernel's own, rule by rule. */
class KernelTraceTest {
  private static final String HOST = "trace-20.10.24";

  private static Map<String, List<String>> kernel(String file) {
    return KernelTrace.parse(Samples.text(HOST, file));
  }

  /** By the trace, in the same words. */
  private static Map<String, List<String>> traced(PacketTrace trace) {
    Map<String, List<String>> seen = new LinkedHashMap<>();
    for (Leg leg : trace.legs()) {
      for (Step step : leg.steps()) {
        if (!step.table().isEmpty()) {
          String key = KernelTrace.name(step.packet().toString(), leg.name(), step.chain());
          String text =
              step.rule().isPresent()
                  ? step.table() + " " + step.rule().get().text()
                  : step.table() + " " + step.chain() + " " + step.effect();
          seen.computeIfAbsent(key, packets -> new ArrayList<>()).add(text);
        }
      }
    }
    return seen;
  }

  private static PacketTrace trace(String source) throws MalformedException {
    HostNetwork network = Samples.network(HOST);
    Flow flow =
        Flow.of("eth0", IpAddress.parse(source), IpAddress.parse("192.168.1.254"), "tcp", 18080);
    // The rules that made the kernel talk were gone when the others were saved.
    String text =
        Samples.text(HOST, "iptables-save.txt")
            + "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
            + "-A PREROUTING -p tcp -m tcp --dport 18080 -j TRACE\n"
            + "-A PREROUTING -p tcp -m tcp --sport 80 -j TRACE\nCOMMIT\n";
    return PacketTrace.of(Filters.of(Ruleset.parse(text)), network, flow);
  }

  @Test
  void linesOfTwoPacketsAtOnceAreToldApart() {
    String text =
        """
        PACKET: 2 aaaaaaaa IN=eth0 SRC=192.0.2.9 DST=172.17.0.2 SPORT=40000 DPORT=80 SYN
         TRACE: 2 aaaaaaaa raw:PREROUTING:rule:0x3:CONTINUE  -4 -t raw -A PREROUTING -j TRACE
        PACKET: 2 bbbbbbbb OUT=eth0 SRC=172.17.0.2 DST=192.0.2.9 SPORT=80 DPORT=40000 SYN ACK
         TRACE: 2 bbbbbbbb raw:OUTPUT:rule:0x3:CONTINUE  -4 -t raw -A OUTPUT -j TRACE
         TRACE: 2 aaaaaaaa raw:PREROUTING:policy:ACCEPT
         TRACE: 2 bbbbbbbb raw:OUTPUT:policy:ACCEPT
        """;
    assertEquals(
        Map.of(
            "eth0> 192.0.2.9 172.17.0.2 80 SYN",
            List.of("raw -A PREROUTING -j TRACE", "raw PREROUTING policy ACCEPT"),
            ">eth0 172.17.0.2 192.0.2.9 80 SYN ACK",
            List.of("raw -A OUTPUT -j TRACE", "raw OUTPUT policy ACCEPT")),
        KernelTrace.parse(text));
  }

  @Test
  void allowedConnectPassesTheRulesThatTheKernelNamed() throws MalformedException {
    PacketTrace trace = trace("192.168.1.1");
    assertEquals(Verdict.REACHABLE, trace.verdict(), trace.reason());
    Map<String, List<String>> kernel = kernel("xtables-monitor-src-1.txt");
    Map<String, List<String>> traced = traced(trace);
    int compared = 0;
    for (Map.Entry<String, List<String>> each : traced.entrySet()) {
      assertEquals(kernel.get(each.getKey()), each.getValue(), each.getKey());
      compared += each.getValue().size();
    }
    assertTrue(compared > 20, "" + compared);
  }

  @Test
  void droppedConnectEndsAtTheRuleThatTheKernelNamed() throws MalformedException {
    PacketTrace trace = trace("192.168.1.4");
    assertEquals(Verdict.BLOCKED, trace.verdict());
    assertEquals(kernel("xtables-monitor-src-4.txt"), traced(trace));
    assertEquals(
        "-A DOCKER-USER ! -s 192.168.1.1/32 -i eth0 -j DROP",
        trace.decider().orElseThrow().rule().orElseThrow().text());
  }
}
