package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RecycledPid;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.sys.Directory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an entry is worth, of entries that are what they are. */
@RootTest
class NetnsStatesRootTest {
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

  private NamedNetns entry(String name) throws IOException {
    return directory.require(OsString.of(name));
  }

  private void link(String name, Sleeper process) throws IOException {
    try (Target target = Target.of(process.pid())) {
      directory.link(OsString.of(name), target, process.owner(name), false);
    }
  }

  private void assertState(State state, String reason, String name) throws IOException {
    NamedNetns entry = entry(name);
    assertEquals(state + ": " + reason, entry.state() + ": " + entry.reason());
    assertEquals(entry.usable(), entry.id().isPresent() && entry.usable());
  }

  @Test
  void ofOursIsLiveAsLongAsItsProcess() throws Exception {
    try (Sleeper process = Sleeper.start()) {
      link("web", process);
      NamedNetns entry = entry("web");
      assertState(State.LIVE, "", "web");
      assertEquals(Kind.LINK, entry.kind());
      assertEquals(Optional.of(process.owner("web")), entry.owner());
      assertEquals(process.net(), entry.id().orElseThrow().toString());
      assertEquals(Optional.of(OsString.of(process.file())), entry.target());
      process.end();
      assertState(State.STALE, "process " + process.pid() + " is gone", "web");
      assertFalse(entry("web").usable());
    }
  }

  @Test
  void ofOthersIsForeignHoweverItWasMade() throws Exception {
    try (Sleeper process = Sleeper.start()) {
      NetnsHome.link("linked", process.file());
      Run.of("ip", "netns", "add", "added").mustSucceed();
      Run.of("ip", "netns", "attach", "attached", "" + process.pid()).mustSucceed();
      NetnsHome.link("again", "/run/netns/attached");
      for (String name : new String[] {"linked", "attached", "again"}) {
        assertState(State.FOREIGN, "", name);
        assertEquals(process.net(), entry(name).id().orElseThrow().toString());
        assertEquals(Optional.empty(), entry(name).owner());
        assertTrue(entry(name).usable());
      }
      assertState(State.FOREIGN, "", "added");
      Object inode = Files.getAttribute(NetnsHome.path("added"), "unix:ino");
      assertEquals("net:[" + inode + "]", entry("added").id().orElseThrow().toString());
      assertEquals(Kind.BIND, entry("added").kind());
      assertEquals(Kind.BIND, entry("attached").kind());
      assertEquals(Kind.LINK, entry("again").kind());
    }
  }

  @Test
  void isStaleWhereItLeadsNowhere() throws Exception {
    Sleeper process = Sleeper.start();
    NetnsHome.link("gone", process.file());
    process.close();
    NetnsHome.link("nowhere", "/run/docker/netns/0a1b2c");
    NetnsHome.link("no-pid", "/proc/0/ns/net");
    // Once read out of bounds.
    NetnsHome.link("short", "/proc/ns/net");
    assertState(State.STALE, "process " + process.pid() + " is gone", "gone");
    assertState(State.STALE, "what it leads to is gone", "nowhere");
    assertState(State.STALE, "what it leads to is gone", "no-pid");
    assertState(State.STALE, "what it leads to is gone", "short");
  }

  @Test
  void isStaleWhereItsProcessIsAZombie() throws Exception {
    // The shell's child ends; the sleep that the shell becomes does not wait for it.
    try (Running parent =
        Running.start(
            "sh",
            "-c",
            "exec 3<&0; unshare --net sh -c 'echo $$; read x' <&3 & exec sleep 1000000")) {
      Poll.until("a child", () -> parent.out().endsWith("\n"));
      int pid = Integer.parseInt(parent.out().strip());
      try (Target target = Target.of(pid)) {
        OwnerMark owner = new OwnerMark("pid", "", "1", "1", pid, target.startTime());
        directory.link(OsString.of("web"), target, owner, false);
        NetnsHome.link("other", "/proc/" + pid + "/ns/net");
        assertState(State.LIVE, "", "web");
        parent.endInput();
        Poll.until("a zombie", () -> Proc.status(pid, "State").startsWith("Z"));
        assertState(State.STALE, "process " + pid + " is gone", "web");
        assertState(State.STALE, "process " + pid + " is gone", "other");
      }
    }
  }

  @Test
  void isStaleWhereItIsFromBeforeTheLastBoot() throws Exception {
    try (Sleeper process = Sleeper.start()) {
      link("web", process);
      remark("web", mark("web").replaceFirst("^1 \\S+", "1 another-boot"));
      assertState(State.STALE, "made before the last boot", "web");
    }
  }

  private static String mark(String name) throws IOException {
    try (Directory in = Directory.at(NetnsDirectory.DEFAULT)) {
      byte[] mark = in.attribute(OsString.of(name), "trusted.jnstools.netns");
      return new String(mark, StandardCharsets.UTF_8);
    }
  }

