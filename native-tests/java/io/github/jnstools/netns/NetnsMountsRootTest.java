package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.NamespaceThread;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import io.github.jnstools.netns.Entries.Found;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory.Change;
import io.github.jnstools.netns.NetnsDirectory.Pruned;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Namespaces that are mounted on their names. */
@RootTest
class NetnsMountsRootTest {
  private static final OsString WEB = OsString.of("web");

  private NetnsHome home;
  private NetnsDirectory directory;
  private Sleeper process;

  @BeforeEach
  void make() throws Exception {
    home = NetnsHome.make();
    directory = NetnsDirectory.at(NetnsDirectory.DEFAULT);
    process = Sleeper.start();
  }

  @AfterEach
  void remove() throws IOException {
    process.close();
    home.close();
  }

  private Change attach() throws IOException {
    try (Target target = Target.of(process.pid())) {
      return directory.attach(WEB, target, process.owner("web"), false);
    }
  }

  private List<String> pruned(Reach reach) throws IOException {
    List<String> names = new ArrayList<>();
    for (Pruned pruned : directory.prune(reach, false)) {
      assertEquals(Optional.empty(), pruned.failure());
      names.add(pruned.entry().name().toString());
    }
    return names;
  }

  private static List<String> mountpoints() throws IOException {
    return NetnsHome.mounts().stream().map(line -> line.split(" ")[0]).toList();
  }

  @Test
  void areThoseThatIpMakes() throws Exception {
    assertEquals(Change.CREATED, attach());
    Run.of("ip", "netns", "attach", "theirs", "" + process.pid()).mustSucceed();
    String net = process.net();
    assertEquals(
        List.of("/run/netns /netns", "/run/netns/theirs " + net, "/run/netns/web " + net),
        NetnsHome.mounts());
    Object ours = Files.readAttributes(NetnsHome.path("web"), "unix:mode,uid,gid,dev,ino");
    assertEquals(Files.readAttributes(NetnsHome.path("theirs"), "unix:mode,uid,gid,dev,ino"), ours);
    Run.of("ip", "netns", "del", "web").mustSucceed();
    assertEquals(List.of("theirs"), NetnsHome.names());
    Run.of("umount", NetnsHome.path("theirs").toString()).mustSucceed();
    Object file = Files.readAttributes(NetnsHome.path("theirs"), "unix:mode,uid,gid");
    Files.delete(NetnsHome.path("theirs"));
    attach();
    Run.of("umount", NetnsHome.path("web").toString()).mustSucceed();
    assertEquals(file, Files.readAttributes(NetnsHome.path("web"), "unix:mode,uid,gid"));
  }

  /** With systemd, /run is shared, and mount namespaces are there before the first entry. */
  @Test
  void reachMountNamespacesThatWereThereBeforeAndAreMadeOnce() throws Exception {
    Run.of("mount", "--make-shared", "/run").mustSucceed();
    try (Running peer = inMountNamespace("unchanged");
        Running slave = inMountNamespace("slave");
        Running secluded = inMountNamespace("private")) {
      attach();
      List<String> all = List.of("/run/netns /netns", "/run/netns/web " + process.net());
      assertEquals(all, NetnsHome.mounts());
      assertEquals(all, NetnsHome.mounts(peer.pid()));
      assertEquals(all, NetnsHome.mounts(slave.pid()));
      assertEquals(List.of(), NetnsHome.mounts(secluded.pid()));
      Run.of("ip", "netns", "add", "ips").mustSucceed();
      assertEquals(List.of("/run/netns", "/run/netns/ips", "/run/netns/web"), mountpoints());
      assertEquals(NetnsHome.mounts(), NetnsHome.mounts(slave.pid()));
      directory.unlink(WEB, false);
      Run.of("ip", "netns", "del", "ips").mustSucceed();
      attach();
      directory.unlink(WEB, false);
      for (Running each : new Running[] {peer, slave}) {
        assertEquals(List.of("/run/netns /netns"), NetnsHome.mounts(each.pid()));
      }
      assertEquals(List.of("/run/netns /netns"), NetnsHome.mounts());
    } finally {
      Run.of("umount", "-l", "/run/netns");
      Run.of("mount", "--make-private", "/run").mustSucceed();
    }
  }

