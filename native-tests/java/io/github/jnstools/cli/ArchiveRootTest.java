package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.PublicCopy;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The archives of classes that the build makes: used, or done without, and never spoken of. */
@RootTest
class ArchiveRootTest {
  private static final int VERSION = Runtime.version().feature();
  private static final Map<String, String> THIS_JDK =
      Map.of("JAVA_HOME", System.getProperty("java.home"));

  private static final String ARCHIVE =
      "target/archive/jnetns-" + VERSION + (VERSION >= 25 ? ".aot" : ".jsa");

  /** What is mapped into a command that goes on. */
  private static String mapped(String jnetns) throws Exception {
    List<String> watch = List.of(jnetns, "--netns-dir", "/run/nothing", "watch");
    try (Running running = Running.start(THIS_JDK, watch)) {
      Poll.until(
          () -> "its libraries: " + running,
          () -> Proc.text(running.pid(), "maps").contains("libjnidispatch"));
      return Proc.text(running.pid(), "maps");
    }
  }

  private static void assertWorks(String jnetns) throws Exception {
    Run run = Run.of("", THIS_JDK, List.of(jnetns, "--netns-dir", "/run/nothing", "list"));
    assertTrue(run.succeeded(), run::toString);
    assertEquals("", run.err());
    assertTrue(run.out().startsWith("NAME  STATE"), run::toString);
    assertEquals(1, run.out().lines().count(), run::toString);
  }

  @Test
  void isMapped() throws Exception {
    assertTrue(mapped(Tools.JNETNS).contains(ARCHIVE));
  }

  @Test
  void isNotMappedIfItIsAnotherUsers() throws Exception {
    Path archive = Tools.PROJECT.resolve(ARCHIVE);
    Files.setAttribute(archive, "unix:uid", 65534);
    try {
      assertFalse(mapped(Tools.JNETNS).contains(ARCHIVE));
      assertWorks(Tools.JNETNS);
    } finally {
      Files.setAttribute(archive, "unix:uid", 0);
    }
  }

  @Test
  void isDoneWithoutWhereItDoesNotFit() throws Exception {
    try (PublicCopy copy = PublicCopy.make()) {
      assertWorks(copy.jnetns());
      Path archive = copy.resolve(ARCHIVE);
      Files.createDirectories(archive.getParent());
      Files.writeString(archive, "no archive");
      assertWorks(copy.jnetns());
      Files.writeString(archive, "");
      assertWorks(copy.jnetns());
      // Of a jar that is another file.
      Path made = Tools.PROJECT.resolve(ARCHIVE);
      Files.copy(made, archive, StandardCopyOption.REPLACE_EXISTING);
      assertWorks(copy.jnetns());
    }
  }
}
