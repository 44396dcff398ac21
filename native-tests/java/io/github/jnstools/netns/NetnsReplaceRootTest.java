package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.netns.Entries.Found;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Which entries make way for others, and which never. */
@RootTest
class NetnsReplaceRootTest {
  private static final OsString WEB = OsString.of("web");

  private NetnsHome home;
  private NetnsDirectory directory;
  private Sleeper one;
  private Sleeper other;

  @BeforeEach
  void make() throws Exception {
    home = NetnsHome.make();
    directory = NetnsDirectory.at(NetnsDirectory.DEFAULT);
    one = Sleeper.start();
    other = Sleeper.start();
  }

  @AfterEach
  void remove() throws IOException {
    one.close();
    other.close();
    home.close();
  }

  private Change link(Sleeper process, OwnerMark owner, boolean force) throws IOException {
    try (Target target = Target.of(process.pid())) {
      return directory.link(WEB, target, owner, force);
    }
  }

  private Change attach(Sleeper process, OwnerMark owner, boolean force) throws IOException {
    try (Target target = Target.of(process.pid())) {
      return directory.attach(WEB, target, owner, force);
    }
  }

  private void assertEntry(Kind kind, State state, Sleeper process) throws IOException {
    NamedNetns entry = directory.require(WEB);
    assertEquals(kind, entry.kind());
    assertEquals(state, entry.state());
    assertEquals(process.net(), entry.id().orElseThrow().toString());
    assertEquals(List.of("web"), NetnsHome.names());
  }

  /** Refused both ways, with and without force; nothing has changed. */
  private void assertNeverReplaced(OwnerMark owner) throws Exception {
    String before = NetnsHome.listing();
    for (boolean force : new boolean[] {false, true}) {
      assertRefused(
          "a file or mount that jnetns did not make has this name",
          "give another with --name",
          () -> link(one, owner, force));
      assertEquals(before, NetnsHome.listing());
    }
    for (boolean force : new boolean[] {false, true}) {
      assertRefused(
          "a file or mount that jnetns did not make has this name",
          "give another with --name",
          () -> attach(one, owner, force));
    }
  }

  private static void assertRefused(String reason, String hint, Executable call) {
    NamespaceException e = assertThrows(NamespaceException.class, call);
    assertEquals("link(/run/netns/web): " + reason, e.getMessage());
    assertEquals(Optional.of(hint), e.hint());
  }

  @Test
  void aSecondTimeNothingIsChanged() throws Exception {
    assertEquals(Change.CREATED, link(one, one.owner("web"), false));
    String before = NetnsHome.listing();
    for (boolean force : new boolean[] {false, true}) {
      assertEquals(Change.UNCHANGED, link(one, one.owner("web"), force));
    }
    assertEquals(before, NetnsHome.listing());
    directory.unlink(WEB, false);
    assertEquals(Change.CREATED, attach(one, one.owner("web"), false));
    before = NetnsHome.listing();
    assertEquals(Change.UNCHANGED, attach(one, one.owner("web"), false));
    assertEquals(before, NetnsHome.listing());
  }

  @Test
  void aLinkOfSomebodyElseOnlyByForce() throws Exception {
    NetnsHome.link("web", other.file());
    String before = NetnsHome.listing();
    assertRefused(
        "a link that jnetns did not make has this name",
        "give another with --name, or --force",
        () -> link(one, one.owner("web"), false));
    assertRefused(
        "a link that jnetns did not make has this name",
        "give another with --name, or --force",
        () -> attach(one, one.owner("web"), false));
    assertEquals(before, withoutMount(NetnsHome.listing()));
    assertEquals(Change.REPLACED, link(one, one.owner("web"), true));
    assertEntry(Kind.LINK, State.LIVE, one);
  }

  /** Whether it is a mount, and how many links the directory has, attach may have changed. */
  private static String withoutMount(String listing) {
    return listing.replace("/run/netns /netns", "");
  }

  @Test
  void aLinkOfSomebodyElseToTheSameIsLeft() throws Exception {
    NetnsHome.link("web", one.file());
    String before = NetnsHome.listing();
    assertEquals(Change.FOREIGN, link(one, one.owner("web"), false));
    assertEquals(before, NetnsHome.listing());
  }

  @Test
  void aDanglingLinkOfSomebodyElseOnlyByForce() throws Exception {
    NetnsHome.link("web", "/proc/0/ns/net");
    assertRefused(
        "a link that jnetns did not make has this name",
        "give another with --name, or --force",
        () -> link(one, one.owner("web"), false));
    assertEquals(Change.REPLACED, attach(one, one.owner("web"), true));
    assertEntry(Kind.BIND, State.LIVE, one);
  }

