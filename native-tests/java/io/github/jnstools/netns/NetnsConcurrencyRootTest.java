package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Pace;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.netns.NamedNetns.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many that make and remove entries of the same names, ip-netns(8) among them. */
@RootTest
class NetnsConcurrencyRootTest {
  /** How long it goes on; more finds more. */
  private static final Duration TIME =
      Pace.going(Duration.ofSeconds(Long.getLong("jnstools.concurrency.seconds", 10)));

  private static final int JVMS = 2;
  private static final int THREADS = 16;
  private static final int IPS = 16;
  private static final int DELETERS = 4;
  private static final int COMMANDS = 4;

  // Adds its name, which stays until it deletes it; at the end adds it for good.
  private static final String ADDER =
      """
      added=0
      while [ -e "$GO" ]; do
        if ip netns add "$NAME" 2>/dev/null; then
          added=$((added + 1))
          before=$(stat -c %d:%i "/run/netns/$NAME")
          ip netns exec "$NAME" true || echo "LOST: cannot be entered"
          after=$(stat -c %d:%i "/run/netns/$NAME")
          [ "$before" = "$after" ] || echo "LOST: $before became $after"
          ip netns del "$NAME" || echo "LOST: cannot be deleted"
        fi
      done
      if ip netns add "$NAME" 2>/dev/null; then
        echo "kept $(stat -c %i "/run/netns/$NAME")"
      fi
      echo "added $added"
      """;

  // Deletes names that are no adder's, whoever made them.
  private static final String DELETER =
      """
      while [ -e "$GO" ]; do
        ip netns del "$NAME" 2>/dev/null
      done
      """;

  private static final List<String> DONE =
      List.of(
          "PRUNED",
          "LISTED",
          "UNLINKED",
          "linked: CREATED",
          "linked: REPLACED",
          "linked: UNCHANGED",
          "attached: CREATED",
          "attached: REPLACED",
          "attached: UNCHANGED");
  private static final List<String> REFUSED =
      reasons(
          "link: a file or mount that jnetns did not make has this name",
          "link: the name is that of another",
          "unlink: it was not made by jnetns",
          "unlink: no such entry",
          // ip netns add and del do not wait for the lock.
          "link: something else has changed it meanwhile",
          "linkat: EEXIST",
          "umount2: EINVAL",
          "renameat: EBUSY",
          "unlinkat: EBUSY");

  /**
   * With what happens on a slow machine only: fifty keep one from the lock for longer than it
   * waits.
   */
  private static List<String> reasons(String... usual) {
    List<String> all = new ArrayList<>(List.of(usual));
    if (Pace.isSlow()) {
      all.add("flock: EAGAIN");
    }
    return List.copyOf(all);
  }

  private NetnsHome home;
  private Path go;

  @BeforeEach
  void make() throws IOException {
    home = NetnsHome.make();
    go = Files.createTempFile("jnstools-go", "");
  }

  @AfterEach
  void remove() throws IOException {
    Files.deleteIfExists(go);
    home.close();
  }

  private Running ip(String script, int name) throws IOException {
    Map<String, String> variables = Map.of("GO", go.toString(), "NAME", "shared" + name);
    return Running.start(variables, List.of("sh", "-c", script));
  }

  private static void close(List<Running> all) throws IOException {
    for (Running each : all) {
      each.close();
    }
  }

