package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.NamespaceThread;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.PublicCopy;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory.Pruned;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is pruned but what is provably dead. */
@RootTest
class NetnsPruneRootTest {
  private NetnsHome home;
  private NetnsDirectory directory;
  private Sleeper dead;
  private Sleeper alive;

  private static final String UNKNOWN_OWNER =
      "  \"container\":null,\n  \"id\":null,\n  \"pid\":null,\n";

  @BeforeEach
  void make() throws Exception {
    home = NetnsHome.make();
    directory = NetnsDirectory.at(NetnsDirectory.DEFAULT);
    dead = Sleeper.start();
    alive = Sleeper.start();
    link("dead", dead);
    link("alive", alive);
    try (Target target = Target.of(dead.pid())) {
      directory.attach(OsString.of("dead-pin"), target, dead.owner("dead-pin"), false);
    }
    try (Target target = Target.of(alive.pid())) {
      directory.attach(OsString.of("alive-pin"), target, alive.owner("alive-pin"), false);
    }
    NetnsHome.link("foreign", alive.file());
    NetnsHome.link("foreign-dead", dead.file());
    NetnsHome.link("foreign-nowhere", "/run/docker/netns/0a1b2c");
    Run.of("ip", "netns", "add", "ips").mustSucceed();
    Files.createFile(NetnsHome.path("file"));
    Files.createDirectory(NetnsHome.path("folder"));
    dead.end();
  }

  @AfterEach
  void remove() throws IOException {
    dead.close();
    alive.close();
    home.close();
  }

  private void link(String name, Sleeper process) throws IOException {
    try (Target target = Target.of(process.pid())) {
      directory.link(OsString.of(name), target, process.owner(name), false);
    }
  }

  private static List<String> names(List<Pruned> pruned) {
    List<String> names = new ArrayList<>();
    for (Pruned each : pruned) {
      assertEquals(Optional.empty(), each.failure());
      names.add(each.entry().name().toString());
    }
    return names;
  }

  /** Prunes, after the same as a dry run, which changes nothing. */
  private static List<String> pruned(NetnsDirectory directory, Reach reach) throws Exception {
    String before = NetnsHome.listing();
    List<String> would = names(directory.prune(reach, true));
    assertEquals(before, NetnsHome.listing());
    assertEquals(would, names(directory.prune(reach, false)));
    for (String name : would) {
      assertTrue(!NetnsHome.names().contains(name), name);
    }
    assertEquals(List.of(), directory.prune(reach, false));
    return would;
  }

  @Test
  void oursAreThoseWhoseProcessIsGone() throws Exception {
    assertEquals(List.of("dead"), pruned(directory, Reach.OURS));
    assertEquals(List.of(), pruned(directory, Reach.CERTAIN));
    assertEquals(
        List.of("dead-pin", "foreign-dead", "foreign-nowhere"), pruned(directory, Reach.VISIBLE));
    assertEquals(
        List.of("alive", "alive-pin", "file", "folder", "foreign", "ips"), NetnsHome.names());
    for (String name : new String[] {"alive", "alive-pin"}) {
      assertEquals(State.LIVE, directory.require(OsString.of(name)).state());
    }
    assertEquals(State.FOREIGN, directory.require(OsString.of("ips")).state());
  }

  /** As it is in the first PID namespace, where a test cannot be. */
  @Test
  void othersAreThoseThatLeadNowhereForAnybody() throws Exception {
    Origin here = Origin.here();
    NetnsDirectory first =
        new NetnsDirectory(
            NetnsDirectory.DEFAULT, new Origin(here.boot(), 0xEFFFFFFCL, here.timeNamespace()));
    try (Running elsewhere = Running.start("unshare", "-m", "sh", "-c", "echo ready; sleep 999")) {
      elsewhere.ready();
      try (Namespace mounts =
              Namespace.at(NamespaceType.MNT, OsString.of("/proc/" + elsewhere.pid() + "/ns/mnt"));
          NamespaceSet set = NamespaceSet.of(mounts)) {
        // Nothing else inside: who starts a process there leaves a thread of the JDK's there.
        assertEquals(
            List.of("foreign-dead"),
            NamespaceThread.call(set, () -> names(first.prune(Reach.CERTAIN, false))));
      }
    }
    assertEquals(List.of("foreign-nowhere"), pruned(first, Reach.CERTAIN));
    // What was made in this PID namespace is not for that one to judge.
    assertEquals(
        List.of("alive", "alive-pin", "dead", "dead-pin", "file", "folder", "foreign", "ips"),
        NetnsHome.names());
  }

