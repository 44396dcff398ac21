package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.proc.Procfs;
import io.github.jnstools.sys.Directory;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the marks of one directory's entries: on a link or file itself, in an extended attribute
 * that only root can write; else in a file of its own in {@code /run/jnstools}, which says which
 * entry it means. The mark of a mount is that of the file below it.
 */
final class Marks implements AutoCloseable {
  private static final String ROOT = "/run/jnstools";
  private static final String ATTRIBUTE = "trusted.jnstools.netns";
  private static final OsString TEMPORARY = Entries.TEMPORARY;
  private static final long FIRST_USER_NAMESPACE = 0xEFFFFFFDL;
  private static final int CAP_SYS_ADMIN = 21;
  private static final int READABLE = 0644;
  private static final int SEARCHABLE = 0755;

  private final Directory directory;
  private final long device;
  private final OsString files;
  private Optional<Directory> uncovered;
  private Optional<Boolean> complete = Optional.empty();

  /** For a directory. */
  Marks(Directory directory) throws NamespaceException {
    this.directory = directory;
    FileStatus status = directory.status();
    this.device = status.device();
    this.files =
        OsString.ofLatin1(
            ROOT
                + "/netns-"
                + Long.toHexString(status.device())
                + "-"
                + Long.toHexString(status.inode()));
  }

  /** Whether what has no mark to be seen has none: the kernel shows attributes to few. */
  boolean isComplete() throws NamespaceException {
    if (complete.isEmpty()) {
      long inode = Sys.stat(OsString.of("/proc/thread-self/ns/user")).inode();
      complete = Optional.of(inode == FIRST_USER_NAMESPACE && hasSysAdmin());
    }
    return complete.get();
  }

  private static boolean hasSysAdmin() throws NamespaceException {
    try {
      return (Procfs.HERE.status("thread-self").effective() >> CAP_SYS_ADMIN & 1) != 0;
    } catch (IOException e) {
      throw new NamespaceException("read", "/proc/thread-self/status", e.getMessage(), null);
    }
  }

  /** That of a link or a file. */
  Optional<Mark> of(OsString name, FileStatus entry) throws NamespaceException {
    return of(directory, name, entry);
  }

  /**
   * That of what is below a mount. What is not known to be the entry's own is none: names, and the
   * inode numbers of namespaces, are used again.
   */
  Optional<Mark> ofCovered(OsString name) throws NamespaceException {
    if (uncovered().isEmpty()) {
      return Optional.empty();
    }
    Directory below = uncovered().get();
    Optional<FileStatus> file = below.status(name);
    return file.isPresent() ? of(below, name, file.get()) : Optional.empty();
  }

  private Optional<Mark> of(Directory where, OsString name, FileStatus entry)
      throws NamespaceException {
    try {
      return Optional.of(Mark.parse(where.attribute(name, ATTRIBUTE)));
    } catch (NamespaceException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty(); // somebody without the lock has just removed it
      }
      if (!e.is(Errno.ENODATA) && !cannot(e)) {
        throw e;
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // of a version to come: not ours to touch
    }
    return read(entry);
  }

  /** The directory with the files that mounts cover; empty for who may not see them. */
  private Optional<Directory> uncovered() throws NamespaceException {
    if (uncovered == null) {
      try {
        uncovered = Optional.of(directory.uncovered());
      } catch (NamespaceException e) {
        // EINVAL: mounts that came with a user namespace may not be looked under.
        if (!e.is(Errno.EPERM) && !e.is(Errno.EINVAL)) {
          throw e;
        }
        uncovered = Optional.empty();
      }
    }
    return uncovered;
  }

  /**
   * Marks a link or file.
   *
   * @param entry which file it is
   */
  void put(OsString name, FileStatus entry, Mark mark) throws NamespaceException {
    try {
      directory.setAttribute(name, ATTRIBUTE, mark.encode());
    } catch (NamespaceException e) {
      if (!cannot(e)) {
        throw e;
      }
      write(entry, mark);
    }
  }

  /** Without CAP_SYS_ADMIN, or on a file system that has none. */
  private static boolean cannot(NamespaceException e) {
    return e.is(Errno.EPERM) || e.is(Errno.EACCES) || e.is(Errno.EOPNOTSUPP);
  }

  /** Removes what is kept for a link or file that is gone. */
  void forget(FileStatus entry) throws NamespaceException {
    try (Directory kept = Directory.at(files)) {
      kept.unlink(key(entry));
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
  }

  /** Removes all that is kept for others than the entries of these names. */
  void retain(List<OsString> names) throws NamespaceException {
    Directory entries = uncovered().orElse(directory);
    List<OsString> keys = new ArrayList<>();
    for (OsString name : names) {
      Optional<FileStatus> status = entries.status(name);
      if (status.isPresent() && status.get().device() != device) {
        return; // who may not see what is below a mount cannot tell whose mark is lost
      }
      if (status.isPresent()) {
        keys.add(key(status.get()));
      }
    }
    try (Directory kept = Directory.at(files)) {
      for (OsString key : kept.list()) {
        if (!keys.contains(key)) {
          kept.unlink(key);
        }
      }
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
  }

  private static OsString key(FileStatus entry) {
    return OsString.ofLatin1(Long.toUnsignedString(entry.inode()));
  }

  /** A link or file keeps its inode and the time of its making under every name. */
  private static String identity(FileStatus entry) {
    return "entry " + Long.toUnsignedString(entry.inode()) + " " + entry.modified();
  }

  private Optional<Mark> read(FileStatus entry) throws NamespaceException {
    byte[] content;
    try (Directory kept = Directory.at(files);
        Fd file = kept.open(key(entry), Sys.O_RDONLY)) {
      content = Sys.readAll(file, kept.context(key(entry)));
    } catch (NamespaceException e) {
      requireAbsent(e);
      return Optional.empty();
    }
    String text = new String(content, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    if (end < 0 || !text.substring(0, end).equals(identity(entry))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Mark.parse(text.substring(end + 1).getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void write(FileStatus entry, Mark mark) throws NamespaceException {
    try (Directory kept = Directory.make(files, SEARCHABLE)) {
      kept.unlink(TEMPORARY);
      try (Fd file = kept.create(TEMPORARY, READABLE)) {
        byte[] identity = (identity(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        Sys.write(file, identity, kept.context(TEMPORARY));
        Sys.write(file, mark.encode(), kept.context(TEMPORARY));
      }
      kept.rename(TEMPORARY, key(entry));
    }
  }

  private static void requireAbsent(NamespaceException e) throws NamespaceException {
    if (!e.is(Errno.ENOENT)) {
      throw e;
    }
  }

  @Override
  public void close() {
    if (uncovered != null && uncovered.isPresent()) {
      uncovered.get().close();
    }
  }
}
