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

/** The entries of a directory that is open: looked at, made and removed. Decides nothing. */
final class Entries implements AutoCloseable {
  private static final OsString TEMPORARY = OsString.ofLatin1(LinkName.TEMPORARY + "new");
  // Those of a file that is only there to be covered, as iproute2 makes it.
  private static final int NO_ACCESS = 0;

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
   * Makes a link.
   *
   * @param before the entry that it takes the place of
   */
  void placeLink(
      OsString name, Optional<Found> before, Target target, Namespace net, OwnerMark owner)
      throws NamespaceException {
    try {
      directory.symlink(Examiner.target(target.pid()), TEMPORARY);
      mark(owner);
      requireSame(TEMPORARY, name, target, net);
      settle(name, before);
    } catch (NamespaceException e) {
      discard(e);
      throw e;
    }
    requireAlive(name, target, owner);
  }

  /**
   * Mounts a namespace on a new file.
   *
   * @param before the entry that it takes the place of
   */
  void placeMount(
      OsString name, Optional<Found> before, Target target, Namespace net, OwnerMark owner)
      throws NamespaceException {
    FileStatus made;
    try {
      directory.create(TEMPORARY, NO_ACCESS).close();
      made = mark(owner);
      settle(name, before);
    } catch (NamespaceException e) {
      discard(e);
      throw e;
    }
    try (Fd file = directory.openEntry(name)) {
      if (!Sys.fstat(file, context(name)).sameFile(made)) {
        throw changed(name);
      }
      net.attach(OsString.of("/proc/self/fd/" + file));
      requireSame(name, name, target, net);
    } catch (NamespaceException e) {
      takeBack(name, owner, e);
      throw e;
    }
    requireAlive(name, target, owner);
  }

  private FileStatus mark(OwnerMark owner) throws NamespaceException {
    Optional<FileStatus> made = directory.status(TEMPORARY);
    if (made.isEmpty()) {
      throw changed(TEMPORARY);
    }
    marks.put(TEMPORARY, made.get(), new Mark(here, owner));
    return made.get();
  }

  /**
   * Gives what was made its name. A link(2) is seen by who watches for new names; see inotify(7).
   */
  private void settle(OsString name, Optional<Found> before) throws NamespaceException {
    if (before.isEmpty()) {
      directory.link(TEMPORARY, name);
      removeTemporary();
      return;
    }
    // What is mounted cannot be renamed over.
    Optional<FileStatus> file = uncover(before.get());
    if (file.isEmpty()) {
      throw changed(name);
    }
    directory.rename(TEMPORARY, name);
    marks.forget(file.get());
  }

  private NamespaceException changed(OsString name) {
    return new NamespaceException(
        "link", context(name), "something else has changed it meanwhile", "try again");
  }

  private void requireSame(OsString made, OsString name, Target target, Namespace net)
      throws NamespaceException {
    try (Fd found = directory.open(made, Sys.O_PATH)) {
      FileStatus status = Sys.fstat(found, context(name));
      if (status.device() == net.id().device() && status.inode() == net.id().inode()) {
        return;
      }
    } catch (NamespaceException e) {
      throw e.is(Errno.ENOENT) || e.is(Errno.ESRCH) ? ended(name, target) : e;
    }
    throw target.hasEnded()
        ? ended(name, target)
        : new NamespaceException(
            "link", context(name), "the process has changed its network namespace", "try again");
  }

  /** A process that has ended since leaves no entry. */
  private void requireAlive(OsString name, Target target, OwnerMark owner)
      throws NamespaceException {
    if (target.hasEnded()) {
      NamespaceException ended = ended(name, target);
      takeBack(name, owner, ended);
      throw ended;
    }
  }

  private NamespaceException ended(OsString name, Target target) {
    return new NamespaceException(
        "link",
        context(name),
        "process " + target.pid() + " has ended meanwhile",
        "look the container up again");
  }

  /** Removes what was made, and has its name by now, for one process. */
  private void takeBack(OsString name, OwnerMark owner, NamespaceException why) {
    try {
      Optional<Found> found = find(name);
      if (found.isPresent() && found.get().entry().owner().equals(Optional.of(owner))) {
        remove(found.get());
      }
    } catch (NamespaceException e) {
      why.addSuppressed(e);
    }
  }

  private void discard(NamespaceException why) {
    try {
      removeTemporary();
    } catch (NamespaceException e) {
      why.addSuppressed(e);
    }
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
  private Optional<FileStatus> uncover(Found found) throws NamespaceException {
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
    }
    Optional<FileStatus> file = directory.status(name);
    return file.isPresent() && marks.of(name, file.get()).isPresent() ? file : Optional.empty();
  }

  /** Forgets the marks of entries that are not there. */
  void forgetLostMarks() throws NamespaceException {
    marks.retain(names());
  }

  private void removeTemporary() throws NamespaceException {
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
