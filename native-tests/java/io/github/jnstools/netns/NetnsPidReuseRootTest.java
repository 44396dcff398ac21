package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Pace;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.RecycledPid;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory.Change;
import io.github.jnstools.netns.NetnsDirectory.Pruned;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Links whose pid belongs to another process by now, in another network namespace or the host's.
 */
@RootTest
class NetnsPidReuseRootTest {
  private static final int REUSES = Pace.rounds(1000);
  private static final OsString WEB = OsString.of("web");

  private NetnsHome home;
  private NetnsDirectory directory;

  @BeforeEach
  void make() throws IOException {
    home = NetnsHome.make();
    directory = NetnsDirectory.at(NetnsDirectory.DEFAULT);
  }

  @AfterEach
  void remove() throws IOException {
    home.close();
  }

  private Map<String, State> states() throws IOException {
    Map<String, State> states = new TreeMap<>();
    for (NamedNetns entry : directory.entries()) {
      states.put(entry.name().toString(), entry.state());
    }
    return states;
  }

  @Test
  void areStrangersAndPrunedAndNothingElseIs() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere);
        Sleeper alive = Sleeper.start()) {
      try (Target target = Target.of(alive.pid())) {
        directory.link(OsString.of("alive"), target, alive.owner("alive"), false);
      }
      Run.of("ip", "netns", "add", "ips").mustSucceed();
      NetnsHome.link("foreign", "/run/docker/netns/0a1b2c");
      Map<String, State> others =
          Map.of("alive", State.LIVE, "ips", State.FOREIGN, "foreign", State.STALE);
      String mounts = NetnsHome.mounts().toString();
      for (int i = 0; i < REUSES; i++) {
        int pid = recycled.first();
        long start = recycled.startTime();
        try (Target target = Target.of(pid)) {
          OwnerMark owner = new OwnerMark("docker", "", "0a1b", "web", pid, start);
          assertEquals(Change.CREATED, directory.link(WEB, target, owner, false));
        }
        strangerSince(start, recycled, i % 10 == 0);
        Map<String, State> expected = new TreeMap<>(others);
        expected.put("web", State.STRANGER);
        assertEquals(expected, states());
        assertThrows(NamespaceException.class, () -> directory.open(WEB).close());
        List<Pruned> pruned = directory.prune(Reach.CERTAIN, false);
        assertEquals(1, pruned.size());
        assertEquals(WEB, pruned.get(0).entry().name());
        assertEquals(others, states());
        recycled.end();
      }
      assertEquals(mounts, NetnsHome.mounts().toString());
    }
  }

  // Starts a sleep for each of its lines, then kills each and starts another one of its pid.
  private static final String REUSE =
      """
      set -eu
      pids=
      for i in $(seq "$COUNT"); do
        sleep 1000000 &
        pids="$pids $!"
      done
      echo $pids
      read -r _ || true
      for pid in $pids; do
        kill -KILL "$pid"
        wait "$pid" || true
        reused=
        until [ "$reused" = "$pid" ]; do
          echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
          sleep 1000000 &
          reused=$!
          [ "$reused" = "$pid" ] || kill -KILL "$reused"
        done
      done
      echo done
      exec sleep 1000000
      """;

  /** Without a mark, a process that is younger than the link is the proof. */
  @Test
  void areStrangersWithoutAMarkTooAndTheirsToRemove() throws Exception {
    try (Running reuse =
        Running.start(Map.of("COUNT", Integer.toString(REUSES)), List.of("sh", "-c", REUSE))) {
      Poll.until("processes", () -> reuse.out().endsWith("\n"));
      Map<String, String> expected = new TreeMap<>();
      for (String pid : reuse.out().strip().split(" ")) {
        NetnsHome.link("of-" + pid, "/proc/" + pid + "/ns/net");
        expected.put("of-" + pid, "stranger");
      }
      assertEquals(REUSES, expected.size());
      NetnsHome.link("alive", "/proc/" + reuse.pid() + "/ns/net");
      expected.put("alive", "foreign");
      assertEquals(Set.of(State.FOREIGN), Set.copyOf(states().values()));
      // Nearer than a second is no proof.
      Thread.sleep(1100);
      reuse.endInput();
      reuse.awaitLine("done");
      Map<String, String> listed = new TreeMap<>();
      for (String line : Run.of(Tools.JNETNS, "list").mustSucceed().out().split("\n")) {
        String[] fields = line.split(" +");
        listed.put(fields[0], fields[1]);
      }
      listed.remove("NAME");
      assertEquals(expected, listed);
      String before = NetnsHome.listing();
      assertEquals(new Run("exited 0", "", ""), Run.of(Tools.JNETNS, "prune", "--force"));
      assertEquals(before, NetnsHome.listing());
    }
  }

  /** Start times are in hundredths of a second: in one, there is no way to tell two apart. */
  private static void strangerSince(long start, RecycledPid recycled, boolean elsewhere)
      throws Exception {
    do {
      recycled.strangerOrHome(elsewhere);
    } while (recycled.startTime() == start);
  }
}
