package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
  @TempDir Path root;
  private Tree tree;
  private HostFiles files;

  @BeforeEach
  void makeFiles() throws Exception {
    tree = new Tree(root);
    files = tree.files();
    tree.write("/good/object", "{\"a\": 1}");
    tree.write("/good/array", "[1]");
    tree.write("/good/half", "{\"a\": ");
    tree.write("/good/deep", "[".repeat(100_000));
    tree.write("/good/pid", "4711\n");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String failure(Executable task) {
    return assertThrows(NamespaceException.class, task).getMessage();
  }

  @Test
  void readsWhatIsThere() throws Exception {
    assertEquals(1, files.object("/good/object").getInt("a"));
    assertEquals(1, files.array("/good/array").getInt(0));
    assertEquals(4711, files.pid("/good/pid"));
    assertEquals(5, files.list("/good").size());
    assertTrue(files.present("/good"));
  }

  @Test
  void whatIsNotThereIsNoError() throws Exception {
    assertNull(files.text("/none/at/all"));
    assertNull(files.object("/good/none"));
    assertNull(files.array("/good/none"));
    assertEquals(0, files.pid("/good/none"));
    assertEquals(List.of(), files.list("/none"));
    assertFalse(files.present("/none"));
  }

  @Test
  void namesTheFileThatIsMalformed() {
    String start = "read(" + root + "/good/";
    assertTrue(failure(() -> files.object("/good/half")).startsWith(start + "half): "));
    assertTrue(failure(() -> files.object("/good/array")).startsWith(start + "array): "));
    assertTrue(failure(() -> files.array("/good/object")).startsWith(start + "object): "));
    assertTrue(failure(() -> files.pid("/good/half")).startsWith(start + "half): "));
    assertTrue(failure(() -> files.array("/good/deep")).endsWith("nested too deep"));
  }

  @Test
  void aFileInPlaceOfADirectoryIsAnError() {
    assertTrue(failure(() -> files.list("/good/pid")).endsWith("not a directory"));
    assertTrue(failure(() -> files.text("/good")).contains("/good"));
  }

  @Test
  void whatMayNotBeReadIsNotAbsent() throws Exception {
    Files.setPosixFilePermissions(
        tree.path("/good/pid"), PosixFilePermissions.fromString("---------"));
    assertForbidden("/good/pid", () -> files.pid("/good/pid"));
    Files.setPosixFilePermissions(tree.path("/good"), PosixFilePermissions.fromString("---------"));
    try {
      assertForbidden("/good/object", () -> files.object("/good/object"));
      assertForbidden("/good/none", () -> files.text("/good/none"));
      assertForbidden("/good", () -> files.list("/good"));
      assertTrue(AsNobody.call(() -> files.present("/good/none")));
    } finally {
      Files.setPosixFilePermissions(
          tree.path("/good"), PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void assertForbidden(String path, Executable task) throws Exception {
    NamespaceException e = AsNobody.call(() -> assertThrows(NamespaceException.class, task));
    assertEquals(Optional.of(Errno.EACCES), e.errno());
    assertEquals("open(" + root + path + "): EACCES: Permission denied", e.getMessage());
  }
}
