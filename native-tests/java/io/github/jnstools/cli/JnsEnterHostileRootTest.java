package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers that have prepared something for whoever enters them. */
@RootTest
class JnsEnterHostileRootTest {
  @AutoClose private static Container box;

  @BeforeAll
  static void startBox() throws Exception {
    box = Container.start();
  }

  private static Run enter(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 3];
    command[0] = Tools.JNSENTER;
    command[1] = "-t";
    command[2] = Long.toString(box.pid());
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return Run.of(command);
  }

  @Test
  void aWorkingDirectoryInsideThatLeadsToADescriptorOfTheHostsIsRefused() throws Exception {
    // The container sees the host's /proc, as those of monitoring agents do.
    Path inside = Files.createDirectory(box.root().resolve("hostproc"));
    String proc = "/proc/" + box.pid() + "/root/hostproc";
    Run bind =
        Run.of(
            "unshare",
            "-m",
            "sh",
            "-c",
            "nsenter -m -t " + box.pid() + " mount -t proc proc /hostproc");
    bind.mustSucceed();
    int refused = 0;
    for (int fd = 3; fd < 40; fd++) {
      Path link = box.root().resolve("way" + fd);
      Files.createSymbolicLink(link, Path.of("/hostproc/self/fd/" + fd + "/.."));
      Run run = enter("-m", "-W/way" + fd, "/bin/pwd");
      assertEquals("", run.out());
      assertEquals("exited 1", run.status());
      refused += run.err().contains("EXDEV") ? 1 : 0;
      Files.delete(link);
    }
    assertTrue(refused > 0, "no descriptor led out: the test is blind, " + proc);
    Run.of("nsenter", "-m", "-t", "" + box.pid(), "busybox", "umount", "/hostproc");
    Files.delete(inside);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil:x:abc:1", "evil:x:4294967295:1", "evil:x:-1:1", "evil:x", "", "::"})
  void anAccountFileWithNonsenseInIt(String line) throws Exception {
    Path file = box.root().resolve("etc/passwd");
    String before = Files.readString(file);
    Files.writeString(file, line + "\n");
    try {
      assertRefusedInTwoLines(enter("-m", "-S", "evil", "/bin/id"));
    } finally {
      Files.writeString(file, before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "/proc/kmsg", "/etc", "/etc/fifo", "/nowhere"})
  void anAccountFileThatIsNoFile(String target) throws Exception {
    Path file = box.root().resolve("etc/passwd");
    byte[] before = Files.readAllBytes(file);
    Run.of("mkfifo", box.root().resolve("etc/fifo").toString()).mustSucceed();
    Run.of("mknod", box.root().resolve("dev/zero").toString(), "c", "1", "5").mustSucceed();
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of(target));
    try {
      assertRefusedInTwoLines(enter("-m", "-S", "evil", "/bin/id"));
    } finally {
      Files.delete(file);
      Files.write(file, before);
      Files.delete(box.root().resolve("etc/fifo"));
      Files.delete(box.root().resolve("dev/zero"));
    }
  }

  private static void assertRefusedInTwoLines(Run run) {
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("jnsenter: "), run::toString);
    assertTrue(run.err().lines().count() <= 2, run::toString);
    assertTrue(!run.err().contains("internal error"), run::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--preserve-credentials",
        "--keep-caps",
        "--no-new-privs",
        "--clear-env",
        "--kill-child",
        "--forward-signals",
        "--preserve-fds=0",
        "--env-set=A=1",
        "--no-fork"
      })
  void nothingToEnterRunsNothing(String option) throws Exception {
    Run run = Run.of(Tools.JNSENTER, option, "echo", "ran");
    assertEquals("exited 1", run.status());
    assertEquals("", run.out());
    assertTrue(run.err().contains("no namespace specified"), run::toString);
  }
}