  private static Running inMountNamespace(String propagation) throws Exception {
    Running running =
        Running.start("unshare", "-m", "--propagation", propagation, "sleep", "1000000");
    Poll.until("sleep", () -> Proc.text(running.pid(), "comm").equals("sleep\n"));
    return running;
  }

  @Test
  void useTheMountThatIpHasMade() throws Exception {
    Run.of("ip", "netns", "add", "ips").mustSucceed();
    attach();
    assertEquals(List.of("/run/netns", "/run/netns/ips", "/run/netns/web"), mountpoints());
  }

  @Test
  void keepTheNamespaceWhenItsProcessHasEnded() throws Exception {
    attach();
    String net = process.net();
    try (Sleeper guest = Sleeper.start("nsenter", "--net=" + process.file())) {
      process.end();
      NamedNetns entry = directory.require(WEB);
      assertEquals(State.LIVE, entry.state());
      assertEquals(
          "process " + process.pid() + " is gone, others still use the namespace", entry.reason());
      assertEquals(net, entry.id().orElseThrow().toString());
      assertEquals(List.of(), pruned(Reach.VISIBLE));
      assertEquals(net, guest.net());
    }
    NamedNetns entry = directory.require(WEB);
    assertEquals(State.STALE, entry.state());
    assertEquals(net, entry.id().orElseThrow().toString());
    Run.of("ip", "netns", "exec", "web", "true").mustSucceed();
    assertEquals(List.of(), pruned(Reach.OURS));
    assertEquals(List.of("web"), pruned(Reach.VISIBLE));
    assertEquals(List.of(), NetnsHome.names());
    assertEquals(List.of("/run/netns"), mountpoints());
  }

  @Test
  void areNotPrunedByWhoMayNotSeeWhoElseIsThere() throws Exception {
    attach();
    process.end();
    // Without CAP_SYS_PTRACE, what a kernel thread or another user is in cannot be seen.
    try (Running nobody = Running.start("setpriv", "--reuid=1000", "sleep", "1000000")) {
      Poll.until("sleep", () -> Proc.text(nobody.pid(), "comm").equals("sleep\n"));
      String before = NetnsHome.listing();
      Run run = Run.of("setpriv", "--bounding-set=-sys_ptrace", Tools.JNETNS, "prune", "--force");
      assertEquals("exited 0", run.status(), run::toString);
      assertEquals("", run.out());
      assertEquals(before, NetnsHome.listing());
    }
  }

  /** Name and namespace are the same; the file below is not. */
  @Test
  void ofSomebodyElseAreNotTakenForOursThatWasThereBefore() throws Exception {
    attach();
    // Else the namespace's file is another by its times.
    Run.of("ip", "netns", "attach", "kept", "" + process.pid()).mustSucceed();
    try (Entries all = Entries.locked(NetnsDirectory.DEFAULT, Origin.here())) {
      Found ours = all.find(WEB).orElseThrow();
      assertEquals(Optional.of(process.owner("web")), ours.entry().owner());
      Run.of("umount", NetnsHome.path("web").toString()).mustSucceed();
      Files.delete(NetnsHome.path("web"));
      Files.createFile(NetnsHome.path("web"));
      Run.of("mount", "--bind", process.file(), NetnsHome.path("web").toString()).mustSucceed();
      Found theirs = all.find(WEB).orElseThrow();
      assertEquals(ours.status(), theirs.status());
      assertEquals(State.FOREIGN, theirs.entry().state());
      assertEquals(Optional.empty(), theirs.entry().owner());
      assertFalse(all.remove(ours));
    }
    assertEquals(List.of(), pruned(Reach.VISIBLE));
    assertThrows(NamespaceException.class, () -> directory.unlink(WEB, true));
    assertTrue(NetnsHome.mounts().contains("/run/netns/web " + process.net()));
  }