  @Test
  void aMountOfSomebodyElseNever() throws Exception {
    Run.of("ip", "netns", "add", "web").mustSucceed();
    assertNeverReplaced(one.owner("web"));
    assertEquals(State.FOREIGN, directory.require(WEB).state());
  }

  @Test
  void aFileNever() throws Exception {
    Files.createDirectories(NetnsHome.PATH);
    Files.writeString(NetnsHome.path("web"), "precious");
    assertNeverReplaced(one.owner("web"));
    assertEquals("precious", Files.readString(NetnsHome.path("web")));
  }

  @Test
  void aDirectoryNever() throws Exception {
    Files.createDirectories(NetnsHome.path("web"));
    assertNeverReplaced(one.owner("web"));
  }

  @Test
  void theEntryOfAContainerThatWasRestarted() throws Exception {
    assertEquals(Change.CREATED, link(one, one.owner("web"), false));
    assertEquals(Change.REPLACED, link(other, other.owner("web"), false));
    assertEntry(Kind.LINK, State.LIVE, other);
    assertEquals(Optional.of(other.owner("web")), directory.require(WEB).owner());
    assertEquals(Change.REPLACED, attach(one, one.owner("web"), false));
    assertEntry(Kind.BIND, State.LIVE, one);
    assertEquals(Change.REPLACED, attach(other, other.owner("web"), false));
    assertEntry(Kind.BIND, State.LIVE, other);
    String kept = "a mount has this name, to keep the network namespace of process " + other.pid();
    assertRefused(
        kept, "give another with --name, or --force", () -> link(one, one.owner("web"), false));
    assertEquals(
        "web-" + one.owner("web").id(), directory.nameFor(one.owner("web"), false, false) + "");
    assertEquals("web", directory.nameFor(one.owner("web"), true, false) + "");
    other.end();
    assertRefused(
        kept, "give another with --name, or --force", () -> link(one, one.owner("web"), false));
    assertEquals(Change.REPLACED, link(one, one.owner("web"), true));
    assertEntry(Kind.LINK, State.LIVE, one);
  }

  @Test
  void theEntryOfADeadContainerByAnyOther() throws Exception {
    link(one, one.owner("db"), false);
    assertRefused(
        "the name is that of docker:db",
        "give another with --name, or --force",
        () -> link(other, other.owner("web"), false));
    one.end();
    assertEquals(Change.REPLACED, link(other, other.owner("web"), false));
    assertEntry(Kind.LINK, State.LIVE, other);
  }

  @Test
  void theMountOfALivingContainerNever() throws Exception {
    attach(one, one.owner("db"), false);
    for (boolean force : new boolean[] {false, true}) {
      assertRefused(
          "the name is that of docker:db",
          "give another with --name",
          () -> link(other, other.owner("web"), force));
      assertRefused(
          "the name is that of docker:db",
          "give another with --name",
          () -> attach(other, other.owner("web"), force));
    }
    assertEntry(Kind.BIND, State.LIVE, one);
  }

  @Test
  void theLinkOfALivingContainerOnlyByForce() throws Exception {
    link(one, one.owner("db"), false);
    assertEquals(Change.REPLACED, link(other, other.owner("web"), true));
    assertEntry(Kind.LINK, State.LIVE, other);
    assertEquals(Optional.of(other.owner("web")), directory.require(WEB).owner());
  }

  @Test
  void aLinkByAMountAndBackOnlyByUnlinking() throws Exception {
    link(one, one.owner("web"), false);
    assertEquals(Change.REPLACED, attach(one, one.owner("web"), false));
    assertEntry(Kind.BIND, State.LIVE, one);
    assertEquals(Change.UNCHANGED, link(one, one.owner("web"), false));
    assertEntry(Kind.BIND, State.LIVE, one);
    assertEquals(Kind.BIND, directory.unlink(WEB, false).kind());
    assertEquals(List.of("/run/netns /netns"), NetnsHome.mounts());
    assertEquals(Change.CREATED, link(one, one.owner("web"), false));
    assertEntry(Kind.LINK, State.LIVE, one);
  }

