package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.proc.ProcStat;
import io.github.jnstools.sys.Directory;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells of each entry of a directory what it is worth. Changes nothing. */
final class Examiner {
  private static final String PROC = "/proc/";
  private static final String NET = "/ns/net";
  // What the kernel counts for user space, whatever it counts for itself.
  private static final int TICKS_PER_SECOND = 100;
  private static final long NANOS_PER_TICK = 1_000_000_000 / TICKS_PER_SECOND;
  // The clock may have been set since the link was made: nearer than this is no proof.
  private static final Duration NEAR = Duration.ofSeconds(1);
  private static final int ROUNDS = 5;
  private static final String UNKNOWN_OWNER =
      "whether jnetns made it can be told with CAP_SYS_ADMIN only";

  /** What an entry is worth, why, and which namespace it is. */
  private record Verdict(State state, String reason, NamespaceId id) {
    static Verdict of(State state, String reason) {
      return new Verdict(state, reason, null);
    }
  }

  private final Directory directory;
  private final Marks marks;
  private final Origin here;

  Examiner(Directory directory, Marks marks, Origin here) {
    this.directory = directory;
    this.marks = marks;
    this.here = here;
  }

  /** What a link to the network namespace of a process says. */
  static OsString target(int pid) {
    return OsString.ofLatin1(PROC + pid + NET);
  }

  /**
   * Judges an entry.
   *
   * @param status which file it is
   */
  NamedNetns examine(OsString name, FileStatus status) {
    Kind kind = Kind.OTHER;
    Optional<OsString> target = Optional.empty();
    Optional<Mark> mark = Optional.empty();
    Verdict verdict;
    try {
      kind = kind(name, status);
      if (kind == Kind.LINK) {
        target = Optional.of(directory.readlink(name));
      }
      mark = mark(name, kind, status, target);
      verdict = verdict(name, kind, status, target, mark);
      if (verdict.state() == State.FOREIGN && !marks.isComplete()) {
        verdict = new Verdict(State.FOREIGN, UNKNOWN_OWNER, verdict.id());
      }
    } catch (NamespaceException e) {
      verdict = Verdict.of(State.UNREADABLE, e.getMessage());
    }
    return new NamedNetns(
        name,
        kind,
        verdict.state(),
        verdict.reason(),
        target,
        mark.isPresent() ? Optional.of(mark.get().owner()) : Optional.empty(),
        Optional.ofNullable(verdict.id()));
  }

  private Kind kind(OsString name, FileStatus status) throws NamespaceException {
    if (status.isLink()) {
      return Kind.LINK;
    }
    if (!status.isRegular()) {
      return Kind.OTHER;
    }
    try (Fd entry = directory.openEntry(name)) {
      boolean mounted = Sys.fileSystem(entry, directory.context(name)) == Sys.NSFS_MAGIC;
      return mounted ? Kind.BIND : Kind.FILE;
    }
  }

  private Optional<Mark> mark(
      OsString name, Kind kind, FileStatus status, Optional<OsString> target)
      throws NamespaceException {
    Optional<Mark> mark =
        switch (kind) {
          case LINK, FILE -> marks.of(name, status);
          case BIND -> marks.ofCovered(name);
          case OTHER -> Optional.empty();
        };
    boolean other =
        mark.isPresent()
            && target.isPresent()
            && !target.get().equals(target(mark.get().owner().pid()));
    return other ? Optional.empty() : mark;
  }

  private Verdict verdict(
      OsString name, Kind kind, FileStatus status, Optional<OsString> target, Optional<Mark> mark)
      throws NamespaceException {
    return switch (kind) {
      case LINK ->
          mark.isPresent()
              ? ourLink(name, mark.get())
              : foreignLink(name, status, target.orElseThrow());
      case BIND -> mount(name, mark);
      case FILE -> file(mark);
      case OTHER ->
          Verdict.of(State.NOT_NETNS, status.isDirectory() ? "a directory" : "a special file");
    };
  }

  /** What was left before it was mounted on, or after; or is mounted on elsewhere. */
  private Verdict file(Optional<Mark> mark) throws NamespaceException {
    Verdict end = mark.isPresent() ? end(mark.get()) : null;
    return end == null
        ? Verdict.of(State.NOT_NETNS, "a file, and no namespace is mounted on it here")
        : Verdict.of(end.state() == State.UNREADABLE ? end.state() : State.STALE, end.reason());
  }

  private Verdict ourLink(OsString name, Mark mark) throws NamespaceException {
    Verdict before = end(mark);
    if (before != null) {
      return before;
    }
    Verdict found = opened(name, State.LIVE);
    // The process was there before and is there after: so it was its namespace that was opened.
    Verdict after = end(mark);
    if (after == null && found.state() == State.STALE) {
      // It gives its namespaces back a moment before /proc tells of its end.
      return Verdict.of(State.STALE, "process " + mark.owner().pid() + " is gone");
    }
    return after == null ? found : after;
  }