  @Test
  void theCommandSaysWhatItRemovesAndWhy() throws Exception {
    String gone = "process " + dead.pid() + " is gone";
    String ours = " dead (docker:dead): " + gone + "\n";
    String before = NetnsHome.listing();
    assertEquals(new Run("exited 0", "removable" + ours, ""), Run.of(Tools.JNETNS, "prune", "-n"));
    assertEquals(before, NetnsHome.listing());
    assertEquals(new Run("exited 0", "removed" + ours, ""), Run.of(Tools.JNETNS, "prune"));
    String kept =
        " dead-pin (docker:dead-pin): " + gone + "; the mount keeps what no other is in\n";
    assertTrue(Run.of(Tools.JNETNS, "prune", "-n", "-f").out().startsWith("removable" + kept));
    directory.unlink(OsString.of("dead-pin"), false);
    assertEquals(
        new Run(
            "exited 0",
            "[{\n  \"action\":\"removed\",\n  \"name\":\"foreign-dead\",\n"
                + UNKNOWN_OWNER
                + "  \"detail\":\""
                + gone
                + "\"\n},{\n  \"action\":\"removed\",\n  \"name\":\"foreign-nowhere\",\n"
                + UNKNOWN_OWNER
                + "  \"detail\":\"what it leads to is gone\"\n}]\n",
            ""),
        Run.of(Tools.JNETNS, "prune", "--force", "--json"));
    assertEquals(new Run("exited 0", "", ""), Run.of(Tools.JNETNS, "prune", "--force"));
    assertEquals(
        List.of("alive", "alive-pin", "file", "folder", "foreign", "ips"), NetnsHome.names());
  }

  @Test
  void nothingIsPrunedByWhoMayNotKnow() throws Exception {
    String before = NetnsHome.listing();
    try (PublicCopy copy = PublicCopy.make()) {
      String[] nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
      Run list =
          Run.of(
              nobody[0], nobody[1], nobody[2], nobody[3], copy.jnetns(), "list", "--json", "alive");
      assertTrue(list.out().contains("\"state\":\"unreadable\""), list::toString);
      Run run =
          Run.of(nobody[0], nobody[1], nobody[2], nobody[3], copy.jnetns(), "prune", "--force");
      assertEquals("exited 1", run.status(), run::toString);
      assertEquals("", run.out());
      assertEquals(
          List.of(
              "jnetns: unlinkat(/run/netns/dead): EACCES: Permission denied",
              "jnetns: unlinkat(/run/netns/foreign-dead): EACCES: Permission denied",
              "jnetns: unlinkat(/run/netns/foreign-nowhere): EACCES: Permission denied"),
          run.err().lines().toList());
    }
    assertEquals(before, NetnsHome.listing());
  }

  /** An agent in a container that shares /run/netns. */
  @Test
  void nothingIsPrunedFromAnotherPidNamespace() throws Exception {
    String before = NetnsHome.listing();
    String[] inside = {"unshare", "--pid", "--fork", "--mount-proc", Tools.JNETNS};
    Run list = Run.of(inside[0], inside[1], inside[2], inside[3], inside[4], "list", "alive");
    assertTrue(list.out().contains("(made in another PID or time namespace)"), list::toString);
    Run run = Run.of(inside[0], inside[1], inside[2], inside[3], inside[4], "prune");
    assertEquals(new Run("exited 0", "", ""), run);
    assertEquals(before, NetnsHome.listing());
  }

  @Test
  void aLeftoverOfAnotherRunIsNoEntry() throws Exception {
    Files.createSymbolicLink(NetnsHome.path(".jnetns-new"), NetnsHome.path("x"));
    assertEquals(
        List.of(),
        directory.entries().stream().filter(e -> e.name().toLatin1().startsWith(".")).toList());
    String before = NetnsHome.listing();
    directory.prune(Reach.OURS, true);
    assertEquals(before, NetnsHome.listing());
    directory.prune(Reach.OURS, false);
    assertTrue(!NetnsHome.names().contains(".jnetns-new"));
  }
}
