package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory.Change;
import io.github.jnstools.netns.NetnsDirectory.Pruned;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Marks that an entry cannot hold: without CAP_SYS_ADMIN, or for want of the file system. */
@RootTest
class NetnsMarksRootTest {
  private static final OsString WEB = OsString.of("web");
  private static final Path MARKS = Path.of("/run/jnstools");

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

  private static Run unprivileged(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--bounding-set=-sys_admin", Tools.JNETNS));
    command.addAll(Arrays.asList(arguments));
    return Run.of(command.toArray(new String[0]));
  }

  private static List<Path> marks() throws IOException {
    if (!Files.exists(MARKS)) {
      return List.of();
    }
    try (var files = Files.walk(MARKS)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private void link(String name) throws Exception {
    Run run = unprivileged("link", "--name", name, "" + process.pid());
    String pid = "" + process.pid();
    assertEquals(
        new Run("exited 0", "linked " + name + " (pid:" + pid + "): process " + pid + "\n", ""),
        run);
  }

  @Test
  void areKeptBesideTheEntries() throws Exception {
    link("web");
    assertEquals(1, marks().size());
    NamedNetns entry = directory.require(WEB);
    assertEquals(State.LIVE, entry.state());
    assertEquals("pid:" + process.pid(), entry.owner().orElseThrow().reference());
    assertTrue(unprivileged("link", "--name=web", "" + process.pid()).out().startsWith("unch"));
    process.end();
    assertEquals(State.STALE, directory.require(WEB).state());
    assertEquals(
        "removed web (pid:" + process.pid() + "): process " + process.pid() + " is gone\n",
        unprivileged("prune").mustSucceed().out());
    assertEquals(List.of(), NetnsHome.names());
    assertEquals(List.of(), marks());
  }

  @Test
  void areReplacedWithTheirEntries() throws Exception {
    link("web");
    try (Sleeper other = Sleeper.start();
        Target target = Target.of(other.pid())) {
      process.end();
      assertEquals(Change.REPLACED, directory.link(WEB, target, other.owner("web"), false));
      assertEquals(List.of(), marks());
      assertEquals(Optional.of(other.owner("web")), directory.require(WEB).owner());
    }
  }

  @Test
  void areNotThoseOfAnEntryThatSomebodyElseHasMadeAnew() throws Exception {
    link("web");
    Files.delete(NetnsHome.path("web"));
    NetnsHome.link("web", process.file());
    NamedNetns entry = directory.require(WEB);
    assertEquals(State.FOREIGN, entry.state());
    assertEquals(Optional.empty(), entry.owner());
    process.end();
    assertEquals(List.of(), directory.prune(Reach.OURS, false));
    assertEquals(List.of("web"), NetnsHome.names());
  }

  /** A file system may use an inode number again; the time of its making then differs. */
  @Test
  void areNotThoseOfAnotherFileWithTheSameInodeNumber() throws Exception {
    link("web");
    Run.of("touch", "--no-dereference", "-d", "2001-01-01", NetnsHome.path("web").toString())
        .mustSucceed();
    assertEquals(Optional.empty(), directory.require(WEB).owner());
  }

  @Test
  void areSweptWhereTheirEntriesAreLost() throws Exception {
    link("web");
    link("db");
    Files.delete(NetnsHome.path("web"));
    assertEquals(2, marks().size());
    assertEquals(List.of(), directory.prune(Reach.VISIBLE, true));
    assertEquals(2, marks().size());
    assertEquals(List.of(), directory.prune(Reach.OURS, false));
    assertEquals(1, marks().size());
    assertEquals("db", entryOfAMark().name().toString());
    Files.delete(NetnsHome.path("db"));
    unprivileged("prune").mustSucceed();
    assertEquals(List.of(), marks());
  }

  private NamedNetns entryOfAMark() throws IOException {
    return directory.entries().stream()
        .filter(entry -> entry.owner().isPresent())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void areNotSweptByWhoCannotSeeWhatMountsCover() throws Exception {
    link("web");
    Run.of("ip", "netns", "add", "ips").mustSucceed();
    Files.delete(NetnsHome.path("web"));
    unprivileged("prune").mustSucceed();
    assertEquals(1, marks().size());
    directory.prune(Reach.OURS, false);
    assertEquals(List.of(), marks());
  }

  /** Of the file systems that everybody has, proc and ramfs hold no attributes; ramfs files. */
  @Test
  void areKeptForLinksAndMountsOfAFileSystemWithoutAttributes() throws Exception {
    Files.createDirectories(NetnsHome.PATH);
    Run.of("mount", "-t", "ramfs", "ramfs", NetnsHome.PATH.toString()).mustSucceed();
    OsString pin = OsString.of("pin");
    OwnerMark owner = process.owner("web");
    try (Target target = Target.of(process.pid())) {
      assertEquals(Change.CREATED, directory.link(WEB, target, owner, false));
      assertEquals(Change.CREATED, directory.attach(pin, target, owner, false));
      assertEquals(Change.UNCHANGED, directory.attach(pin, target, owner, false));
    }
    assertEquals(2, marks().size());
    for (OsString name : new OsString[] {WEB, pin}) {
      assertEquals(State.LIVE, directory.require(name).state());
      assertEquals(Optional.of(owner), directory.require(name).owner());
    }
    directory.prune(Reach.OURS, false);
    assertEquals(2, marks().size());
    process.end();
    List<String> pruned = new ArrayList<>();
    for (Pruned each : directory.prune(Reach.VISIBLE, false)) {
      pruned.add(each.entry().name() + " " + each.failure());
    }
    assertEquals(List.of("pin Optional.empty", "web Optional.empty"), pruned);
    assertEquals(List.of(), NetnsHome.names());
    assertEquals(List.of(), marks());
  }

  @Test
  void ofOneDirectoryAreNotThoseOfAnother() throws Exception {
    link("web");
    Path second = Path.of("/run/second");
    try {
      Run run =
          unprivileged("--netns-dir", second.toString(), "link", "--name=web", "" + process.pid());
      assertEquals("exited 0", run.status(), run::toString);
      assertEquals(2, marks().size());
      Files.delete(NetnsHome.path("web"));
      directory.prune(Reach.OURS, false);
      assertEquals(1, marks().size());
      NetnsDirectory other = NetnsDirectory.at(OsString.of(second));
      assertEquals(State.LIVE, other.require(WEB).state());
      assertEquals(State.LIVE, other.unlink(WEB, false).state());
      assertEquals(List.of(), Proc.list(second));
      assertEquals(List.of(), marks());
    } finally {
      Run.of("rm", "-rf", second.toString()).mustSucceed();
    }
  }
}
