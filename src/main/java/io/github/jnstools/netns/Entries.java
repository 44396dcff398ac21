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

  private final Directory directory;
  private final Marks marks;
  private final Examiner examiner;
  private final Origin here;

  private Entries(Directory directory, Marks marks, Origin here) {
    this.directory = directory;
    this.marks = marks;
    this.examiner = new Examiner(directory, marks, here);
    this.here = here;
  }

  /**
   * Takes the directory over: it is closed with this.
   *
   * @param files where marks are kept that an entry cannot hold
   */
  static Entries of(Directory directory, String files, Origin here) throws NamespaceException {
    try {
      return new Entries(directory, new Marks(directory, files), here);
    } catch (NamespaceException e) {
      directory.close();
      throw e;
    }
  }

  /** Waits for whoever changes entries now, and keeps others from it until this is closed. */
  void lock() throws NamespaceException {
    directory.lock();
    // Whoever made it held the lock, so it is a leftover.
    removeTemporary();
  }

  List<OsString> names() throws NamespaceException {
    List<OsString> names = new ArrayList<>(directory.list());
    names.remove(TEMPORARY);
    Collections.sort(names);
    return names;
  }

  Optional<Found> find(OsString name) throws NamespaceException {
    Optional<FileStatus> status = directory.status(name);
    return status.isEmpty()
        ? Optional.empty()
        : Optional.of(new Found(examiner.examine(name, status.get()), status.get()));
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

  /** Makes a link, in place of an entry that may be replaced by a rename. */
  void placeLink(OsString name, boolean replace, Target target, Namespace net, OwnerMark owner)
      throws NamespaceException {
    boolean complete = false;
    try {
      directory.symlink(Examiner.target(target.pid()), TEMPORARY);
      FileStatus made = directory.status(TEMPORARY).orElseThrow();
      marks.putOnEntry(TEMPORARY, made, new Mark(here, owner));
      requireSame(TEMPORARY, net);
      settle(name, replace);
      requireAlive(target, name, made);
      complete = true;
    } finally {
      if (!complete) {
        removeTemporary();
      }
    }
  }

  /** Mounts a namespace on a new file, in place of an entry that may be replaced by a rename. */
  void placeMount(OsString name, boolean replace, Target target, Namespace net, OwnerMark owner)
      throws NamespaceException {
    Mark mark = new Mark(here, owner);
    boolean complete = false;
    try {
      directory.create(TEMPORARY, NO_ACCESS).close();
      FileStatus made = directory.status(TEMPORARY).orElseThrow();
      marks.putOnEntry(TEMPORARY, made, mark);
      marks.putForMount(name, net.id(), mark);
      settle(name, replace);
      mount(name, net, made);
      requireAlive(target, name, directory.status(name).orElseThrow());
      complete = true;
    } finally {
      if (!complete) {
        removeTemporary();
      }
    }
  }

  private void mount(OsString name, Namespace net, FileStatus made) throws NamespaceException {
    try (Fd file = directory.openEntry(name)) {
      net.attach(OsString.of("/proc/self/fd/" + file));
      requireSame(name, net);
    } catch (NamespaceException e) {
      takeBack(name, made, e);
      throw e;
    }
  }

  /**
   * Gives what was made its name. A link(2) is seen by who watches for new names; see inotify(7).
   */
  private void settle(OsString name, boolean replace) throws NamespaceException {
    if (replace) {
      directory.rename(TEMPORARY, name);
    } else {
      directory.link(TEMPORARY, name);
      directory.unlink(TEMPORARY);
    }
  }

  private void requireSame(OsString name, Namespace net) throws NamespaceException {
    try (Fd found = directory.open(name, Sys.O_PATH)) {
      FileStatus status = Sys.fstat(found, context(name));
      if (status.device() == net.id().device() && status.inode() == net.id().inode()) {
        return;
      }
    }
    throw new NamespaceException(
        "link", context(name), "the process has changed its network namespace", "try again");
  }

  /** A process that has ended since leaves no entry. */
  private void requireAlive(Target target, OsString name, FileStatus made)
      throws NamespaceException {
    if (target.hasEnded()) {
      NamespaceException ended =
          new NamespaceException(
              "link",
              context(name),
              "process " + target.pid() + " has ended meanwhile",
              "look the container up again");
      takeBack(name, made, ended);
      throw ended;
    }
  }

  private void takeBack(OsString name, FileStatus made, NamespaceException why) {
    try {
      Optional<Found> found = find(name);
      if (found.isPresent() && found.get().status().sameFile(made)) {
        remove(found.get());
      }
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
    OsString name = found.entry().name();
    Optional<FileStatus> now = directory.status(name);
    boolean same =
        now.isPresent()
            && now.get().sameFile(found.status())
            && now.get().changed().equals(found.status().changed());
    if (!same) {
      return false;
    }
    FileStatus file = found.status();
    if (found.entry().kind() == Kind.BIND) {
      Sys.umountDetached(directory.through(name), context(name));
      file = directory.status(name).orElseThrow();
      marks.forgetMount(name);
    }
    directory.unlink(name);
    marks.forgetEntry(file);
    return true;
  }

  /** Forgets the marks of entries that are not there. */
  void forgetLostMarks() throws NamespaceException {
    List<FileStatus> files = new ArrayList<>();
    List<OsString> names = names();
    for (OsString name : names) {
      Optional<FileStatus> status = directory.status(name);
      if (status.isPresent()) {
        files.add(status.get());
      }
    }
    marks.retain(files, names);
  }

  private void removeTemporary() throws NamespaceException {
    try {
      directory.unlink(TEMPORARY);
    } catch (NamespaceException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    directory.close();
  }
}
