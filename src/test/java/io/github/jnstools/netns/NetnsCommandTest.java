package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands with files in place of those of /etc: nothing is run. */
class NetnsCommandTest {
  private static final OsString NAME = OsString.of("web");
  private static final OsString TOP = OsString.of("top");

  @TempDir private Path etc;
  private Path own;

  @BeforeEach
  void makeDirectory() throws Exception {
    own = Files.createDirectories(etc.resolve("netns/web"));
  }

  private NetnsCommand command(OsString name) throws NamespaceException {
    try (Namespace net = Namespace.ofThread(NamespaceType.NET)) {
      return NetnsCommand.of(etc.toString(), name, net, TOP, List.of(TOP, OsString.of("-b")));
    }
  }

  /** The binds in the plan of a command, without the directory that stands for /etc. */
  private List<String> binds(OsString name) throws NamespaceException {
    List<String> binds = new ArrayList<>();
    try (Namespace net = Namespace.ofThread(NamespaceType.NET);
        Plan plan =
            Plan.of(NetnsCommand.of(etc.toString(), name, net, TOP, List.of(TOP)).command())) {
      for (String step : plan.explain()) {
        if (step.contains("MS_BIND")) {
          binds.add(step.replace(etc.toString(), ""));
        }
      }
    }
    return binds;
  }

  private static String bind(String file) {
    return "mount(/netns/web/" + file + ", /" + file + ", none, MS_BIND|MS_REC)";
  }

  @Test
  void joinsTheNamespaceAndMountsItsSysBeforeTheProgram() throws Exception {
    try (Namespace net = Namespace.ofThread(NamespaceType.NET);
        Plan plan = Plan.of(NetnsCommand.of(NAME, net, TOP, List.of(TOP)).command())) {
      List<String> steps = plan.explain();
      assertEquals("setns(/proc/thread-self/ns/net, CLONE_NEWNET)", steps.get(1));
      assertEquals("unshare(CLONE_NEWNS)", steps.get(2));
      assertEquals("mount(none, /, none, MS_REC|MS_SLAVE)", steps.get(3));
      assertEquals("openat(/sys, O_PATH)", steps.get(4));
      assertTrue(steps.get(5).startsWith("mount(sysfs, /sys, sysfs, "), steps.get(5));
      assertEquals("exec(top)", steps.get(steps.size() - 1));
    }
  }

  @Test
  void bindsFilesAndDirectoriesInTheOrderOfTheirNames() throws Exception {
    for (String file : List.of("resolv.conf", "hosts", ".hidden")) {
      Files.createFile(own.resolve(file));
      Files.createFile(etc.resolve(file));
    }
    Files.createDirectory(own.resolve("iproute2"));
    Files.createDirectory(etc.resolve("iproute2"));
    assertEquals(
        List.of(bind(".hidden"), bind("hosts"), bind("iproute2"), bind("resolv.conf")),
        binds(NAME));
    assertEquals(List.of(), command(NAME).warnings());
  }

  @Test
  void bindsNothingWhereNothingIs() throws Exception {
    assertEquals(List.of(), binds(NAME));
    assertEquals(List.of(), binds(OsString.of("other")));
    assertEquals(List.of(), command(OsString.of("other")).warnings());
  }

  @Test
  void warnsOfWhatCannotBeBound() throws Exception {
    Files.createFile(own.resolve("absent"));
    Files.createFile(own.resolve("hosts"));
    Files.createDirectory(etc.resolve("hosts"));
    Files.createDirectory(own.resolve("rc"));
    Files.createFile(etc.resolve("rc"));
    Files.createSymbolicLink(own.resolve("circle"), Path.of("circle"));
    assertEquals(List.of(), binds(NAME));
    String from = "cannot bind " + own + "/";
    assertEquals(
        List.of(
            from + "absent: " + etc + "/absent does not exist",
            from + "circle: statx(" + own + "/circle): ELOOP: Too many levels of symbolic links",
            from + "hosts: " + etc + "/hosts is a directory",
            from + "rc: " + etc + "/rc is no directory"),
        command(NAME).warnings());
  }

  @Test
  void warnsWhereItsFilesAreNoDirectory() throws Exception {
    Files.createFile(etc.resolve("netns/file"));
    assertEquals(
        List.of(
            "cannot read "
                + etc
                + "/netns/file: openat("
                + etc
                + "/netns/file): ENOTDIR: Not a directory"),
        command(OsString.of("file")).warnings());
  }

  @Test
  void bindsNamesOfAnyBytes() throws Exception {
    String script = "for d in netns/web .; do touch \"$d/$(printf 'x\\377\\nx')\"; done";
    Process made = new ProcessBuilder("sh", "-c", script).directory(etc.toFile()).start();
    assertEquals(0, made.waitFor());
    assertEquals(List.of(bind("x\\xff\\x0ax")), binds(NAME));
  }

  @Test
  void bindsAllOfMany() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 1000; i < 3000; i++) {
      Files.createFile(own.resolve("a-rather-long-name-" + i));
      Files.createFile(etc.resolve("a-rather-long-name-" + i));
      expected.add(bind("a-rather-long-name-" + i));
    }
    assertEquals(expected, binds(NAME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/", "../other"})
  void refusesWhatIsNoName(String name) {
    assertThrows(IllegalArgumentException.class, () -> command(OsString.of(name)));
  }
}
