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
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import io.github.jnstools.netns.OwnerMark;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tool ends between two of its steps: what it leaves is defined, and the next run repairs it.
 */
@RootTest
class JnetnsCrashRootTest {
  private static final OsString BOX = OsString.of("box");

  private NetnsHome home;
  private NetnsDirectory directory;
  private Sleeper process;
  private Strace strace;

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

  private void killBefore(String step, String... arguments) throws Exception {
    assertEquals(new Run("signalled 9", "", ""), strace.killBefore(step, arguments));
  }

  /** What the command does, in this JVM: it need not be started for that. */
  private void link(Sleeper process, String... options) throws IOException {
    String pid = "" + process.pid();
    OwnerMark owner = new OwnerMark("pid", "", pid, pid, process.pid(), process.startTime());
    try (Target target = Target.of(process.pid())) {
      if (List.of(options).contains("--bind")) {
        directory.attach(BOX, target, owner, false);
      } else {
        directory.link(BOX, target, owner, List.of(options).contains("--force"));
      }
    }
  }

  private static String[] linking(Sleeper target, String... options) {
    List<String> command = new ArrayList<>(List.of("link", "--name=box"));
    command.addAll(Arrays.asList(options));
    command.add("" + target.pid());
    return command.toArray(new String[0]);
  }

  private Optional<NamedNetns> box() throws IOException {
    List<NamedNetns> entries = directory.entries();
    assertTrue(entries.size() <= 1, entries::toString);
    return entries.stream().findFirst();
  }

  /** There is no entry without its mark: what is there, is ours. */
  private void assertIsOurs(Kind kind, State state, Sleeper target) throws IOException {
    NamedNetns entry = box().orElseThrow();
    assertEquals(BOX, entry.name());
    assertEquals(kind + " " + state, entry.kind() + " " + entry.state(), entry.reason());
    assertEquals(target.pid(), entry.owner().orElseThrow().pid());
  }

  private void assertComplete(Kind kind, Sleeper target) throws Exception {
    assertIsOurs(kind, State.LIVE, target);
    assertEquals(List.of("box"), NetnsHome.names());
    assertEquals(target.net() + "\n", inside());
  }

  private static String inside() throws Exception {
    return Run.of("ip", "netns", "exec", "box", "readlink", "/proc/self/ns/net").out();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mkdir", "flock", "unlinkat#1", "symlinkat", "lsetxattr", "linkat", "unlinkat#2"})
  void killedWhileItLinks(String step) throws Exception {
    killBefore(step, linking(process));
    if (step.equals("unlinkat#2")) {
      assertIsOurs(Kind.LINK, State.LIVE, process);
    } else {
      assertEquals(Optional.empty(), box());
    }
    link(process);
    assertComplete(Kind.LINK, process);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lsetxattr", "renameat"})
  void killedWhileItReplacesALinkByALink(String step) throws Exception {
    try (Sleeper dead = Sleeper.start()) {
      link(dead);
      dead.end();
      killBefore(step, linking(process));
      assertIsOurs(Kind.LINK, State.STALE, dead);
      link(process);
      assertComplete(Kind.LINK, process);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // The first mount is tried on the directory itself; then that becomes a mount, in three steps.
    "mount#1,    ",
    "open_tree, ",
    "mount#4,    ",
    "lsetxattr, ",
    "linkat,    ",
    "unlinkat#2, FILE NOT_NETNS",
    "mount#5,    FILE NOT_NETNS"
  })
  void killedWhileItMounts(String step, String left) throws Exception {
    killBefore(step, linking(process, "--bind"));
    assertEquals(Optional.ofNullable(left), box().map(entry -> entry.kind() + " " + entry.state()));
    assertTrue(box().isEmpty() || box().get().owner().isPresent());
    link(process, "--bind");
    assertComplete(Kind.BIND, process);
    assertEquals(
        List.of("/run/netns /netns", "/run/netns/box " + process.net()), NetnsHome.mounts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lsetxattr", "renameat", "mount#5"})
  void killedWhileItReplacesALinkByAMount(String step) throws Exception {
    link(process);
    killBefore(step, linking(process, "--bind"));
    if (step.equals("mount#5")) {
      assertIsOurs(Kind.FILE, State.NOT_NETNS, process);
    } else {
      assertIsOurs(Kind.LINK, State.LIVE, process);
    }
    link(process, "--bind");
    assertComplete(Kind.BIND, process);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lsetxattr", "umount2", "renameat"})
  void killedWhileItReplacesAMountByALink(String step) throws Exception {
    try (Sleeper dead = Sleeper.start()) {
      link(dead, "--bind");
      dead.end();
      killBefore(step, linking(process, "--force"));
      assertIsOurs(step.equals("renameat") ? Kind.FILE : Kind.BIND, State.STALE, dead);
      link(process, "--force");
      assertComplete(Kind.LINK, process);
    }
  }

  @ParameterizedTest
  @CsvSource({"unlinkat#1, LINK", "unlinkat#2, LINK", "umount2, BIND", "unlinkat#2, FILE"})
  void killedWhileItUnlinks(String step, Kind left) throws Exception {
    link(process, left == Kind.LINK ? "--force" : "--bind");
    killBefore(step, "unlink", "box");
    assertIsOurs(left, left == Kind.FILE ? State.NOT_NETNS : State.LIVE, process);
    directory.unlink(BOX, false);
    assertEquals(List.of(), NetnsHome.names());
  }

  @ParameterizedTest
  @CsvSource({"unlinkat#2, LINK", "umount2, BIND", "unlinkat#2, FILE"})
  void killedWhileItPrunes(String step, Kind left) throws Exception {
    link(process, left == Kind.LINK ? "--force" : "--bind");
    process.end();
    killBefore(step, "prune", "--force");
    assertIsOurs(left, State.STALE, process);
    directory.prune(Reach.VISIBLE, false);
    assertEquals(List.of(), NetnsHome.names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkdir#3", "write", "renameat", "linkat"})
  void killedWhileItKeepsAMarkBesideALink(String step) throws Exception {
    Files.createDirectories(NetnsHome.PATH);
    Run.of("mount", "-t", "ramfs", "ramfs", NetnsHome.PATH.toString()).mustSucceed();
    killBefore(step, linking(process));
    assertEquals(Optional.empty(), box());
    link(process);
    assertComplete(Kind.LINK, process);
    process.end();
    directory.prune(Reach.OURS, false);
    assertEquals("", Run.of("find", "/run/jnstools", "-type", "f").out());
  }
}
