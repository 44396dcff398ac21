package io.github.jnstools.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTest {
  private static final OsString A = OsString.of("a");
  private static final OsString B = OsString.of("b");

  @TempDir Path path;
  private Directory directory;

  @BeforeEach
  void open() throws NamespaceException {
    directory = Directory.at(OsString.of(path));
  }

  @AfterEach
  void close() {
    directory.close();
  }

  private static void assertFails(Errno errno, String operation, Executable call) {
    NamespaceException e = assertThrows(NamespaceException.class, call);
    assertTrue(e.is(errno), e.getMessage());
    assertEquals(operation, e.operation());
  }

  @Test
  void opensNothingElse() throws IOException {
    Path file = Files.createFile(path.resolve("file"));
    assertFails(Errno.ENOTDIR, "openat", () -> Directory.at(OsString.of(file)));
    assertFails(Errno.ENOENT, "openat", () -> Directory.at(OsString.of(path.resolve("no"))));
  }

  @Test
  void listsAllNamesButItsOwnAndItsParents() throws IOException {
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 3000; i++) {
      expected.add("an-entry-with-a-rather-long-name-" + i);
    }
    for (String name : expected) {
      Files.createFile(path.resolve(name));
    }
    for (int round = 0; round < 2; round++) {
      List<String> names = new ArrayList<>();
      for (OsString name : directory.list()) {
        names.add(name.toLatin1());
      }
      assertEquals(expected.size(), names.size());
      assertEquals(expected, new TreeSet<>(names));
    }
  }

  @Test
  void holdsNamesOfAnyBytes() throws IOException {
    OsString odd = OsString.ofBytes((byte) 0xff, (byte) '\n', (byte) 0x80);
    directory.symlink(OsString.ofBytes((byte) 0xfe), odd);
    assertEquals(List.of(odd), directory.list());
    assertEquals(OsString.ofBytes((byte) 0xfe), directory.readlink(odd));
    directory.unlink(odd);
    assertEquals(List.of(), directory.list());
  }

  @Test
  void tellsWhatAnEntryIsWithoutFollowingIt() throws IOException {
    Files.createFile(path.resolve("a"));
    Files.createDirectory(path.resolve("b"));
    directory.symlink(A, OsString.of("link"));
    FileStatus file = directory.status(A).orElseThrow();
    FileStatus link = directory.status(OsString.of("link")).orElseThrow();
    assertTrue(file.isRegular() && !file.isLink() && !file.isDirectory());
    assertTrue(link.isLink() && !link.isRegular() && !link.isDirectory());
    assertTrue(directory.status(B).orElseThrow().isDirectory());
    assertTrue(directory.status().isDirectory());
    assertFalse(file.sameFile(link));
    assertTrue(file.sameFile(directory.status(A).orElseThrow()));
    assertEquals(Files.getAttribute(path.resolve("a"), "unix:ino"), file.inode());
    assertEquals(Files.getAttribute(path.resolve("a"), "unix:dev"), file.device());
    assertEquals(Files.getLastModifiedTime(path.resolve("a")).toInstant(), file.modified());
  }

  @Test
  void hasNothingOfANameThatIsNotThereOrCannotBe() throws NamespaceException {
    assertEquals(Optional.empty(), directory.status(A));
    assertEquals(Optional.empty(), directory.status(OsString.ofLatin1("a".repeat(256))));
    assertFalse(directory.unlink(A));
    assertFails(Errno.ENOENT, "readlinkat", () -> directory.readlink(A));
  }

  @Test
  void givesASecondNameOnlyWhereThereIsNone() throws IOException {
    directory.symlink(OsString.of("/nowhere"), A);
    directory.link(A, B);
    assertTrue(directory.status(A).orElseThrow().sameFile(directory.status(B).orElseThrow()));
    assertTrue(directory.status(B).orElseThrow().isLink());
    assertFails(Errno.EEXIST, "linkat", () -> directory.link(A, B));
    assertFails(Errno.EEXIST, "symlinkat", () -> directory.symlink(A, B));
    assertFails(Errno.EEXIST, "openat", () -> directory.create(A, 0).close());
  }

  @Test
  void renamesOverALinkButFollowsNone() throws IOException {
    Path file = Files.createFile(path.resolve("file"));
    directory.symlink(OsString.of(file), B);
    directory.symlink(OsString.of("/nowhere"), A);
    directory.rename(A, B);
    assertEquals("/nowhere", Files.readSymbolicLink(path.resolve("b")).toString());
    assertTrue(Files.exists(file));
    assertFalse(Files.exists(path.resolve("a"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void opensAnEntryOrWhatItLeadsTo() throws IOException {
    Files.writeString(path.resolve("file"), "content");
    directory.symlink(OsString.of("file"), A);
    try (Fd itself = directory.openEntry(A);
        Fd file = directory.open(A, Sys.O_RDONLY)) {
      assertTrue(Sys.fstat(itself, "").isLink());
      assertEquals("content", new String(Sys.readAll(file, ""), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void makesAFileWithItsPermissions() throws IOException {
    directory.create(A, 0).close();
    assertEquals(
        PosixFilePermissions.fromString("---------"),
        Files.getPosixFilePermissions(path.resolve("a")));
  }

  @Test
  void makesWhatIsMissingAboveItself() throws IOException {
    Path deep = path.resolve("x/y/z");
    for (int round = 0; round < 2; round++) {
      try (Directory made = Directory.make(OsString.of(deep), 0755)) {
        assertTrue(made.status().isDirectory());
        assertEquals(deep + "/a", made.context(A));
      }
    }
    Files.createFile(path.resolve("file"));
    assertFails(
        Errno.ENOTDIR,
        "mkdir",
        () -> Directory.make(OsString.of(path.resolve("file/z")), 0755).close());
  }

  @Test
  void staysTheSameDirectoryWhateverHappensToItsPath() throws IOException {
    Path before = Files.createDirectory(path.resolve("before"));
    try (Directory moved = Directory.at(OsString.of(before))) {
      Files.move(before, path.resolve("after"));
      Files.createDirectory(before);
      moved.symlink(OsString.of("/nowhere"), A);
      assertTrue(Files.isSymbolicLink(path.resolve("after/a")));
      assertEquals("/nowhere", Files.readSymbolicLink(Path.of(moved.through(A).toLatin1())) + "");
    }
  }

  @Test
  void locksOutWhoeverElseLocksIt() throws Exception {
    directory.lock();
    Thread second;
    try (Directory other = Directory.at(OsString.of(path))) {
      List<String> order = new ArrayList<>();
      second =
          new Thread(
              () -> {
                try {
                  other.lock();
                  order.add("locked");
                } catch (NamespaceException e) {
                  order.add(e.getMessage());
                }
              });
      second.start();
      while (second.getState() != Thread.State.TIMED_WAITING) {
        assertTrue(second.isAlive(), order::toString);
        Thread.onSpinWait();
      }
      order.add("released");
      directory.close();
      second.join();
      assertEquals(List.of("released", "locked"), order);
    }
  }

  @Test
  void doesNotWaitForALockForEver() throws Exception {
    directory.lock();
    try (Directory other = Directory.at(OsString.of(path))) {
      NamespaceException e =
          assertThrows(NamespaceException.class, () -> other.lock(Duration.ofMillis(20)));
      assertTrue(e.is(Errno.EAGAIN), e.getMessage());
      assertTrue(e.hint().orElseThrow().contains("lslocks"));
    }
  }

  @Test
  void hasNoAttributeThatWasNotSet() throws IOException {
    Files.createFile(path.resolve("a"));
    NamespaceException e =
        assertThrows(
            NamespaceException.class, () -> directory.attribute(A, "trusted.jnstools.test"));
    assertTrue(e.is(Errno.ENODATA) || e.is(Errno.EOPNOTSUPP), e.getMessage());
  }
}
