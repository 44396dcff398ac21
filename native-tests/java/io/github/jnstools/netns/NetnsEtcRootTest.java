package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Launched;
import io.github.jnstools.harness.NamedNet;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of {@code /etc} that a program in a named network namespace has of its own, beside those
 * that ip-netns(8) of iproute2 6.1 gives it.
 */
@RootTest
class NetnsEtcRootTest {
  private static final Path ETC = Path.of("/etc");
  private static final Path LAYERS = Path.of("/run/jns-etc");
  private static NamedNet net;
  private static Container box;

  /** What is written to /etc here is in a layer of the run's own. */
  @BeforeAll
  static void coverEtc() throws Exception {
    net = NamedNet.add("jns-etc");
    box = Container.start("--mount", "--pid", "--net");
    Files.createDirectories(LAYERS.resolve("upper"));
    Files.createDirectories(LAYERS.resolve("work"));
    String layers = "lowerdir=/etc,upperdir=" + LAYERS + "/upper,workdir=" + LAYERS + "/work";
    Run.of("mount", "-t", "overlay", "-o", layers, "overlay", "/etc").mustSucceed();
    Files.createDirectories(own());
  }

  @AfterAll
  static void uncoverEtc() throws Exception {
    Run.of("umount", "/etc").mustSucceed();
    Run.of("rm", "-r", LAYERS.toString()).mustSucceed();
    box.close();
    net.close();
  }

  @AfterEach
  void removeFiles() throws Exception {
    Run.of(
            "rm",
            "-rf",
            own().toString(),
            box.root() + "/etc/resolv.conf",
            box.root() + "/etc/hosts")
        .mustSucceed();
    Files.createDirectories(own());
  }

  private static Path own() {
    return ETC.resolve("netns").resolve(net.name());
  }

  private static Path boxFile(String name) {
    return box.root().resolve("etc").resolve(name);
  }

  private static NetnsCommand exec(Namespace namespace, String script) {
    List<OsString> argv = new ArrayList<>();
    for (String argument : List.of("sh", "-c", script)) {
      argv.add(OsString.of(argument));
    }
    return NetnsCommand.of(OsString.of(net.name()), namespace, argv.get(0), argv);
  }

  private static NetnsCommand withDns(Namespace namespace, String script) throws IOException {
    try (Target target = Target.of((int) box.pid())) {
      return exec(namespace, script).withDnsOf(target);
    }
  }

  @Test
  void filesAreBoundAsByIp() throws Exception {
    Path linked = Files.writeString(LAYERS.resolve("linked"), "linked\n");
    Files.writeString(own().resolve("hosts"), "own hosts\n");
    Files.writeString(own().resolve("jns-linked"), "own linked\n");
    Files.createDirectories(own().resolve("jns-directory"));
    Files.writeString(own().resolve("jns-directory/inner"), "own inner\n");
    Files.createSymbolicLink(ETC.resolve("jns-linked"), linked);
    Files.createDirectories(ETC.resolve("jns-directory"));
    String script =
        "cat /etc/hosts /etc/jns-linked " + linked + " /etc/jns-directory/*; cat /etc/resolv.conf";
    try (Namespace namespace = net.open()) {
      NetnsCommand exec = exec(namespace, script);
      assertEquals(List.of(), exec.warnings());
      String expected = "own hosts\nown linked\nown linked\nown inner\n";
      String out = Launched.output(exec.command());
      assertEquals(expected + Files.readString(ETC.resolve("resolv.conf")), out);
      assertEquals(net.exec("sh", "-c", script).mustSucceed().out(), out);
      assertEquals("linked\n", Files.readString(linked));
    } finally {
      Files.delete(ETC.resolve("jns-linked"));
      Files.delete(linked);
    }
  }

  @Test
  void whatHasNoPlaceIsAWarningAndTheProgramRuns() throws Exception {
    Files.writeString(own().resolve("jns-missing"), "");
    Files.createDirectories(own().resolve("hosts"));
    Files.writeString(own().resolve("netns"), "");
    Files.createSymbolicLink(own().resolve("jns-nowhere"), Path.of("/no/such"));
    Files.writeString(own().resolve("resolv.conf"), "own\n");
    try (Namespace namespace = net.open()) {
      NetnsCommand exec = exec(namespace, "cat /etc/resolv.conf");
      String from = own().toString();
      assertEquals(
          List.of(
              "cannot bind " + from + "/hosts: /etc/hosts is no directory",
              "cannot bind " + from + "/jns-missing: /etc/jns-missing does not exist",
              "cannot bind "
                  + from
                  + "/jns-nowhere: statx("
                  + from
                  + "/jns-nowhere): ENOENT: No such file or directory",
              "cannot bind " + from + "/netns: /etc/netns is a directory"),
          exec.warnings());
      assertEquals("own\n", Launched.output(exec.command()));
      Run ips = net.exec("cat", "/etc/resolv.conf");
      assertEquals("own\n", ips.mustSucceed().out());
      assertEquals(
          4, ips.err().lines().filter(line -> line.startsWith("Bind ")).count(), ips.err());
    }
  }

