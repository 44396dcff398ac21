package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory.Change;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our entries, seen by ip-netns(8); and where that is mistaken. */
@RootTest
class IpNetnsRootTest {
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

  private void link(String name) throws IOException {
    try (Target target = Target.of(process.pid())) {
      directory.link(OsString.of(name), target, process.owner(name), false);
    }
  }

  private void attach(String name) throws IOException {
    try (Target target = Target.of(process.pid())) {
      directory.attach(OsString.of(name), target, process.owner(name), false);
    }
  }

  private static String ip(String... arguments) throws Exception {
    return run(arguments).mustSucceed().out();
  }

  private static Run run(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 2];
    command[0] = "ip";
    command[1] = "netns";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return Run.of(command);
  }

  /** What it lists, without the ids that namespaces have for each other. */
  private static Set<String> listed() throws Exception {
    Set<String> names = new TreeSet<>();
    ip("list").lines().forEach(line -> names.add(line.replaceFirst(" \\(id: \\d+\\)$", "")));
    return names;
  }

  @Test
  void listsEntersAndIdentifiesThem() throws Exception {
    link("linked");
    attach("mounted");
    assertEquals(Set.of("linked", "mounted"), listed());
    for (String name : new String[] {"linked", "mounted"}) {
      assertEquals(process.net() + "\n", ip("exec", name, "readlink", "/proc/self/ns/net"));
      assertEquals(process.pid() + "\n", ip("pids", name));
      assertEquals("1: lo", Run.of("ip", "-n", name, "link").mustSucceed().out().substring(0, 5));
    }
    // One of both names, where ours tells both.
    assertTrue(Set.of("linked\n", "mounted\n").contains(ip("identify", "" + process.pid())));
  }

  @Test
  void makesNoneOverThem() throws Exception {
    link("linked");
    attach("mounted");
    for (String name : new String[] {"linked", "mounted"}) {
      for (String[] how : new String[][] {{"add", name}, {"attach", name, "" + process.pid()}}) {
        Run run = run(how);
        assertEquals("exited 1", run.status());
        assertTrue(run.err().endsWith(": File exists\n"), run.err());
      }
      assertEquals(State.LIVE, directory.require(OsString.of(name)).state());
    }
  }

  @Test
  void deletesTheirNamesAndNothingElse() throws Exception {
    link("linked");
    attach("mounted");
    ip("attach", "theirs", "" + process.pid());
    ip("del", "linked");
    ip("del", "mounted");
    assertEquals(List.of("theirs"), NetnsHome.names());
    assertEquals(
        List.of("/run/netns /netns", "/run/netns/theirs " + process.net()), NetnsHome.mounts());
    assertEquals(process.net() + "\n", ip("exec", "theirs", "readlink", "/proc/self/ns/net"));
    try (Target target = Target.of(process.pid())) {
      OsString name = OsString.of("linked");
      assertEquals(Change.CREATED, directory.link(name, target, process.owner("x"), false));
    }
  }

  /** Before iproute2 6.9, a child that cannot enter an entry goes on with the entries after it. */
  @Test
  void runsACommandInAllOnceWhenTheDeadOnesArePruned() throws Exception {
    link("good");
    try (Sleeper dead = Sleeper.start()) {
      for (int i = 0; i < 6; i++) {
        try (Target target = Target.of(dead.pid())) {
          OsString name = OsString.of("dead" + i);
          directory.link(name, target, dead.owner("dead" + i), false);
        }
      }
    }
    if (version() < 6.9) {
      assertEquals(64, runsInAll());
    }
    assertEquals(6, directory.prune(Reach.OURS, false).size());
    assertEquals(1, runsInAll());
  }

  private static long runsInAll() throws Exception {
    Run run = Run.of("ip", "-all", "netns", "exec", "echo", "ran");
    return run.out().lines().filter("ran"::equals).count();
  }

  private static double version() throws Exception {
    String version = Run.of("ip", "-V").mustSucceed().out();
    return Double.parseDouble(version.replaceAll("(?s).*iproute2-(\\d+\\.\\d+).*", "$1"));
  }

  /** It lists names without a look at what they lead to, and cannot tell whose pid it is. */
  @Test
  void listsDeadOnesLikeOthers() throws Exception {
    link("dead");
    process.end();
    assertEquals(Set.of("dead"), listed());
    assertEquals("exited 255", run("exec", "dead", "true").status());
    assertEquals("exited 1", run("pids", "dead").status());
    assertEquals(State.STALE, directory.require(OsString.of("dead")).state());
    ip("del", "dead");
  }

  /** It takes what is no network namespace for one without processes. */
  @Test
  void findsNoProcessesInWhatIsNoNetworkNamespace() throws Exception {
    NetnsHome.link("mnt", "/proc/self/ns/mnt");
    assertEquals("", ip("pids", "mnt"));
    assertEquals("exited 255", run("exec", "mnt", "true").status());
    assertEquals(State.NOT_NETNS, directory.require(OsString.of("mnt")).state());
  }

  /** Its umount2(2) follows a link: what the link leads to is unmounted. Ours never is one such. */
  @Test
  void unmountsWhatALinkToAMountLeadsTo() throws Exception {
    Path docker = Files.createFile(Path.of("/run/docker-netns-0a1b2c"));
    try {
      Run.of("mount", "--bind", process.file(), docker.toString()).mustSucceed();
      NetnsHome.link("web", docker.toString());
      ip("del", "web");
      assertTrue(Run.of("umount", docker.toString()).err().contains("not mounted"));
      link("ours");
      ip("del", "ours");
      assertEquals(List.of(), NetnsHome.names());
    } finally {
      Files.delete(docker);
    }
  }
}
