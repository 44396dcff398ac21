package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.PublicCopy;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the command says and does for a user who is not root. */
@RootTest
class JnsEnterUnprivilegedRootTest {
  private static Container box;
  private static PublicCopy copy;

  @BeforeAll
  static void start() throws Exception {
    box = Container.start();
    copy = PublicCopy.make();
  }

  @AfterAll
  static void end() throws IOException {
    copy.close();
    box.close();
  }

  private static List<String> asUser(String... command) {
    List<String> all =
        new ArrayList<>(List.of("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"));
    all.addAll(List.of(command));
    return all;
  }

  private static void assertRefused(String message, String hint, List<String> command)
      throws Exception {
    Run run = Run.of("", Map.of(), command);
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals("", run.out());
    assertEquals("jnsenter: " + message + "\nhint: " + hint + "\n", run.err());
  }

  @Test
  void aProcessOfAnotherUser() throws Exception {
    for (String type : new String[] {"net", "user"}) {
      assertRefused(
          "openat(/proc/" + box.pid() + "/ns/" + type + "): EACCES: Permission denied",
          "needs the right to inspect the process: be its user, or root with CAP_SYS_PTRACE",
          asUser(copy.jnsenter(), "--" + type, "-t", "" + box.pid(), "echo", "ran"));
    }
    assertRefused(
        "openat(/proc/" + box.pid() + "/environ): EACCES: Permission denied",
        "needs the right to inspect the process: be its user, or root with CAP_SYS_PTRACE",
        asUser(copy.jnsenter(), "-e", "-t", "" + box.pid(), "echo", "ran"));
  }

  @Test
  void aNamespaceThatRootOwns() throws Exception {
    try (Running own = Running.start(Map.of(), asUser("busybox", "sleep", "1000"))) {
      String run = "needs CAP_SYS_ADMIN";
      String ns = "setns(/proc/" + own.pid() + "/ns/";
      String instead = "or enter that user namespace too (jnsenter -U --preserve-credentials)";
      Poll.until("sleep", () -> Proc.text(own.pid(), "comm").equals("busybox\n"));
      assertRefused(
          ns + "net, CLONE_NEWNET): EPERM: Operation not permitted",
          run + " over the user namespace that owns it; run as root, " + instead,
          asUser(copy.jnsenter(), "-n", "-t", "" + own.pid(), "echo", "ran"));
      assertRefused(
          ns + "mnt, CLONE_NEWNS): EPERM: Operation not permitted",
          run + " and CAP_SYS_CHROOT over the user namespace that owns it; run as root, " + instead,
          asUser(copy.jnsenter(), "-m", "-t", "" + own.pid(), "echo", "ran"));
    }
  }

  @Test
  void aProcessThatProcHides() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare", "-m", "sh", "-c", "mount -t proc -o hidepid=2 p /proc; \"$@\"", "-"));
    command.addAll(asUser(copy.jnsenter(), "-n", "-t", "" + box.pid(), "echo", "ran"));
    assertRefused(
        "openat(/proc/" + box.pid() + ", O_DIRECTORY): ENOENT: No such file or directory",
        "the process is there but /proc hides it: mounted with hidepid, or for another PID"
            + " namespace; run as root or mount a fresh /proc",
        command);
  }

  @Test
  void entersWhatTheUserOwns() throws Exception {
    List<String> unshare = asUser("unshare", "-U", "-r", "-n", "-u", "busybox", "sleep", "1000");
    try (Running own = Running.start(Map.of(), unshare)) {
      Poll.until("sleep", () -> Proc.text(own.pid(), "comm").equals("busybox\n"));
      List<String> enter =
          asUser(
              copy.jnsenter(),
              "-U",
              "-n",
              "-u",
              "--preserve-credentials",
              "-t",
              "" + own.pid(),
              "busybox",
              "sleep",
              "1000");
      try (Running entered = Running.start(Map.of(), enter)) {
        Poll.until("sleep", () -> Proc.text(entered.pid(), "comm").equals("busybox\n"));
        assertEquals(Proc.namespaces(own.pid()), Proc.namespaces(entered.pid()));
      }
    }
  }
}