  private static void remark(String name, String mark) throws IOException {
    try (Directory in = Directory.at(NetnsDirectory.DEFAULT)) {
      byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
      in.setAttribute(OsString.of(name), "trusted.jnstools.netns", bytes);
    }
  }

  @Test
  void isLiveHoweverLongItsMarkIs() throws Exception {
    try (Sleeper process = Sleeper.start()) {
      link("web", process);
      String longer = mark("web") + "x".repeat(3000);
      remark("web", longer);
      assertEquals(longer, mark("web"));
      assertState(State.LIVE, "", "web");
    }
  }

  @Test
  void isUnreadableWhereItIsFromAnotherPidNamespace() throws Exception {
    try (Sleeper process = Sleeper.start()) {
      link("web", process);
      remark("web", mark("web").replaceFirst("^(1 \\S+) \\S+", "$1 4026532999"));
      assertState(State.UNREADABLE, "made in another PID or time namespace", "web");
      // Some containers are shown another boot id than the machine's.
      remark("web", mark("web").replaceFirst("^1 \\S+", "1 another-boot"));
      assertState(State.UNREADABLE, "made in another PID or time namespace", "web");
    }
  }

  @Test
  void isForeignWhereItsMarkIsOfAnotherVersionOrProcess() throws Exception {
    try (Sleeper process = Sleeper.start();
        Sleeper other = Sleeper.start()) {
      link("web", process);
      String mark = mark("web");
      for (String odd :
          new String[] {
            mark.replaceFirst("^1", "2"),
            "",
            "\u00ff",
            mark.replace(
                " " + process.pid() + " " + process.startTime() + " ",
                " " + other.pid() + " " + other.startTime() + " ")
          }) {
        remark("web", odd);
        assertState(State.FOREIGN, "", "web");
        assertEquals(Optional.empty(), entry("web").owner(), odd);
      }
      remark("web", mark);
      assertState(State.LIVE, "", "web");
    }
  }

