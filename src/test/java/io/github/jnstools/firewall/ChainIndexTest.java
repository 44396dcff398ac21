package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.firewall.Condition.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rules that are looked up, beside all rules asked in turn. */
class ChainIndexTest {
  private static final Scope SCOPE = new Scope(HostNetwork.of(List.of(), List.of()), IpSets.NONE);

  private static Rule rule(Random random) {
    List<String> words = new ArrayList<>();
    for (String option : List.of("-s", "-d", "-i", "-o")) {
      if (random.nextInt(3) == 0) {
        if (random.nextInt(4) == 0) {
          words.add("!");
        }
        words.add(option);
        boolean address = option.equals("-s") || option.equals("-d");
        words.add(address ? "10.0.0." + random.nextInt(3) + mask(random) : device(random));
      }
    }
    if (random.nextInt(3) == 0) {
      words.addAll(List.of("-p", "tcp", "-m", "tcp"));
      if (random.nextInt(4) == 0) {
        words.add("!");
      }
      words.addAll(List.of("--dport", random.nextInt(3) == 0 ? "1:2" : "" + random.nextInt(4)));
    }
    return Rule.of("FORWARD", words);
  }

  private static String mask(Random random) {
    return List.of("/32", "/24", "", "/255.255.255.255").get(random.nextInt(4));
  }

  private static String device(Random random) {
    return List.of("a", "b", "b+", "+").get(random.nextInt(4));
  }

  private static Packet packet(Random random) {
    int port = random.nextInt(4);
    return new Packet(
        "tcp",
        new Tuple(
            IpAddress.parse("10.0.0." + random.nextInt(3)),
            PortRange.EPHEMERAL,
            IpAddress.parse("10.0.0." + random.nextInt(3)),
            new PortRange(port, port + random.nextInt(2))),
        random.nextInt(3) == 0 ? Optional.empty() : Optional.of("a"),
        random.nextInt(3) == 0 ? Optional.empty() : Optional.of("b"),
        Set.of(),
        -1,
        0,
        Optional.empty(),
        false);
  }

  @Test
  void noRuleThatMayMatchIsLeftOut() {
    Random random = new Random(16);
    int left = 0;
    for (int round = 0; round < 500; round++) {
      List<Rule> rules = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rules.add(rule(random));
      }
      Packet packet = packet(random);
      int[] candidates = new ChainIndex(rules).candidates(packet);
      int[] matching =
          IntStream.range(0, rules.size())
              .filter(i -> rules.get(i).compiled().matches(packet, SCOPE) != Truth.FALSE)
              .toArray();
      int[] kept =
          Arrays.stream(candidates).filter(i -> Arrays.binarySearch(matching, i) >= 0).toArray();
      assertEquals(Arrays.toString(matching), Arrays.toString(kept));
      left += rules.size() - candidates.length;
    }
    assertTrue(left > 500, "" + left);
  }
}