  private Verdict mount(OsString name, Optional<Mark> mark) throws NamespaceException {
    Verdict found = opened(name, State.FOREIGN);
    if (mark.isEmpty() || found.id() == null) {
      return found;
    }
    int pid = mark.get().owner().pid();
    Verdict end = end(mark.get());
    if (end == null) {
      FileStatus now = Sys.stat(target(pid));
      boolean same = now.device() == found.id().device() && now.inode() == found.id().inode();
      return same
          ? new Verdict(State.LIVE, "", found.id())
          : new Verdict(
              State.OUTDATED, "process " + pid + " is in another namespace now", found.id());
    }
    if (end.state() == State.UNREADABLE) {
      return new Verdict(State.UNREADABLE, end.reason(), found.id());
    }
    // A mount keeps the namespace: a pid that is used again does not make it a stranger's.
    return kept("process " + pid + " is gone", found.id());
  }

  private static Verdict kept(String gone, NamespaceId id) throws NamespaceException {
    Processes processes = Processes.all();
    if (!processes.in(id).isEmpty()) {
      return new Verdict(State.LIVE, gone + ", others still use the namespace", id);
    }
    return processes.isComplete()
        ? new Verdict(State.STALE, gone + "; the mount keeps what no other is in", id)
        : new Verdict(State.UNREADABLE, gone + ", and what else is there may not be seen", id);
  }

  /** How the process that a mark names has ended, or why that cannot be told; null if it lives. */
  private Verdict end(Mark mark) throws NamespaceException {
    int pid = mark.owner().pid();
    if (mark.origin().isOver(here)) {
      return Verdict.of(State.STALE, "made before the last boot");
    }
    if (!mark.origin().equals(here)) {
      return Verdict.of(State.UNREADABLE, "made in another PID or time namespace");
    }
    Optional<ProcStat> now = process(pid);
    if (now.isPresent() && now.get().startTime() != mark.owner().startTime()) {
      return Verdict.of(State.STRANGER, "pid " + pid + " is another process now");
    }
    return now.isPresent() && !hasEnded(now.get())
        ? null
        : Verdict.of(State.STALE, "process " + pid + " is gone");
  }

  private Verdict foreignLink(OsString name, FileStatus status, OsString target)
      throws NamespaceException {
    int pid = pid(target.toLatin1());
    if (pid > 0) {
      Optional<ProcStat> process = process(pid);
      if (process.isEmpty() || hasEnded(process.get())) {
        return Verdict.of(State.STALE, "process " + pid + " is gone");
      }
      Instant started = start(process.get());
      if (started.isAfter(status.changed().plus(NEAR))) {
        return Verdict.of(
            State.STRANGER, "process " + pid + " is younger than the link: the pid was used again");
      }
    }
    return opened(name, State.FOREIGN);
  }

  /** The process of {@code /proc/PID/ns/net}; 0 for what is not so. */
  static int pid(String target) {
    if (!target.startsWith(PROC) || !target.endsWith(NET)) {
      return 0;
    }
    int end = target.length() - NET.length();
    try {
      // Integer.parseInt takes a sign, too.
      boolean digit = end > PROC.length() && target.charAt(PROC.length()) >= '0';
      return digit ? Integer.parseInt(target.substring(PROC.length(), end)) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Instant start(ProcStat process) throws NamespaceException {
    // Not btime of /proc/stat: that is rounded to a second.
    Duration boot =
        Sys.clockGettime(Sys.CLOCK_REALTIME).minus(Sys.clockGettime(Sys.CLOCK_BOOTTIME));
    return Instant.EPOCH.plus(boot).plusNanos(process.startTime() * NANOS_PER_TICK);
  }

  private static boolean hasEnded(ProcStat process) {
    return process.state() == 'Z' || process.state() == 'X';
  }

  /** A process; empty if there is provably none of this pid. */
  private static Optional<ProcStat> process(int pid) throws NamespaceException {
    String file = PROC + pid + "/stat";
    for (int round = 0; round < ROUNDS; round++) {
      try (Fd fd = Sys.open(OsString.of(file), Sys.O_RDONLY)) {
        String line = new String(Sys.readAll(fd, file), StandardCharsets.ISO_8859_1);
        return Optional.of(ProcStat.parse(line));
      } catch (NamespaceException e) {
        if (!e.is(Errno.ENOENT) && !e.is(Errno.ESRCH)) {
          throw e;
        }
      }
      // /proc may hide a process; the system call does not.
      try {
        Sys.pidfdOpen(pid).close();
      } catch (NamespaceException e) {
        if (e.is(Errno.ESRCH)) {
          return Optional.empty();
        }
        throw e;
      }
    }
    throw new NamespaceException("open", file, "the process is there but /proc hides it", null);
  }

  /** Looks at what an entry leads to, without opening what is no namespace. */
  private Verdict opened(OsString name, State state) throws NamespaceException {
    String context = directory.context(name);
    Fd path;
    try {
      path = directory.open(name, Sys.O_PATH);
    } catch (NamespaceException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
        return Verdict.of(State.STALE, "what it leads to is gone");
      }
      if (e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP)) {
        return Verdict.of(State.NOT_NETNS, "it leads nowhere");
      }
      throw e;
    }
    try (path) {
      if (Sys.fileSystem(path, context) != Sys.NSFS_MAGIC) {
        return Verdict.of(State.NOT_NETNS, "what it leads to is no namespace");
      }
      OsString same = OsString.of("/proc/self/fd/" + path);
      try (Namespace namespace = Namespace.at(NamespaceType.NET, same, context)) {
        return new Verdict(state, "", namespace.id());
      } catch (NamespaceException e) {
        if (e.errno().isPresent()) {
          throw e;
        }
        return Verdict.of(State.NOT_NETNS, "what it leads to is a namespace of another type");
      }
    }
  }
}
