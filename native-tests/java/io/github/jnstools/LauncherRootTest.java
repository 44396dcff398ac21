package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.PublicCopy;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher: which Java it finds, and what it leaves of the caller's process. */
@RootTest
class LauncherRootTest {
  private static final String SELF = Long.toString(ProcessHandle.current().pid());

  @Test
  void leavesNoFileInTmp() throws Exception {
    // The checkout itself may be below /tmp.
    String script =
        "set -e; mkdir -p /run/checkout; mount --bind '"
            + Tools.PROJECT
            + "' /run/checkout; mount -t tmpfs tmpfs /tmp;"
            + " /run/checkout/scripts/jnsenter -n -t $PPID true; ls -A /tmp";
    assertEquals("", Run.of("unshare", "-m", "sh", "-c", script).mustSucceed().out());
  }

  @Test
  void keepsItsPid() throws Exception {
    String script = "echo $$; exec " + Tools.JNSENTER + " -n -t $PPID sh -c 'echo $$'";
    String[] pids = Run.of("sh", "-c", script).mustSucceed().out().split("\n");
    assertEquals(pids[0], pids[1]);
  }

  @Test
  void worksThroughALink(@TempDir Path directory) throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("jnsenter"), Path.of(Tools.JNSENTER));
    assertEquals(
        "in\n", Run.of(link.toString(), "-n", "-t", SELF, "echo", "in").mustSucceed().out());
  }

  @Test
  void worksFromItsOwnFolder() throws Exception {
    String script = "cd '" + Tools.PROJECT + "/scripts' && ./jnsenter -n -t $PPID echo in";
    assertEquals("in\n", Run.of("sh", "-c", script).mustSucceed().out());
  }

  @Test
  void javaHomeThatIsTooOldOrNoneIsPassedOver(@TempDir Path directory) throws Exception {
    Files.createDirectory(directory.resolve("bin"));
    Path java = Files.writeString(directory.resolve("bin/java"), "#!/bin/sh\necho wrong\n");
    assertTrue(java.toFile().setExecutable(true));
    for (String release :
        List.of("JAVA_VERSION=\"1.8.0_392\"\n", "JAVA_VERSION=\"11.0.2\"\n", "")) {
      Files.writeString(directory.resolve("release"), release);
      assertEquals("in\n", withJavaHome(directory).mustSucceed().out());
    }
  }

  @Test
  void javaHomeComesFirst(@TempDir Path directory) throws Exception {
    Files.createDirectory(directory.resolve("bin"));
    Path java = Files.writeString(directory.resolve("bin/java"), "#!/bin/sh\necho chosen\n");
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(
        directory.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.15\"\n");
    assertEquals("chosen\n", withJavaHome(directory).mustSucceed().out());
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    String script =
        "mount -t tmpfs tmpfs /usr/lib/jvm; unset JAVA_HOME; PATH=/nonexistent; export PATH; exec "
            + Tools.JNSENTER
            + " --version";
    Run run = Run.of("unshare", "-m", "sh", "-c", script);
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals(
        "jnsenter: no Java 17 or newer in JAVA_HOME, /usr/lib/jvm or PATH; install one: apt-get"
            + " install openjdk-17-jre-headless\n",
        run.err());
  }

  @Test
  void aJdkThatCannotBeExecutedIsNamed(@TempDir Path directory) throws Exception {
    Files.createDirectory(directory.resolve("bin"));
    Path java = Files.writeString(directory.resolve("bin/java"), "no program");
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"21\"\n");
    Run run = withJavaHome(directory);
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals("jnsenter: cannot execute " + java + ": Exec format error\n", run.err());
  }

  @Test
  void withoutItsJarItSaysWhatToDo() throws Exception {
    try (PublicCopy copy = PublicCopy.make()) {
      Path jar = copy.resolve("jnstools-commands.jar");
      Files.delete(jar);
      Run run = Run.of(copy.jnsenter(), "--version");
      assertEquals("exited 1", run.status(), run::toString);
      assertEquals(
          "jnsenter: "
              + jar
              + ": No such file or directory; build it (mvn package), or install it anew\n",
          run.err());
    }
  }

  @Test
  void variablesThatSteerAJvmReachTheProgramOnly() throws Exception {
    Map<String, String> variables = Map.of("JAVA_TOOL_OPTIONS", "-Dx=y", "_JAVA_OPTIONS", "-Dz=y");
    Run run =
        Run.of(
            "",
            variables,
            List.of(Tools.JNSENTER, "-n", "-t", SELF, "printenv", "JAVA_TOOL_OPTIONS"));
    assertEquals("-Dx=y\n", run.mustSucceed().out());
    assertEquals("", run.err());
  }

  @Test
  void variablesOfItsOwnDoNotReachTheProgram() throws Exception {
    Map<String, String> variables = Map.of("JNSTOOLS_CALLERS_FOO", "bar", "_JAVA_OPTIONS", "x");
    Run run = Run.of("", variables, List.of(Tools.JNSENTER, "-n", "-t", SELF, "env"));
    assertTrue(run.mustSucceed().out().contains("JNSTOOLS_CALLERS_FOO=bar\n"));
    assertTrue(run.out().contains("\n_JAVA_OPTIONS=x\n") && !run.out().contains("\nFOO="));
    assertTrue(!run.out().contains("JNSTOOLS_PLAN"));
  }

  @Test
  void aLargeEnvironmentArrivesWhole() throws Exception {
    String large = "x".repeat(120_000);
    Map<String, String> variables = Map.of("ONE", large, "TWO", large);
    Run run =
        Run.of(
            "", variables, List.of(Tools.JNSENTER, "-n", "-t", SELF, "sh", "-c", "echo $ONE$TWO"));
    assertEquals(large + large + "\n", run.mustSucceed().out());
  }

  private static Run withJavaHome(Path home) throws Exception {
    return Run.of(
        "",
        Map.of("JAVA_HOME", home.toString()),
        List.of(Tools.JNSENTER, "-n", "-t", SELF, "echo", "in"));
  }
}