  @Test
  void isNotUnlinkedUnlessItIsOursOrByForceALink() throws Exception {
    NetnsHome.link("web", one.file());
    NamespaceException e =
        assertThrows(NamespaceException.class, () -> directory.unlink(WEB, false));
    assertEquals("unlink(/run/netns/web): it was not made by jnetns", e.getMessage());
    assertEquals(Optional.of("remove the link with --force"), e.hint());
    assertEquals(State.FOREIGN, directory.unlink(WEB, true).state());
    assertEquals(List.of(), NetnsHome.names());

    e = assertThrows(NamespaceException.class, () -> directory.unlink(WEB, true));
    assertEquals("unlink(/run/netns/web): no such entry", e.getMessage());

    Run.of("ip", "netns", "add", "web").mustSucceed();
    String before = NetnsHome.listing();
    e = assertThrows(NamespaceException.class, () -> directory.unlink(WEB, true));
    assertEquals("unlink(/run/netns/web): it was not made by jnetns", e.getMessage());
    assertEquals(Optional.of("see ip netns delete"), e.hint());
    assertEquals(before, NetnsHome.listing());
    Run.of("ip", "netns", "del", "web").mustSucceed();

    link(one, one.owner("web"), false);
    assertEquals(State.LIVE, directory.unlink(WEB, false).state());
    assertEquals(List.of(), NetnsHome.names());
  }

  @Test
  void aClashOfNamesIsSolvedByTheId() throws Exception {
    assertEquals("web", directory.nameFor(one.owner("web"), false, false).toLatin1());
    link(other, other.owner("web"), false);
    assertEquals("web", directory.nameFor(one.owner("web"), false, false).toLatin1());
    OwnerMark podmans = new OwnerMark("podman", "", "0a1b2c3d4e5f6789", "web", one.pid(), 1);
    assertEquals("web-0a1b2c3d4e5f", directory.nameFor(podmans, false, false).toLatin1());
    other.end();
    assertEquals("web", directory.nameFor(podmans, false, false).toLatin1());
  }

  @Test
  void aContainerKeepsTheNameThatItGotForAClash() throws Exception {
    OwnerMark podmans =
        new OwnerMark("podman", "", "0a1b2c3d4e5f6789", "web", one.pid(), one.startTime());
    link(other, other.owner("web"), false);
    try (Target target = Target.of(one.pid())) {
      directory.link(directory.nameFor(podmans, false, false), target, podmans, false);
    }
    other.end();
    assertEquals("web-0a1b2c3d4e5f", directory.nameFor(podmans, false, false).toLatin1());
    directory.unlink(WEB, false);
    assertEquals("web-0a1b2c3d4e5f", directory.nameFor(podmans, false, false).toLatin1());
    assertEquals("web", directory.nameFor(one.owner("web"), false, false).toLatin1());
    link(one, podmans, false);
    assertEquals("web", directory.nameFor(podmans, false, false).toLatin1());
  }

  @Test
  void aProcessThatHasEndedGetsNoEntry() throws Exception {
    link(one, one.owner("web"), false);
    try (Target target = Target.of(other.pid())) {
      other.end();
      NamespaceException e =
          assertThrows(
              NamespaceException.class,
              () -> directory.link(WEB, target, other.owner("web"), true));
      assertEquals("target(" + target.pid() + "): the process has ended", e.getMessage());
    }
    assertEntry(Kind.LINK, State.LIVE, one);
    assertEquals(one.net(), Proc.ns(one.pid(), "net"));
  }

  @Test
  void aLinkThatIsAnotherByNowIsNotRemoved() throws Exception {
    link(one, one.owner("web"), false);
    try (Entries all = Entries.locked(NetnsDirectory.DEFAULT, Origin.here())) {
      Found ours = all.find(WEB).orElseThrow();
      Files.delete(NetnsHome.path("web"));
      assertFalse(all.remove(ours));
      NetnsHome.link("web", one.file());
      assertFalse(all.remove(ours));
    }
    assertEquals(State.FOREIGN, directory.require(WEB).state());
  }

  @Test
  void aProcessThatIsInAnotherNamespaceByNowGetsNoEntry() throws Exception {
    try (Target target = Target.of(one.pid());
        Namespace others = Namespace.at(NamespaceType.NET, OsString.of(other.file()))) {
      Files.createDirectories(NetnsHome.PATH);
      try (Entries all = Entries.locked(NetnsDirectory.DEFAULT, Origin.here())) {
        NewEntry entry = all.make(WEB, Optional.empty(), target, others, one.owner("web"));
        assertRefused("the process has changed its network namespace", "try again", entry::link);
      }
    }
    assertEquals(List.of(), NetnsHome.names());
  }

  @Test
  void aLinkToTheSameIsTheContainersWhoseItIs() throws Exception {
    link(one, one.owner("web"), false);
    assertRefused(
        "the name is that of docker:web",
        "give another with --name, or --force",
        () -> link(one, one.owner("guest"), false));
    OwnerMark web = one.owner("web");
    OwnerMark renamed =
        new OwnerMark("docker", "", web.id(), "renamed", web.pid(), web.startTime());
    assertEquals(Change.REPLACED, link(one, renamed, false));
    assertEquals(Optional.of(renamed), directory.require(WEB).owner());
  }
}