  /** Docker keeps its namespaces so; umount2(2) would follow the link, and did in other tools. */
  @Test
  void behindALinkAreLeftWhenThatIsRemoved() throws Exception {
    Path docker = Path.of("/run/docker-netns-0a1b2c");
    Files.createFile(docker);
    Run.of("mount", "--bind", process.file(), docker.toString()).mustSucceed();
    try {
      NetnsHome.link("web", docker.toString());
      String before = Files.readString(Path.of("/proc/self/mountinfo"));
      assertEquals(State.FOREIGN, directory.unlink(WEB, true).state());
      NetnsHome.link("web", docker.toString());
      try (Sleeper other = Sleeper.start();
          Target target = Target.of(other.pid())) {
        directory.link(WEB, target, other.owner("web"), true);
        directory.unlink(WEB, false);
      }
      assertEquals(before, Files.readString(Path.of("/proc/self/mountinfo")));
      assertEquals(process.net(), "net:[" + Files.getAttribute(docker, "unix:ino") + "]");
    } finally {
      Run.of("umount", docker.toString()).mustSucceed();
      Files.delete(docker);
    }
  }

  @Test
  void areFoundAgainAfterTheyWereTakenOffByHand() throws Exception {
    attach();
    Run.of("umount", NetnsHome.path("web").toString()).mustSucceed();
    NamedNetns entry = directory.require(WEB);
    assertEquals(Kind.FILE, entry.kind());
    assertEquals(State.NOT_NETNS, entry.state());
    assertEquals(Optional.of(process.owner("web")), entry.owner());
    assertEquals(List.of(), pruned(Reach.VISIBLE));
    assertEquals(Change.REPLACED, attach());
    assertEquals(State.LIVE, directory.require(WEB).state());
    Run.of("umount", NetnsHome.path("web").toString()).mustSucceed();
    process.end();
    assertEquals(State.STALE, directory.require(WEB).state());
    assertEquals(List.of("web"), pruned(Reach.OURS));
    assertEquals(List.of(), NetnsHome.names());
  }

  /** To unlink the file of a mount takes the mount off in all other mount namespaces. */
  @Test
  void ofAnotherMountNamespaceAreNotPrunedAsLongAsTheirProcessLives() throws Exception {
    attach();
    try (Running secluded = inMountNamespace("private");
        Namespace mounts =
            Namespace.at(NamespaceType.MNT, OsString.of("/proc/" + secluded.pid() + "/ns/mnt"));
        NamespaceSet set = NamespaceSet.of(mounts)) {
      Run.of("nsenter", "-m", "-t", "" + secluded.pid(), "umount", "/run/netns/web").mustSucceed();
      State seen =
          NamespaceThread.call(
              set,
              () -> {
                assertEquals(List.of(), pruned(Reach.VISIBLE));
                return directory.require(WEB).state();
              });
      assertEquals(State.NOT_NETNS, seen);
    }
    assertEquals(State.LIVE, directory.require(WEB).state());
    assertFalse(NetnsHome.mounts().isEmpty());
  }

  @Test
  void needAPrivilegeThatALinkDoesNot() throws Exception {
    for (String option : new String[] {"--bind", "--quiet"}) {
      Run run =
          Run.of(
              "setpriv",
              "--bounding-set=-sys_admin",
              Tools.JNETNS,
              "link",
              option,
              "--name=web",
              "" + process.pid());
      if (option.equals("--bind")) {
        assertEquals(
            "jnetns: mount(/run/netns, MS_SHARED): EPERM: Operation not permitted\n"
                + "hint: a mount needs CAP_SYS_ADMIN over the owner of the mount namespace; run as"
                + " root, or make a link instead: without --bind\n",
            run.err());
        assertEquals("exited 1", run.status());
        assertEquals(List.of(), NetnsHome.names());
      } else {
        assertEquals(new Run("exited 0", "", ""), run);
        assertEquals(State.LIVE, directory.require(WEB).state());
      }
    }
  }
}