  @Test
  void isAStrangerWhereThePidIsAnotherProcessByNow() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      int pid = recycled.first();
      try (Target target = Target.of(pid)) {
        OwnerMark owner = new OwnerMark("docker", "", "0a", "web", pid, recycled.startTime());
        directory.link(OsString.of("web"), target, owner, false);
      }
      Path unmarked = NetnsHome.link("unmarked", "/proc/" + pid + "/ns/net");
      assertState(State.LIVE, "", "web");
      assertState(State.FOREIGN, "", "unmarked");
      Instant made = ctime(unmarked);
      Duration proof = Duration.ofMillis(1020); // more than a second, and a tick of the clock
      Poll.until("no near tie", () -> Instant.now().isAfter(made.plus(proof)));
      recycled.stranger();
      assertState(State.STRANGER, "pid " + pid + " is another process now", "web");
      assertState(
          State.STRANGER,
          "process " + pid + " is younger than the link: the pid was used again",
          "unmarked");
      assertEquals(Optional.of("web"), entry("web").owner().map(OwnerMark::name));
      for (String name : new String[] {"web", "unmarked"}) {
        assertEquals(Optional.empty(), entry(name).id());
      }
    }
  }

  private static Instant ctime(Path link) throws IOException {
    Object ctime = Files.getAttribute(link, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
    return ((FileTime) ctime).toInstant();
  }

  @Test
  void isNoStrangerWhereTheTimesAreTooNearForAProof() throws Exception {
    try (Container elsewhere = Container.start();
        RecycledPid recycled = new RecycledPid(elsewhere)) {
      Poll.until(
          "a near tie",
          () -> {
            int pid = recycled.first();
            Path link = NetnsHome.link("unmarked", "/proc/" + pid + "/ns/net");
            Instant made = ctime(link);
            recycled.stranger();
            boolean near = Instant.now().isBefore(made.plusMillis(980));
            if (near) {
              assertState(State.FOREIGN, "", "unmarked");
            }
            Files.delete(link);
            recycled.end();
            return near;
          });
    }
  }

  @Test
  void isAStrangerWhereThePidIsAThreadOfAnotherProcessByNow() throws Exception {
    Sleeper process = Sleeper.start();
    link("web", process);
    Path unmarked = NetnsHome.link("unmarked", process.file());
    Instant made = ctime(unmarked);
    process.end();
    Poll.until("no near tie", () -> Instant.now().isAfter(made.plusMillis(1020)));
    Thread[] thread = new Thread[1];
    Object over = new Object();
    try {
      Poll.until(
          "a thread " + process.pid(),
          () -> {
            Files.writeString(
                Path.of("/proc/sys/kernel/ns_last_pid"), Integer.toString(process.pid() - 1));
            thread[0] = waiting(over);
            if (Files.exists(Path.of("/proc/self/task/" + process.pid()))) {
              return true;
            }
            end(thread[0]);
            return false;
          });
      assertTrue(Files.exists(Path.of(process.file())));
      assertState(State.STRANGER, "pid " + process.pid() + " is another process now", "web");
      assertState(
          State.STRANGER,
          "process " + process.pid() + " is younger than the link: the pid was used again",
          "unmarked");
    } finally {
      end(thread[0]);
    }
  }

  private static Thread waiting(Object over) throws Exception {
    Thread thread =
        new Thread(
            () -> {
              synchronized (over) {
                try {
                  over.wait();
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    thread.start();
    Poll.until("a thread that waits", () -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  private static void end(Thread thread) throws InterruptedException {
    if (thread != null) {
      thread.interrupt();
      thread.join();
    }
  }

  @Test
  void isNoNetworkNamespaceWhereItLeadsToAnythingElse() throws Exception {
    Files.createDirectories(NetnsHome.PATH);
    Files.createFile(NetnsHome.path("file"));
    Files.createDirectory(NetnsHome.path("directory"));
    Run.of("mkfifo", NetnsHome.path("fifo").toString()).mustSucceed();
    Run.of("mknod", NetnsHome.path("device").toString(), "c", "1", "3").mustSucceed();
    Files.createFile(NetnsHome.path("uts"));
    Run.of("mount", "--bind", "/proc/self/ns/uts", NetnsHome.path("uts").toString()).mustSucceed();
    Files.createFile(NetnsHome.path("covered"));
    Run.of("mount", "--bind", "/proc/version", NetnsHome.path("covered").toString()).mustSucceed();
    for (String name : new String[] {"file", "directory", "fifo", "device", "uts", "covered"}) {
      NetnsHome.link("to-" + name, "/run/netns/" + name);
    }
    NetnsHome.link("to-mnt", "/proc/self/ns/mnt");
    NetnsHome.link("to-version", "/proc/version");
    NetnsHome.link("to-tty", "/dev/ptmx");
    NetnsHome.link("to-itself", "to-itself");
    NetnsHome.link("below", "/proc/version/x");
    String mount = "a file, and no namespace is mounted on it here";
    assertState(State.NOT_NETNS, mount, "file");
    assertState(State.NOT_NETNS, mount, "covered");
    assertState(State.NOT_NETNS, "a directory", "directory");
    assertState(State.NOT_NETNS, "a special file", "fifo");
    assertState(State.NOT_NETNS, "a special file", "device");
    String type = "what it leads to is a namespace of another type";
    for (String name : new String[] {"uts", "to-uts", "to-mnt"}) {
      assertState(State.NOT_NETNS, type, name);
    }
    for (String name :
        new String[] {
          "to-file", "to-directory", "to-fifo", "to-device", "to-covered", "to-version", "to-tty"
        }) {
      assertState(State.NOT_NETNS, "what it leads to is no namespace", name);
    }
    assertState(State.NOT_NETNS, "it leads nowhere", "to-itself");
    assertState(State.NOT_NETNS, "it leads nowhere", "below");
    assertEquals(NetnsHome.names().size(), directory.entries().size());
    assertTrue(directory.entries().stream().noneMatch(NamedNetns::usable));
  }

  @Test
  void isOutdatedWhereTheProcessOfAMountHasGoneElsewhere() throws Exception {
    try (Running process =
        Running.start("sh", "-c", "echo $$; read x; exec unshare --net sleep 1000000")) {
      Poll.until("its pid", () -> process.out().endsWith("\n"));
      int pid = Integer.parseInt(process.out().strip());
      try (Target target = Target.of(pid)) {
        OwnerMark owner = new OwnerMark("pid", "", "1", "1", pid, target.startTime());
        directory.attach(OsString.of("web"), target, owner, false);
        assertState(State.LIVE, "", "web");
        process.endInput();
        Poll.until("sleep", () -> Proc.text(pid, "comm").equals("sleep\n"));
        assertState(State.OUTDATED, "process " + pid + " is in another namespace now", "web");
        assertEquals(
            NetnsDirectory.Change.REPLACED,
            directory.attach(OsString.of("web"), target, owner, false));
        assertEquals(Proc.ns(pid, "net"), entry("web").id().orElseThrow().toString());
      }
    }
  }

  @Test
  void isOutdatedWhereTheContainerRunsOnAsAnotherProcess() throws Exception {
    try (Sleeper before = Sleeper.start();
        Sleeper after = Sleeper.start()) {
      link("web", before);
      assertEquals(entry("web"), entry("web").against(before.pid(), before.startTime()));
      NamedNetns judged = entry("web").against(after.pid(), after.startTime());
      assertEquals(State.OUTDATED, judged.state());
      assertEquals("docker:web runs as process " + after.pid() + " now", judged.reason());
      before.end();
      judged = entry("web").against(after.pid(), after.startTime());
      assertEquals(State.OUTDATED, judged.state());
    }
  }
}
