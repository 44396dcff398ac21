package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the kernel says of packets that a rule with TRACE took, as xtables-monitor(8) prints it: by
 * packet, the rules and policies that it met. Packets that differ in no more than the port that a
 * client has by chance are one, and what they met counts once.
 */
public final class KernelTrace {
  /** {@code PACKET: 2 f5b370c8 ...}, {@code TRACE: 2 f5b370c8 ...}: whose the line is. */
  private static final Pattern ID = Pattern.compile(" ?(?:PACKET|TRACE): \\d+ (\\w+) .*");

  /** {@code TRACE: 2 f5b370c8 nat:DOCKER:rule:0x9:ACCEPT -4 -t nat -A DOCKER ...}. */
  private static final Pattern RULE =
      Pattern.compile(" TRACE: \\d+ \\w+ (\\w+):[^:]+:rule:.*-[46] -t \\w+ (-A .*)");

  private static final Pattern POLICY =
      Pattern.compile(" TRACE: \\d+ \\w+ (\\w+):([^:]+):policy:(\\w+).*");

  private static final Pattern HEADER =
      Pattern.compile(
          "PACKET: \\d+ \\w+ (?:IN=(\\S*) )?(?:OUT=(\\S*) )?.*"
              + "SRC=(\\S+) DST=(\\S+) .*SPORT=(\\d+) DPORT=(\\d+)(.*)");

  /** {@code tcp 192.0.2.9 -> 172.17.0.2:80 NEW in=eth0 out=docker0}. */
  private static final Pattern PACKET =
      Pattern.compile("\\w+ (\\S+) -> (\\S+)(?: [A-Z]+)?(?: in=(\\S+))?(?: out=(\\S+))?");

  private static final Pattern END = Pattern.compile("\\[?([^\\[\\]]*?)\\]?(?::(\\d+))?");
  private static final int FIRST_BY_CHANCE = 32768;

  private KernelTrace() {}

  /** What was met, by packet. The lines of packets that processors deal with at once are mixed. */
  public static Map<String, List<String>> parse(String text) {
    Map<String, List<String>> seen = new LinkedHashMap<>();
    Map<String, List<String>> current = new HashMap<>();
    for (String line : text.split("\n")) {
      Matcher id = ID.matcher(line);
      if (!id.matches()) {
        continue;
      }
      if (line.startsWith("PACKET:")) {
        Matcher header = HEADER.matcher(line);
        // What has no ports is no packet of a connection.
        String packet = header.find() ? packet(header) : "";
        current.put(id.group(1), seen.computeIfAbsent(packet, key -> new ArrayList<>()));
      } else {
        step(line)
            .ifPresent(
                step -> {
                  List<String> steps = current.getOrDefault(id.group(1), new ArrayList<>());
                  if (!steps.contains(step)) {
                    steps.add(step);
                  }
                });
      }
    }
    return seen;
  }

  private static Optional<String> step(String line) {
    Matcher rule = RULE.matcher(line);
    if (rule.matches()) {
      return Optional.of(rule.group(1) + " " + rule.group(2).trim());
    }
    Matcher policy = POLICY.matcher(line);
    return policy.matches()
        ? Optional.of(policy.group(1) + " " + policy.group(2) + " policy " + policy.group(3))
        : Optional.empty();
  }

  private static String packet(Matcher header) {
    String source = header.group(5);
    boolean served = Integer.parseInt(source) < FIRST_BY_CHANCE;
    String flags =
        Stream.of(header.group(7).split(" "))
            .filter(word -> List.of("SYN", "ACK", "FIN", "RST").contains(word))
            .collect(Collectors.joining(" "));
    return Objects.toString(header.group(1), "")
        + ">"
        + Objects.toString(header.group(2), "")
        + (" " + header.group(3) + " " + header.group(4))
        + (" " + (served ? source : header.group(6)) + " " + flags);
  }

  /**
   * The same name of a packet of ours.
   *
   * @param packet as it is shown
   * @param leg the name of its leg
   * @param chain that it meets
   */
  public static String name(String packet, String leg, String chain) {
    Matcher parts = PACKET.matcher(packet);
    if (!parts.matches()) {
      throw new IllegalArgumentException(packet);
    }
    Matcher source = end(parts.group(1));
    Matcher destination = end(parts.group(2));
    String port = source.group(2) == null ? destination.group(2) : source.group(2);
    String flags =
        leg.endsWith("first packet") ? "SYN" : leg.endsWith("answer") ? "SYN ACK" : "ACK";
    String in = Objects.toString(parts.group(3), "");
    String out = Objects.toString(parts.group(4), "");
    // Over a bridge it is forgotten on the way where a packet came in.
    boolean forgotten = chain.equals("POSTROUTING") && in.equals(out);
    return (forgotten ? "" : in)
        + (">" + out)
        + (" " + source.group(1) + " " + destination.group(1) + " " + port)
        + (" " + (packet.startsWith("tcp ") ? flags : ""));
  }

  private static Matcher end(String text) {
    // Of IPv6, one without brackets has no port.
    boolean bare = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
    Matcher end = END.matcher(bare ? "[" + text + "]" : text);
    if (!end.matches()) {
      throw new IllegalArgumentException(text);
    }
    return end;
  }
}
