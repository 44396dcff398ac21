package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.jnstools.Credentials;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Command.Option;
import io.github.jnstools.enter.Command.Stdio;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A step that the stage cannot do is an exception here, and nothing is left of the attempt. */
@RootTest
class LaunchFailureRootTest {
  private static Container box;
  private Map<Integer, String> before;

  @BeforeAll
  static void start() throws Exception {
    box = Container.start("--user", "--map-root-user", "--mount", "--pid", "--uts");
  }

  @AfterAll
  static void end() throws IOException {
    box.close();
  }

  @BeforeEach
  void remember() throws IOException {
    before = Proc.descriptors(ProcessHandle.current().pid());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertEquals(List.of(), Proc.opened(before));
    assertEquals(
        List.of(),
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().command().orElse("").contains("memfd"))
            .toList());
  }

  private static NamespaceSet ofBox(NamespaceType... types) throws NamespaceException {
    try (Target target = Target.of((int) box.pid())) {
      return NamespaceSet.of(target.namespaces(List.of(types)));
    }
  }

  private static void assertFails(Command command, String message, String hint) {
    Command piped = command.withStdio(Stdio.PIPE, Stdio.PIPE, Stdio.DISCARD);
    NamespaceException e =
        assertThrows(NamespaceException.class, () -> Launcher.launch(piped).close());
    assertEquals(message, e.getMessage());
    assertEquals(message.substring(0, message.indexOf('(')), e.operation());
    assertEquals(message.replaceAll(".*\\): (E[A-Z]+): .*", "$1"), e.errno().orElseThrow().name());
    assertEquals(Optional.ofNullable(hint), e.hint());
  }

  private static Credentials group(int gid) {
    return new Credentials(Credentials.Id.of(0), Credentials.Id.of(0), Optional.of(List.of(gid)));
  }

  @Test
  void aMissingProgram() throws Exception {
    String hint =
        "it is looked up in the file system that is entered; one that is there may lack its"
            + " interpreter";
    String message = "exec(/no/such): ENOENT: No such file or directory";
    assertFails(Command.of("/no/such"), message, hint);
    try (NamespaceSet set = ofBox(NamespaceType.PID, NamespaceType.MNT)) {
      assertFails(Command.of("/no/such").withNamespaces(set), message, hint);
      assertFails(
          Command.of("/etc/passwd").withNamespaces(set),
          "exec(/etc/passwd): EACCES: Permission denied",
          null);
    }
  }

  @Test
  void aMissingDirectory() throws Exception {
    try (NamespaceSet set = ofBox(NamespaceType.PID, NamespaceType.MNT)) {
      Command command = Command.of("/bin/true").withNamespaces(set);
      assertFails(
          command.withWorkingDirectory(Place.inside(OsString.of("/no/such"))),
          "chdir(/no/such): ENOENT: No such file or directory",
          null);
      assertFails(
          command.withWorkingDirectory(Place.outside(OsString.of("/no/such"))),
          "openat(/no/such): ENOENT: No such file or directory",
          null);
    }
  }

  @Test
  void deniedGroupsAndUnmappedIds() throws Exception {
    try (NamespaceSet set = ofBox(NamespaceType.USER)) {
      Command command = Command.of("true").withNamespaces(set);
      assertFails(
          command.withCredentials(group(0)),
          "setgroups(1, [0]): EPERM: Operation not permitted",
          "the user namespace denies setgroups(2), or CAP_SETGID is missing; keep the caller's ids"
              + " with --preserve-credentials");
      Optional<List<Integer>> none = Optional.of(List.of());
      assertFails(
          command.withCredentials(new Credentials(Credentials.Id.of(5), Credentials.Id.KEEP, none)),
          "setuid(5): EINVAL: Invalid argument",
          "the user id is not mapped in the user namespace; see /proc/PID/uid_map");
      assertFails(
          command.withCredentials(new Credentials(Credentials.Id.KEEP, Credentials.Id.of(5), none)),
          "setgid(5): EINVAL: Invalid argument",
          "the group id is not mapped in the user namespace; see /proc/PID/gid_map");
    }
  }

  @Test
  void theCallersOwnUserNamespace() throws Exception {
    try (NamespaceSet own = NamespaceSet.of(Namespace.ofThread(NamespaceType.USER))) {
      assertFails(
          Command.of("true").withNamespaces(own),
          "setns(/proc/thread-self/ns/user, CLONE_NEWUSER): EINVAL: Invalid argument",
          "this is the user namespace that the caller is in already; leave out -U");
    }
  }

  @Test
  void aPidNamespaceWhoseInitHasEnded() throws Exception {
    Container gone = Container.start("--mount", "--pid", "--uts");
    NamespaceSet set;
    try (Target target = Target.of((int) gone.pid())) {
      set = NamespaceSet.of(target.namespace(NamespaceType.PID));
    } finally {
      gone.close();
    }
    try (NamespaceSet dead = set) {
      for (Option option : new Option[] {Option.FORWARD_SIGNALS, Option.MOUNT_PROC}) {
        assertFails(
            Command.of("true").withNamespaces(dead).with(option),
            "fork(): ENOMEM: Cannot allocate memory",
            "the init process of the PID namespace has ended; nothing can start in it any more");
      }
    }
  }
}