  @Test
  void loseNothingAndLeaveNothingHalfMade() throws Exception {
    assertTrue(JVMS * THREADS + IPS + DELETERS >= 50);
    List<Running> jvms = new ArrayList<>();
    List<NetnsCommandLoop> commands = new ArrayList<>();
    List<Running> adders = new ArrayList<>();
    List<Running> deleters = new ArrayList<>();
    try (Sleeper one = Sleeper.start();
        Sleeper two = Sleeper.start();
        Sleeper three = Sleeper.start()) {
      List<Integer> pids = List.of(one.pid(), two.pid(), three.pid());
      for (int i = 0; i < JVMS; i++) {
        jvms.add(Running.start(Map.of(), NetnsLoopMain.command(i, THREADS, IPS + DELETERS, pids)));
      }
      for (int i = 0; i < IPS; i++) {
        adders.add(ip(ADDER, i));
      }
      for (int i = 0; i < DELETERS; i++) {
        deleters.add(ip(DELETER, IPS + i));
      }
      for (int i = 0; i < COMMANDS; i++) {
        commands.add(NetnsCommandLoop.start(go, IPS + DELETERS, pids.get(i % pids.size())));
      }
      Thread.sleep(TIME.toMillis()); // it is to go on for some time
      Files.delete(go);
      Map<String, String> kept = kept(adders);
      for (Running deleter : deleters) {
        deleter.status();
      }
      for (NetnsCommandLoop command : commands) {
        command.assertOnlyRefused(REFUSED);
      }
      // The JVMs go on: what is kept is kept in spite of them.
      assertKept(kept);
      Map<String, Integer> done = end(jvms);
      assertKept(kept);
      assertComplete(kept.keySet());
      assertPlausible(done);
    } finally {
      close(jvms);
      close(adders);
      close(deleters);
      for (NetnsCommandLoop command : commands) {
        command.close();
      }
    }
  }

  /** The names that are ip's for good, and the inode numbers of their namespaces. */
  private static Map<String, String> kept(List<Running> adders) throws Exception {
    Map<String, String> kept = new TreeMap<>();
    int added = 0;
    for (int i = 0; i < adders.size(); i++) {
      Running adder = adders.get(i);
      adder.status();
      assertEquals("", adder.err());
      for (String line : adder.out().split("\n")) {
        String[] words = line.split(" ");
        switch (words[0]) {
          case "kept" -> kept.put("shared" + i, "net:[" + words[1] + "]");
          case "added" -> added += Integer.parseInt(words[1]);
          default -> throw new AssertionError("shared" + i + ": " + line);
        }
      }
    }
    assertTrue(added > IPS, "" + added);
    return kept;
  }

  private static void assertKept(Map<String, String> kept) throws Exception {
    List<String> mounts = NetnsHome.mounts();
    for (Map.Entry<String, String> each : kept.entrySet()) {
      String mount = NetnsHome.path(each.getKey()) + " " + each.getValue();
      assertEquals(1, mounts.stream().filter(mount::equals).count(), mount);
    }
  }

  private static Map<String, Integer> end(List<Running> jvms) throws Exception {
    Map<String, Integer> done = new TreeMap<>();
    for (Running jvm : jvms) {
      jvm.endInput();
    }
    for (Running jvm : jvms) {
      assertEquals(0, jvm.status(), jvm::toString);
      assertEquals("", jvm.err());
      for (String line : jvm.out().split("\n")) {
        int blank = line.indexOf(' ');
        done.merge(
            line.substring(blank + 1), Integer.parseInt(line.substring(0, blank)), Integer::sum);
      }
    }
    return done;
  }

  /** Each name is absent, or an entry that is whole. */
  private static void assertComplete(Set<String> kept) throws Exception {
    NetnsDirectory directory = NetnsDirectory.at(NetnsDirectory.DEFAULT);
    Set<String> foreign = new TreeSet<>();
    for (NamedNetns entry : directory.entries()) {
      if (entry.owner().isPresent()) {
        assertEquals(State.LIVE, entry.state(), entry::toString);
      } else {
        assertEquals(State.FOREIGN, entry.state(), entry::toString);
        foreign.add(entry.name().toString());
      }
      Run.of("ip", "netns", "exec", entry.name().toString(), "true").mustSucceed();
    }
    assertEquals(kept, foreign);
    assertEquals(directory.entries().size(), NetnsHome.names().size());
    // One mount for each, and the directory's own.
    List<String> mounts = NetnsHome.mounts();
    long binds = directory.entries().stream().filter(e -> e.kind() == NamedNetns.Kind.BIND).count();
    assertEquals(binds + 1, mounts.size(), mounts::toString);
  }

  /**
   * All that there is to do was done, or some of it where the machine is slow; all that was refused
   * was refused for a known reason.
   */
  private static void assertPlausible(Map<String, Integer> done) {
    Set<String> what = new TreeSet<>(done.keySet());
    boolean some = DONE.stream().anyMatch(what::contains);
    assertTrue(Pace.isSlow() ? some : what.containsAll(DONE), done::toString);
    what.removeAll(DONE);
    what.removeAll(REFUSED);
    assertEquals(Set.of(), what, done::toString);
  }
}
