package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.OsString;
import io.github.jnstools.sys.Directory;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the marks of one directory's entries: on a link or file itself, in an extended attribute
 * that only root can write; else in a file beside others in {@code /run/jnstools}, which says which
 * entry it means. What a mount covers cannot be read, so a mount's is always in such a file.
 */
final class Marks {
  private static final String ATTRIBUTE = "trusted.jnstools.netns";
  private static final OsString TEMPORARY = OsString.of(LinkName.TEMPORARY + "new");
  private static final String ENTRIES = "entries";
  private static final String MOUNTS = "mounts";
  private static final int READABLE = 0644;
  private static final int SEARCHABLE = 0755;

  private final Directory directory;
  private final String files;

  /**
   * For a directory.
   *
   * @param root where the files are kept: {@code /run/jnstools}
   */
  Marks(Directory directory, String root) throws NamespaceException {
    this.directory = directory;
    FileStatus status = directory.status();
    this.files =
        root
            + "/netns-"
            + Long.toHexString(status.device())
            + "-"
            + Long.toHexString(status.inode());
  }

  /** That of a link or a file. */
  Optional<Mark> ofEntry(OsString name, FileStatus entry) throws NamespaceException {
    try {
      return Optional.of(Mark.parse(directory.attribute(name, ATTRIBUTE)));
    } catch (NamespaceException e) {
      if (!e.is(Errno.ENODATA) && !cannot(e)) {
        throw e;
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // of a version to come: not ours to touch
    }
    return read(ENTRIES, key(entry), identity(entry));
  }

  /** That of a mount. */
  Optional<Mark> ofMount(OsString name, NamespaceId mounted) throws NamespaceException {
    return read(MOUNTS, name, identity(mounted));
  }

  /**
   * Marks a link or file.
   *
   * @param entry which file it is
   */
  void putOnEntry(OsString name, FileStatus entry, Mark mark) throws NamespaceException {
    try {
      directory.setAttribute(name, ATTRIBUTE, mark.encode());
    } catch (NamespaceException e) {
      if (!cannot(e)) {
        throw e;
      }
      write(ENTRIES, key(entry), identity(entry), mark);
    }
  }

  /** Marks what is about to be mounted. */
  void putForMount(OsString name, NamespaceId mounted, Mark mark) throws NamespaceException {
    write(MOUNTS, name, identity(mounted), mark);
  }

  /** Removes what is kept for a link or file that is gone. */
  void forgetEntry(FileStatus entry) throws NamespaceException {
    forget(ENTRIES, key(entry));
  }

  /** Removes what is kept for a mount that is gone. */
  void forgetMount(OsString name) throws NamespaceException {
    forget(MOUNTS, name);
  }

  /** Removes all that is kept for others than these. */
  void retain(List<FileStatus> entries, List<OsString> mounts) throws NamespaceException {
    List<OsString> keys = new ArrayList<>();
    for (FileStatus entry : entries) {
      keys.add(key(entry));
    }
    retain(ENTRIES, keys);
    retain(MOUNTS, mounts);
  }

  private void retain(String kind, List<OsString> keys) throws NamespaceException {
    try (Directory kept = Directory.at(path(kind))) {
      for (OsString key : kept.list()) {
        if (!keys.contains(key)) {
          remove(kept, key);
        }
      }
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
  }

  /** Without CAP_SYS_ADMIN, or on a file system that has none. */
  private static boolean cannot(NamespaceException e) {
    return e.is(Errno.EPERM) || e.is(Errno.EACCES) || e.is(Errno.EOPNOTSUPP);
  }

  private static OsString key(FileStatus entry) {
    return OsString.ofLatin1(Long.toUnsignedString(entry.inode()));
  }

  /** A link keeps its inode and the time of its making under every name. */
  private static String identity(FileStatus entry) {
    return "entry " + Long.toUnsignedString(entry.inode()) + " " + entry.modified();
  }

  private static String identity(NamespaceId mounted) {
    return "mount " + mounted;
  }

  private OsString path(String kind) {
    return OsString.ofLatin1(files + "/" + kind);
  }

  private Optional<Mark> read(String kind, OsString key, String identity)
      throws NamespaceException {
    byte[] content;
    try (Directory kept = Directory.at(path(kind));
        Fd file = kept.open(key, Sys.O_RDONLY)) {
      content = Sys.readAll(file, kept.context(key));
    } catch (NamespaceException e) {
      requireAbsent(e);
      return Optional.empty();
    }
    String text = new String(content, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    if (end < 0 || !text.substring(0, end).equals(identity)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Mark.parse(text.substring(end + 1).getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void write(String kind, OsString key, String identity, Mark mark)
      throws NamespaceException {
    try (Directory kept = Directory.make(path(kind), SEARCHABLE)) {
      remove(kept, TEMPORARY);
      try (Fd file = kept.create(TEMPORARY, READABLE)) {
        Sys.write(file, (identity + "\n").getBytes(StandardCharsets.UTF_8), kept.context(key));
        Sys.write(file, mark.encode(), kept.context(key));
      }
      kept.rename(TEMPORARY, key);
    }
  }

  private void forget(String kind, OsString key) throws NamespaceException {
    try (Directory kept = Directory.at(path(kind))) {
      remove(kept, key);
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
  }

  private static void remove(Directory kept, OsString key) throws NamespaceException {
    try {
      kept.unlink(key);
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
  }

  private static void requireAbsent(NamespaceException e) throws NamespaceException {
    if (!e.is(Errno.ENOENT)) {
      throw e;
    }
  }
}
