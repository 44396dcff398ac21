package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.RecycledPid;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Strace;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.OwnerMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers end, and others change entries, between two steps of the tool. */
@RootTest
class JnetnsMeanwhileRootTest {
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

  private void assertFails(String message, Running stopped) throws Exception {
    strace.goOn();
    assertEquals(1, stopped.status(), stopped::toString);
    assertEquals("", stopped.out());
    assertEquals("jnetns: " + message + "\n", stopped.err());
  }

  @ParameterizedTest
  @CsvSource({
    "flock,     --force",
    "symlinkat, --force",
    "lsetxattr, --force",
    "linkat,    --force",
    "lsetxattr, --bind",
    "linkat,    --bind",
    "mount#5,   --bind"
  })
  void aProcessEndsAndGetsNoEntry(String step, String option) throws Exception {
    try (Running stopped =
        strace.stopAfter(step, "link", option, "--name=box", "" + process.pid())) {
      process.end();
      assertFails(
          "link(/run/netns/box): process "
              + process.pid()
              + " has ended meanwhile\nhint: look the container up again",
          stopped);
    }
    assertEquals(List.of(), NetnsHome.names());
    assertTrue(NetnsHome.mounts().size() <= 1, NetnsHome.mounts()::toString);
  }

  @Test
  void aProcessEndsAndTheEntryOfAnotherStays() throws Exception {
    try (Sleeper dead = Sleeper.start();
        Target target = Target.of(dead.pid())) {
      directory.link(BOX, target, dead.owner("box"), false);
      dead.end();
      String before = NetnsHome.listing();
      try (Running stopped =
          strace.stopAfter("lsetxattr", "link", "--name=box", "" + process.pid())) {
        process.end();
        assertFails(
            "link(/run/netns/box): process "
                + process.pid()
                + " has ended meanwhile\nhint: look the container up again",
            stopped);
      }
      assertEquals(Optional.of(dead.owner("box")), directory.require(BOX).owner());
      assertEquals(entries(before), entries(NetnsHome.listing()));
    }
  }

  private static List<String> entries(String listing) {
    return listing.lines().filter(line -> line.contains("box")).toList();
  }

  /** As ip netns add does that had the lock before: it makes its entry without it. */
  @Test
  void anotherMakesAnEntryAndOursIsNotMountedOverIt() throws Exception {
    String mounts;
    try (Running stopped =
        strace.stopAfter("linkat", "link", "--bind", "--name=box", "" + process.pid())) {
      Run.of("ip", "netns", "del", "box").mustSucceed();
      Files.createFile(NetnsHome.path("box"));
      Run.of("mount", "--bind", "/proc/self/ns/net", "/run/netns/box").mustSucceed();
      mounts = NetnsHome.mounts().toString();
      assertFails(
          "link(/run/netns/box): something else has changed it meanwhile\nhint: try again",
          stopped);
    }
    assertEquals(mounts, NetnsHome.mounts().toString());
    assertEquals(State.FOREIGN, directory.require(BOX).state());
    assertEquals(List.of("box"), NetnsHome.names());
  }

  @Test
  void ipRemovesAnEntryBeforeItIsMountedOn() throws Exception {
    try (Running stopped =
        strace.stopAfter("linkat", "link", "--bind", "--name=box", "" + process.pid())) {
      Run.of("ip", "netns", "del", "box").mustSucceed();
      assertFails(
          "link(/run/netns/box): something else has changed it meanwhile\nhint: try again",
          stopped);
    }
    assertEquals(List.of(), NetnsHome.names());
  }

  /** The process was seen to be the one, and then it is another: what was opened is not used. */
  @Test
  void aStrangerGetsThePidAndIsNotEntered() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      int pid = recycled.first();
      long start = recycled.startTime();
      try (Target target = Target.of(pid)) {
        OwnerMark owner = new OwnerMark("docker", "", "0a", "box", pid, start);
        directory.link(BOX, target, owner, false);
      }
      // Looked at twice each time; the first time whether there is such an entry.
      Path file = Path.of("/proc/" + pid + "/stat");
      try (Running stopped = strace.stopAfter(file, "close#3", "pids", "box")) {
        do {
          recycled.stranger();
        } while (recycled.startTime() == start);
        assertFails(
            "open(/run/netns/box): pid "
                + pid
                + " is another process now\nhint: if docker:box runs again, link it anew",
            stopped);
      }
      NamedNetns entry = directory.require(BOX);
      assertEquals(State.STRANGER, entry.state());
    }
  }
}
