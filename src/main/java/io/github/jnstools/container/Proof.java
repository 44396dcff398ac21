package io.github.jnstools.container;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.proc.CgroupEntry;
import io.github.jnstools.proc.ProcStat;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.util.List;

/**
 * Checks an engine's word against {@code /proc}: that the pid is, here and now, of the container's
 * init process.
 *
 * <p>An engine's pid may be one of another kernel or PID namespace, and what it keeps on disk may
 * be older than the process that has the pid today. So either the process is in a control group
 * that bears the container's id, or it started when the OCI runtime says that it did.
 */
final class Proof {
  private static final List<String> ALIVE = List.of("running", "paused", "pausing", "stopping");

  private static final int UNIQUE = 64;

  private final Procfs proc;

  Proof(Procfs proc) {
    this.proc = proc;
  }

  /** The container, if its process is proven. */
  Container of(Known known) throws NamespaceException {
    requireNames(known);
    requireRunning(known);
    long startTime = startTime(known.pid(), reference(known));
    if (known.recordedStart().isEmpty()) {
      requireControlGroup(known);
    } else if (known.recordedStart().getAsLong() != startTime) {
      throw refused(
          known,
          "its pid " + known.pid() + " belongs to another process now",
          "the engine's word is out of date; ask again, or start the engine's daemon");
    }
    // What was read in between was of one and the same process.
    if (startTime(known.pid(), reference(known)) != startTime) {
      throw refused(known, "it has ended just now", "ask again");
    }
    return new Container(
        known.engine(),
        known.scope(),
        known.id(),
        known.name(),
        known.pid(),
        startTime,
        known.networkMode());
  }

  /** The process, as a container without an engine. */
  Container ofPid(int pid) throws NamespaceException {
    String digits = Integer.toString(pid);
    return new Container(ContainerRef.PID, "", digits, digits, pid, startTime(pid, digits), "");
  }

  /** Whether there is a process of its pid, which has not begun to end as far as is known. */
  boolean lives(Known known) {
    try {
      char state = proc.stat(Integer.toString(known.pid())).state();
      return state != 'Z' && state != 'X';
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether its engine says that it runs. */
  static boolean runs(Known known) {
    return known.pid() > 0 && (known.status().isEmpty() || ALIVE.contains(known.status()));
  }

  /** What is composed by hand or broken could break lines, and marks of its name. */
  private static void requireNames(Known known) throws NamespaceException {
    String words = known.scope() + known.id();
    boolean odd = ContainerRef.hasControl(words + known.name()) || words.indexOf(' ') >= 0;
    if (odd || known.id().isEmpty() || known.name().isEmpty()) {
      throw refused(
          known,
          "its record has a name or id that no engine gives",
          "see what wrote the record of " + ContainerRef.shown(known.id()));
    }
  }

  private static void requireRunning(Known known) throws NamespaceException {
    if (!runs(known)) {
      throw refused(
          known,
          known.status().isEmpty()
              ? "the container is not running"
              : "the container is not running (" + ContainerRef.shown(known.status()) + ")",
          "start it, and try again");
    }
  }

  private void requireControlGroup(Known known) throws NamespaceException {
    String process = Integer.toString(known.pid());
    List<CgroupEntry> groups;
    try {
      groups = proc.cgroups(process);
    } catch (IOException e) {
      throw unreadable(known.pid(), "cgroup", reference(known), e);
    }
    for (CgroupEntry group : groups) {
      if (bears(group.path(), known.id())) {
        return;
      }
    }
    throw refused(
        known,
        "nothing proves that pid "
            + process
            + " is its process: none of its control groups bears the container's id",
        "see what that process is; if it is the one, name it by its pid");
  }

  /** What a user may have chosen must be a group's whole name; what an engine made is unique. */
  private static boolean bears(String group, String id) {
    return id.length() >= UNIQUE ? group.contains(id) : (group + "/").contains("/" + id + "/");
  }

  private long startTime(int pid, String reference) throws NamespaceException {
    ProcStat stat;
    try {
      stat = proc.stat(Integer.toString(pid));
    } catch (IOException e) {
      throw unreadable(pid, "stat", reference, e);
    }
    if (stat.state() == 'Z' || stat.state() == 'X') {
      throw new NamespaceException(
          "container", reference, "its process " + pid + " has ended", "look it up again");
    }
    return stat.startTime();
  }

  /** What hides processes, such as hidepid of proc(5), is not told from their end. */
  private NamespaceException unreadable(int pid, String file, String reference, IOException e) {
    String process = Integer.toString(pid);
    if (!proc.has(process)) {
      return new NamespaceException(
          "container",
          reference,
          "there is no process " + process + " in this /proc",
          reference.equals(process)
              ? "look its pid up again; a container whose name is a number is docker:" + process
              : "the container has just ended, or its engine is on another kernel or in another PID"
                  + " namespace; run this beside the engine");
    }
    String path = "/proc/" + process + "/" + file;
    return proc.mayRead(process, file)
        ? new NamespaceException("read", path, e.getMessage(), null)
        : new NamespaceException("open", path, Errno.EACCES.number());
  }

  private static String reference(Known known) {
    return ContainerRef.shown(known.engine() + ":" + known.name());
  }

  private static NamespaceException refused(Known known, String reason, String hint) {
    return new NamespaceException("container", reference(known), reason, hint);
  }
}