  @Test
  void aContainersResolverFilesWin() throws Exception {
    Files.writeString(own().resolve("resolv.conf"), "own\n");
    Files.writeString(own().resolve("hosts"), "own\n");
    Files.writeString(boxFile("real"), "nameserver 127.0.0.11\n");
    Files.createSymbolicLink(boxFile("resolv.conf"), Path.of("/etc/real"));
    Files.write(boxFile("hosts"), new byte[] {'1', ' ', (byte) 0xff, '\n'});
    List<String> run = list("/run");
    try (Namespace namespace = net.open()) {
      NetnsCommand exec =
          withDns(namespace, "cat /etc/resolv.conf /etc/hosts; stat -c %a /etc/resolv.conf");
      assertEquals(List.of(), exec.warnings());
      String out = Launched.output(exec.command());
      assertEquals("nameserver 127.0.0.11\n1 \u00ff\n644\n", out);
      assertEquals(out, Launched.output(exec.command()), "it can be launched again");
    } finally {
      Files.delete(boxFile("real"));
    }
    assertEquals(run, list("/run"));
  }

  private static List<String> list(String directory) throws Exception {
    return Run.of("find", directory, "-maxdepth", "2", "!", "-path", "*jnstools-run*")
        .out()
        .lines()
        .sorted()
        .toList();
  }

  @Test
  void aContainerWithoutHostsKeepsThoseOfThisHost() throws Exception {
    Files.writeString(boxFile("resolv.conf"), "");
    try (Namespace namespace = net.open()) {
      NetnsCommand exec = withDns(namespace, "cat /etc/resolv.conf /etc/hosts");
      String warning = "the container has no /etc/hosts, so that of this host is used";
      assertEquals(List.of(warning), exec.warnings());
      assertEquals(Files.readString(ETC.resolve("hosts")), Launched.output(exec.command()));
    }
  }

  private static NamespaceException refused() throws Exception {
    try (Namespace namespace = net.open()) {
      return assertThrows(NamespaceException.class, () -> withDns(namespace, "true"));
    }
  }

  @Test
  void aContainerWithoutResolvConfIsRefused() throws Exception {
    NamespaceException e = refused();
    assertEquals("dns(" + box.pid() + "): the container has no /etc/resolv.conf", e.getMessage());
    assertEquals(Optional.of("leave out --dns container"), e.hint());
  }

  @Test
  void aHostWithoutTheFileIsRefused() throws Exception {
    Files.writeString(boxFile("resolv.conf"), "box\n");
    Path file = ETC.resolve("resolv.conf");
    byte[] before = Files.readAllBytes(file);
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/run/no/such"));
    try {
      NamespaceException e = refused();
      String reason = "there is no such file here that the container's could be mounted over";
      assertEquals("mount(/etc/resolv.conf): " + reason, e.getMessage());
      assertEquals(Optional.of("create it: touch /etc/resolv.conf"), e.hint());
    } finally {
      Files.delete(file);
      Files.write(file, before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resolv.conf", "hosts"})
  void aHostileContainerIsRefused(String name) throws Exception {
    Files.writeString(boxFile("resolv.conf"), "box\n");
    Files.writeString(boxFile("hosts"), "box\n");
    Path file = boxFile(name);
    String path = "/proc/" + box.pid() + "/root/etc/" + name;
    Files.delete(file);
    // Its own init process: the link in its /proc leads to where it is already.
    Files.createSymbolicLink(file, Path.of("/proc/1/root/etc/shadow"));
    NamespaceException e = refused();
    assertEquals("openat2(" + path + "): EXDEV: Invalid cross-device link", e.getMessage());
    String hint = "a link in /proc leads out of the target's root directory; nothing was read";
    assertEquals(Optional.of(hint), e.hint());

    Files.delete(file);
    Run.of("mkfifo", file.toString()).mustSucceed();
    assertEquals("openat2(" + path + "): not a regular file", refused().getMessage());

    Files.delete(file);
    Run.of("mknod", file.toString(), "c", "1", "5").mustSucceed();
    assertEquals("openat2(" + path + "): not a regular file", refused().getMessage());

    Files.delete(file);
    Run.of("truncate", "-s", "1T", file.toString()).mustSucceed();
    assertEquals("read(" + path + "): longer than 16777216 bytes", refused().getMessage());

    Run.of("truncate", "-s", "1", file.toString()).mustSucceed();
    String noText = "dns(" + box.pid() + "): /etc/" + name + " is no text file";
    assertEquals(noText, refused().getMessage());
  }

  @Test
  void linksOfAContainerAreFollowedBelowItsRoot() throws Exception {
    Files.createSymbolicLink(boxFile("resolv.conf"), Path.of("/../../../../etc/jns-secret"));
    Files.writeString(ETC.resolve("jns-secret"), "the host's\n");
    Files.writeString(boxFile("jns-secret"), "the container's\n");
    try (Namespace namespace = net.open()) {
      String out = Launched.output(withDns(namespace, "cat /etc/resolv.conf").command());
      assertEquals("the container's\n", out);
    } finally {
      Files.delete(ETC.resolve("jns-secret"));
      Files.delete(boxFile("jns-secret"));
    }
    assertTrue(Files.exists(ETC.resolve("hosts")));
  }
}
