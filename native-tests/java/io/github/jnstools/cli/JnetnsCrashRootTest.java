package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Strace;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import io.github.jnstools.netns.OwnerMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tool ends before any of its system calls that change something: what it leaves is defined,
 * and the next run repairs it.
 */
@RootTest
class JnetnsCrashRootTest {
  private static final OsString BOX = OsString.of("box");
  private static final Path STATE = Path.of("/run/jnstools");

  // Entries as they are described here: kind, state, and whose.
  private static final String NONE = "";
  private static final String LINK = "box LINK LIVE process";
  private static final String MOUNT = "box BIND LIVE process";
  private static final String BARE = "box FILE NOT_NETNS process";
  private static final String DEAD_LINK = "box LINK STALE dead";
  private static final String DEAD_MOUNT = "box BIND STALE dead";
  private static final String DEAD_BARE = "box FILE STALE dead";

  private NetnsHome home;
  private NetnsDirectory directory;
  private Sleeper process;
  private Strace strace;

  /** Something done to the directory, in this JVM: the command need not be started for that. */
  private interface Action {
    void run() throws Exception;
  }

  @BeforeEach
  void make() throws Exception {
    home = NetnsHome.make();
    directory = NetnsDirectory.at(NetnsDirectory.DEFAULT);
    process = Sleeper.start();
    strace = Strace.make();
  }

  @AfterEach
  void remove() throws IOException {
    strace.close();
    process.close();
    home.close();
  }

  private void link(Sleeper process) throws IOException {
    link(process, false);
  }

  private void link(Sleeper process, boolean force) throws IOException {
    try (Target target = Target.of(process.pid())) {
      directory.link(BOX, target, owner(process), force);
    }
  }

  private void mount(Sleeper process) throws IOException {
    try (Target target = Target.of(process.pid())) {
      directory.attach(BOX, target, owner(process), false);
    }
  }

  private static OwnerMark owner(Sleeper process) {
    String pid = "" + process.pid();
    return new OwnerMark("pid", "", pid, pid, process.pid(), process.startTime());
  }

  private void dead(boolean mount) throws Exception {
    try (Sleeper dead = Sleeper.start()) {
      if (mount) {
        mount(dead);
      } else {
        link(dead);
      }
    }
  }

  private void prune() throws IOException {
    directory.prune(Reach.VISIBLE, false);
  }

  private String[] linking(String... options) {
    List<String> command = new ArrayList<>(List.of("link", "--name=box"));
    command.addAll(List.of(options));
    command.add("" + process.pid());
    return command.toArray(new String[0]);
  }

  /** All entries, and whose they are: the process's that lives, or a dead one's. */
  private String entries() throws IOException {
    List<String> all = new ArrayList<>();
    for (NamedNetns entry : directory.entries()) {
      boolean lives = entry.owner().orElseThrow().pid() == process.pid();
      String whose = lives ? "process" : "dead";
      all.add(String.join(" ", "" + entry.name(), "" + entry.kind(), "" + entry.state(), whose));
    }
    return String.join(", ", all);
  }

  /** All that is there, and what ip-netns(8) sees in it. */
  private String everything() throws Exception {
    Run find =
        Run.of("find", "/run/netns", STATE.toString(), "-mindepth", "1", "-printf", "%P %y\n");
    Run exec = Run.of("ip", "netns", "exec", "box", "readlink", "/proc/self/ns/net");
    String kept = find.out().replaceAll("(netns-|/)[0-9a-f/-]+", "$1N");
    List<String> mounts = NetnsHome.mounts().stream().map(line -> line.split(" ")[0]).toList();
    return entries() + "\n" + kept + mounts + "\n" + exec.out();
  }

  private void restart(Action before) throws Exception {
    home.close();
    home = NetnsHome.make();
    before.run();
  }

  /**
   * Kills a command before each change that it makes.
   *
   * @param before makes what the command finds
   * @param again what the command does
   * @param states all that may be left, each of which has been left at least once
   */
  private void killAtEach(Action before, Action again, Set<String> states, String... command)
      throws Exception {
    before.run();
    List<String> steps = strace.changes(command);
    String done = everything();
    Set<String> seen = new TreeSet<>();
    for (String step : steps) {
      restart(before);
      assertEquals(new Run("signalled 9", "", ""), strace.killBefore(step, command), step);
      assertTrue(states.contains(entries()), () -> step + " left " + seen + " of " + steps);
      seen.add(entries());
      again.run();
      assertEquals(done, everything(), step);
    }
    assertEquals(new TreeSet<>(states), seen, steps::toString);
  }

  @Test
  void whileItLinks() throws Exception {
    killAtEach(() -> {}, () -> link(process), Set.of(NONE, LINK), linking());
  }

  @Test
  void whileItReplacesALinkByALink() throws Exception {
    killAtEach(() -> dead(false), () -> link(process), Set.of(DEAD_LINK, LINK), linking());
  }

  /** The name has to be there before something can be mounted on it. */
  @Test
  void whileItMounts() throws Exception {
    killAtEach(() -> {}, () -> mount(process), Set.of(NONE, BARE, MOUNT), linking("--bind"));
  }

  @Test
  void whileItReplacesALinkByAMount() throws Exception {
    killAtEach(
        () -> link(process), () -> mount(process), Set.of(LINK, BARE, MOUNT), linking("--bind"));
  }

  @Test
  void whileItReplacesAMountByALink() throws Exception {
    Set<String> states = Set.of(DEAD_MOUNT, DEAD_BARE, LINK);
    killAtEach(() -> dead(true), () -> link(process, true), states, linking("--force"));
  }

  @Test
  void whileItUnlinksALink() throws Exception {
    killAtEach(() -> link(process), () -> unlink(), Set.of(LINK, NONE), "unlink", "box");
  }

  @Test
  void whileItUnlinksAMount() throws Exception {
    killAtEach(() -> mount(process), () -> unlink(), Set.of(MOUNT, BARE, NONE), "unlink", "box");
  }

  /** Where the command was killed after all that it does, there is nothing to do again. */
  private void unlink() throws IOException {
    if (!directory.entries().isEmpty()) {
      directory.unlink(BOX, false);
    }
  }

  @Test
  void whileItPrunesALink() throws Exception {
    killAtEach(() -> dead(false), this::prune, Set.of(DEAD_LINK, NONE), "prune");
  }

  @Test
  void whileItPrunesAMount() throws Exception {
    Set<String> states = Set.of(DEAD_MOUNT, DEAD_BARE, NONE);
    killAtEach(() -> dead(true), this::prune, states, "prune", "--force");
  }

  /** A mark whose link has never got its name is forgotten by prune. */
  @Test
  void whileItKeepsAMarkBesideALink() throws Exception {
    Action again =
        () -> {
          link(process);
          prune();
        };
    killAtEach(JnetnsCrashRootTest::withoutAttributes, again, Set.of(NONE, LINK), linking());
  }

  @Test
  void whileItPrunesALinkWithAMarkBesideIt() throws Exception {
    Action before =
        () -> {
          withoutAttributes();
          dead(false);
          assertEquals(1, Run.of("find", STATE.toString(), "-type", "f").out().lines().count());
        };
    killAtEach(before, this::prune, Set.of(DEAD_LINK, NONE), "prune");
    assertEquals("", Run.of("find", STATE.toString(), "-type", "f").out());
  }

  private static void withoutAttributes() throws Exception {
    Files.createDirectories(NetnsHome.PATH);
    Run.of("mount", "-t", "ramfs", "ramfs", NetnsHome.PATH.toString()).mustSucceed();
  }
}
