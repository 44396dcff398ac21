package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.Entries.Found;
import io.github.jnstools.sys.Directory;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.util.Optional;

/**
 * One entry that is being made, under another name until it has its mark.
 *
 * @param entries those it will be one of; they are locked
 * @param directory theirs
 * @param marks theirs
 * @param mark its own
 * @param name its own
 * @param before the one that it takes the place of
 * @param target the process that it is for
 * @param net the process's network namespace
 */
record NewEntry(
    Entries entries,
    Directory directory,
    Marks marks,
    Mark mark,
    OsString name,
    Optional<Found> before,
    Target target,
    Namespace net) {
  private static final OsString TEMPORARY = Entries.TEMPORARY;
  // Those of a file that is only there to be covered, as iproute2 makes it.
  private static final int NO_ACCESS = 0;

  /** Makes it a link. */
  void link() throws NamespaceException {
    try {
      directory.symlink(Examiner.target(target.pid()), TEMPORARY);
      putMark();
      requireSame();
      settle();
    } catch (NamespaceException e) {
      discard(e);
      throw e;
    }
    requireAlive();
  }

  /** Makes it a file that the namespace is mounted on. */
  void mount() throws NamespaceException {
    FileStatus made;
    try {
      directory.create(TEMPORARY, NO_ACCESS).close();
      made = putMark();
      settle();
    } catch (NamespaceException e) {
      discard(e);
      throw e;
    }
    try (Fd file = directory.openEntry(name)) {
      if (!Sys.fstat(file, directory.context(name)).sameFile(made)) {
        throw changed();
      }
      net.attach(OsString.of("/proc/self/fd/" + file));
      if (!leadsToIt(name)) {
        throw changed();
      }
    } catch (NamespaceException e) {
      NamespaceException clear = e.is(Errno.ENOENT) ? changed() : e;
      takeBack(clear);
      throw clear;
    }
    requireAlive();
  }

  private FileStatus putMark() throws NamespaceException {
    Optional<FileStatus> made = directory.status(TEMPORARY);
    if (made.isEmpty()) {
      throw changed();
    }
    marks.put(TEMPORARY, made.get(), mark);
    return made.get();
  }

  /** Gives it its name. A link(2) is seen by who watches for new names; see inotify(7). */
  private void settle() throws NamespaceException {
    if (before.isEmpty()) {
      directory.link(TEMPORARY, name);
      entries.removeTemporary();
      return;
    }
    // What is mounted cannot be renamed over.
    Optional<FileStatus> file = entries.uncover(before.get());
    if (file.isEmpty()) {
      throw changed();
    }
    directory.rename(TEMPORARY, name);
    marks.forget(file.get());
  }

  private NamespaceException changed() {
    return new NamespaceException(
        "link", directory.context(name), "something else has changed it meanwhile", "try again");
  }

  private void requireSame() throws NamespaceException {
    boolean same;
    try {
      same = leadsToIt(TEMPORARY);
    } catch (NamespaceException e) {
      throw e.is(Errno.ENOENT) || e.is(Errno.ESRCH) ? ended() : e;
    }
    if (same) {
      return;
    }
    throw target.hasEnded()
        ? ended()
        : new NamespaceException(
            "link",
            directory.context(name),
            "the process has changed its network namespace",
            "try again");
  }

  private boolean leadsToIt(OsString made) throws NamespaceException {
    try (Fd found = directory.open(made, Sys.O_PATH)) {
      FileStatus status = Sys.fstat(found, directory.context(name));
      return status.device() == net.id().device() && status.inode() == net.id().inode();
    }
  }

  /** A process that has ended since leaves no entry. */
  private void requireAlive() throws NamespaceException {
    if (target.hasEnded()) {
      NamespaceException ended = ended();
      takeBack(ended);
      throw ended;
    }
  }

  private NamespaceException ended() {
    return new NamespaceException(
        "link",
        directory.context(name),
        "process " + target.pid() + " has ended meanwhile",
        "look the container up again");
  }

  private void takeBack(NamespaceException why) {
    try {
      Optional<Found> found = entries.find(name);
      if (found.isPresent() && found.get().entry().owner().equals(Optional.of(mark.owner()))) {
        entries.remove(found.get());
      }
    } catch (NamespaceException e) {
      why.addSuppressed(e);
    }
  }

  private void discard(NamespaceException why) {
    try {
      entries.removeTemporary();
    } catch (NamespaceException e) {
      why.addSuppressed(e);
    }
  }
}
