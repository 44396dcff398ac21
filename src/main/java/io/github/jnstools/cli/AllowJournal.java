package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.cli.AllowRecord.State;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where it is kept what {@code jdocknet allow} wrote last, until the host starts anew, as the rules
 * are. Only root can look into it. Each network namespace has its own: it has rules of its own.
 */
final class AllowJournal {
  private static final Path ROOT = Path.of("/run/jnstools");
  private static final String RECORD = "record.json";
  private static final String LOCK = "lock";
  private static final String GUARD = "guard";

  private final Path directory;

  private AllowJournal(Path directory) {
    this.directory = directory;
  }

  /** Of the network namespace that this runs in. */
  static AllowJournal ofHere() throws IOException {
    String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    make(ROOT, "rwxr-xr-x");
    return at(ROOT.resolve("allow-" + namespace.replaceAll("\\D", "")));
  }

  /** In a directory, which is made if it is missing. */
  static AllowJournal at(Path directory) throws IOException {
    make(directory, "rwx------");
    return new AllowJournal(directory);
  }

  private static void make(Path directory, String mode) throws IOException {
    try {
      Files.createDirectory(
          directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    } catch (FileAlreadyExistsException e) {
      // Made by an earlier run.
    } catch (IOException e) {
      throw new NamespaceException("mkdir", directory.toString(), reason(e), "run as root");
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "");
  }

  /** Waits until no other writes, and keeps others from it until this is closed, or all is over. */
  FileChannel lock() throws IOException {
    FileChannel channel = open(LOCK);
    channel.lock();
    return channel;
  }

  /** Tells others, until this is closed, that this process takes back what is not confirmed. */
  FileChannel guard() throws IOException {
    FileChannel channel = open(GUARD);
    channel.lock();
    return channel;
  }

  /** Whether there is a process that does so. */
  boolean isGuarded() throws IOException {
    try (FileChannel channel = open(GUARD)) {
      return channel.tryLock() == null;
    }
  }

  private FileChannel open(String name) throws IOException {
    return FileChannel.open(
        directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** What was written last; empty if nothing was. */
  Optional<AllowRecord> read() throws IOException {
    Path file = directory.resolve(RECORD);
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(AllowRecord.parse(text));
    } catch (IOException e) {
      throw new NamespaceException(
          "read", file.toString(), "not as jdocknet wrote it: " + e.getMessage(), "remove it");
    }
  }

  /** Whether a write waits to be confirmed, and would be taken back. */
  boolean waits() throws IOException {
    Optional<AllowRecord> record = read();
    return record.isPresent() && record.get().state() == State.WAITS && isGuarded();
  }

  /** Whether that is one of this id. */
  boolean waits(String id) throws IOException {
    Optional<AllowRecord> record = read();
    return record.isPresent()
        && record.get().id().equals(id)
        && record.get().state() == State.WAITS;
  }

  /** Keeps it instead of what was kept before: whole, or not at all. Asks for the lock. */
  void write(AllowRecord record) throws IOException {
    Path made = directory.resolve(RECORD + ".new");
    Files.writeString(made, record.json());
    Files.move(
        made,
        directory.resolve(RECORD),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
