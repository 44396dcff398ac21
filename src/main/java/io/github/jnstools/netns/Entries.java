package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.sys.Directory;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The entries of a directory that is open: looked at, named and removed. */
final class Entries implements AutoCloseable {
  /** The name of an entry that is being made. */
  static final OsString TEMPORARY = OsString.ofLatin1(LinkName.TEMPORARY + "new");

  /** An entry, and which file it was then. */
  record Found(NamedNetns entry, FileStatus status) {}

  private final Directory lock;
  private final Directory directory;
  private final Marks marks;
  private final Examiner examiner;
  private final Origin here;

  private Entries(Directory lock, Directory directory, Origin here) throws NamespaceException {
    this.lock = lock;
    this.directory = directory;
    this.marks = new Marks(directory);
    this.examiner = new Examiner(directory, marks, here);
    this.here = here;
  }

  /** Opens a directory to look at. */
  static Entries at(OsString path, Origin here) throws NamespaceException {
    return of(null, Directory.at(path), here);
  }

  /** Opens a directory to change it, and keeps others from that until this is closed. */
  static Entries locked(OsString path, Origin here) throws NamespaceException {
    return locked(Directory.at(path), path, false, here);
  }

  /**
   * Opens a directory to change it, and keeps others from that until this is closed.
   *
   * @param lock the directory, which is taken over
   * @param shared whether what is mounted in it is to reach other mount namespaces
   */
  static Entries locked(Directory lock, OsString path, boolean shared, Origin here)
      throws NamespaceException {
    Entries entries;
    try {
      lock.lock();
      if (shared) {
        try (Directory top = Directory.at(path)) {
          top.share();
        }
      }
      // Opened anew: what was mounted on it meanwhile covers the one that is locked.
      entries = of(lock, Directory.at(path), here);
    } catch (NamespaceException e) {
      lock.close();
      throw e;
    }
    try {
      // Whoever made it held the lock, so it is a leftover.
      entries.removeTemporary();
      return entries;
    } catch (NamespaceException e) {
      entries.close();
      throw e;
    }
  }

  private static Entries of(Directory lock, Directory directory, Origin here)
      throws NamespaceException {
    try {
      return new Entries(lock, directory, here);
    } catch (NamespaceException e) {
      directory.close();
      throw e;
    }
  }

  List<OsString> names() throws NamespaceException {
    List<OsString> names = new ArrayList<>(directory.list());
    names.remove(TEMPORARY);
    Collections.sort(names);
    return names;
  }

  /** An entry as it is, though others may change it meanwhile. */
  Optional<Found> find(OsString name) throws NamespaceException {
    Optional<FileStatus> status = directory.status(name);
    while (status.isPresent()) {
      NamedNetns entry = examiner.examine(name, status.get());
      Optional<FileStatus> after = directory.status(name);
      if (after.equals(status)) {
        return Optional.of(new Found(entry, status.get()));
      }
      status = after;
    }
    return Optional.empty();
  }

  /** See {@link NetnsDirectory#nameFor}. */
  OsString nameFor(OwnerMark owner, boolean mount, boolean force) throws NamespaceException {
    OsString first = LinkName.of(owner);
    OsString second = LinkName.ofClash(owner);
    Optional<Found> found = find(first);
    if (found.isPresent() && !Rules.isFree(found.get().entry(), owner, mount, force)) {
      return second;
    }
    return isOf(found, owner) || !isOf(find(second), owner) ? first : second;
  }

  private static boolean isOf(Optional<Found> found, OwnerMark owner) {
    return found.isPresent() && Rules.isOf(found.get().entry(), owner);
  }

  /** {@code /run/netns/web}, for messages. */
  String context(OsString name) {
    return directory.context(name);
  }

  /** Opens what an entry leads to. */
  Namespace open(NamedNetns entry) throws NamespaceException {
    OsString path = directory.through(entry.name());
    return Namespace.at(entry.id().get().type(), path, context(entry.name()));
  }

  /**
   * An entry to be made.
   *
   * @param before the one that it takes the place of
   */
  NewEntry make(
      OsString name, Optional<Found> before, Target target, Namespace net, OwnerMark owner) {
    return new NewEntry(this, directory, marks, new Mark(here, owner), name, before, target, net);
  }

  /**
   * Removes an entry, unless another one has its name by now.
   *
   * @return whether it was removed
   */
  boolean remove(Found found) throws NamespaceException {
    Optional<FileStatus> file = uncover(found);
    if (file.isEmpty() || !directory.unlink(found.entry().name())) {
      return false;
    }
    marks.forget(file.get());
    return true;
  }

  /**
   * Takes off what is mounted on an entry's file, if there is something.
   *
   * @return the file or link; empty if another one has its name by now
   */
  Optional<FileStatus> uncover(Found found) throws NamespaceException {
    OsString name = found.entry().name();
    if (found.entry().kind() != Kind.BIND) {
      Optional<FileStatus> now = directory.status(name);
      return now.equals(Optional.of(found.status())) ? now : Optional.empty();
    }
    try (Fd mount = directory.openEntry(name)) {
      // Looked at again with the mount in hand: this one is taken off, or none.
      Optional<Found> now = find(name);
      if (now.isEmpty() || !now.get().entry().owner().equals(found.entry().owner())) {
        return Optional.empty();
      }
      Sys.umountDetached(mount, context(name));
    } catch (NamespaceException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
    Optional<FileStatus> file = directory.status(name);
    return file.isPresent() && marks.of(name, file.get()).isPresent() ? file : Optional.empty();
  }

  /** Forgets the marks of entries that are not there. */
  void forgetLostMarks() throws NamespaceException {
    marks.retain(names());
  }

  /** Removes what has the name of an entry that is being made, if there is something. */
  void removeTemporary() throws NamespaceException {
    directory.unlink(TEMPORARY);
  }

  @Override
  public void close() {
    marks.close();
    directory.close();
    if (lock != null) {
      lock.close();
    }
  }
}
