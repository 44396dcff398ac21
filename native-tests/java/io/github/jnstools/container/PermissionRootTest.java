package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said where the caller may not ask. */
@RootTest
class PermissionRootTest {
  @TempDir Path directory;

  /** Root's rights over the files of others are what permissions do not hold. */
  private static String ask(String engine, String reference, Path path) throws Exception {
    Path target = Tools.PROJECT.resolve("target");
    return Run.of(
            "setpriv",
            "--bounding-set=-dac_override,-dac_read_search",
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            target.resolve("jnstools.jar")
                + ":"
                + target.resolve("test-classes")
                + ":"
                + target.resolve("test-lib/*"),
            WithoutPermission.class.getName(),
            engine,
            reference,
            path.toString())
        .mustSucceed()
        .out();
  }

  private static void deny(Path path) throws Exception {
    Files.setAttribute(path, "unix:uid", 7);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aSocketOfDocker() throws Exception {
    Path socket = directory.resolve("docker.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      deny(socket);
      assertEquals(
          "connect("
              + socket
              + "): EACCES: Permission denied\n"
              + "run as root, or as a member of the group docker\n",
          ask("docker", "web", socket));
    }
  }

  @Test
  void aSocketInADirectoryThatMayNotBeSearched() throws Exception {
    Path hidden = Files.createDirectory(directory.resolve("podman"));
    Path socket = hidden.resolve("podman.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      deny(hidden);
      assertEquals(
          "connect("
              + socket
              + "): EACCES: Permission denied\n"
              + "the socket is for its owner and its group; run as root\n",
          ask("podman", "web", socket));
    }
  }

  @Test
  void aProcessThatProcHides() throws Exception {
    Path process = Files.createDirectory(directory.resolve("7"));
    Files.writeString(process.resolve("stat"), "7 (x) S");
    deny(process);
    assertEquals(
        "open(/proc/7/stat): EACCES: Permission denied\n"
            + "this /proc is mounted so that it hides the processes of others; run as root\n",
        ask("pid", "7", directory));
  }
}
