package io.github.jnstools.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * jnsenter against nsenter(1) of util-linux 2.38.1: the same arguments, from the same caller, in
 * the same world, must come to the same; but for the differences that a case lists.
 */
@RootTest
class DifferentialRootTest {
  static final String NSENTER =
      Stream.of("/usr/bin/nsenter", "/bin/nsenter")
          .filter(file -> Files.isExecutable(Path.of(file)))
          .findFirst()
          .orElse(Tools.NSENTER);

  private static final AtomicInteger TOKENS = new AtomicInteger();
  @AutoClose private static World world;

  @BeforeAll
  static void makeWorld() throws Exception {
    String version = Run.of(NSENTER, "--version").out();
    boolean right = version.contains(" 2.38.");
    boolean must = System.getenv().getOrDefault("JNS_MUST_RUN", "").contains("oracle");
    assertTrue(right || !must, () -> "must compare with nsenter 2.38, but there is " + version);
    assumeTrue(right, () -> "compares with nsenter 2.38, not " + version);
    world = new World();
  }

  static List<Case> cases() {
    return Stream.of(
            NamespaceCases.all(),
            PlaceCases.all(),
            CredentialCases.all(),
            ProgramCases.all(),
            ContentCases.all(),
            CallerCases.all(),
            UsageCases.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void comesToTheSame(Case given) throws Exception {
    String token = "token-" + TOKENS.incrementAndGet() + "-" + ProcessHandle.current().pid();
    Map<String, String> oracle = Invocation.fields(world, given, NSENTER, token);
    String said = Outside.text(world.directory().resolve("run/err"));
    assertEquals(given.status(), oracle.get(Invocation.STATUS), () -> "how nsenter ends: " + said);
    assertEquals(given.runsProbe(), oracle.containsKey(Invocation.SEEN), "nsenter ran the probe");
    Map<String, String> ours = Invocation.fields(world, given, Tools.JNSENTER, token);
    List<String> wrong = new ArrayList<>();
    Set<String> fields = new TreeSet<>(oracle.keySet());
    fields.addAll(ours.keySet());
    fields.addAll(given.differences().keySet());
    for (String field : fields) {
      check(field, oracle.get(field), ours.get(field), given.differences().get(field), wrong);
    }
    if (!wrong.isEmpty()) {
      String words = Outside.text(world.directory().resolve("run/err"));
      fail(given.command() + "\n" + String.join("\n", wrong) + "\n--- jnsenter's stderr\n" + words);
    }
  }

  private static void check(
      String field, String oracle, String ours, Case.Difference difference, List<String> wrong) {
    String theirs = oracle == null ? "" : oracle;
    String mine = ours == null ? "" : ours;
    boolean right =
        difference == null
            ? theirs.equals(mine)
            : theirs.matches(difference.nsenter()) && mine.matches(difference.jnsenter());
    if (!right) {
      wrong.add(
          String.format(
              "%s:%n  nsenter  <%s>%n  jnsenter <%s>%n  %s",
              field, theirs, mine, difference == null ? "" : difference));
    }
  }

  @Test
  void noCaseIsTwiceInTheTable() {
    Set<String> names = new HashSet<>();
    Set<Object> invocations = new HashSet<>();
    for (Case given : cases()) {
      assertTrue(names.add(given.name()), () -> "twice: " + given.name());
      Object invocation = List.of(given.settings(), given.command(), given.in());
      assertTrue(invocations.add(invocation), () -> "made before: " + given.name());
    }
    assertTrue(cases().size() >= 170, () -> cases().size() + " cases");
  }
}
