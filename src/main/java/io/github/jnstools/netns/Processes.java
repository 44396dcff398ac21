package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.sys.Directory;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which processes are in which network namespace, as one walk through {@code /proc} found them.
 *
 * <p>What the caller may not inspect is not among them, nor what is outside of its PID namespace.
 */
public final class Processes {
  private final Map<NamespaceId, List<Integer>> byNamespace = new HashMap<>();
  private final Map<Integer, NamespaceId> byPid = new HashMap<>();
  private boolean complete = true;

  private Processes() {}

  /** Walks through {@code /proc}. */
  public static Processes all() throws NamespaceException {
    Processes processes = new Processes();
    try (Directory proc = Directory.at(OsString.of("/proc"))) {
      for (OsString name : proc.list()) {
        String text = name.toLatin1();
        if (text.charAt(0) >= '1' && text.charAt(0) <= '9') {
          processes.add(proc, text);
        }
      }
    }
    return processes;
  }

  private void add(Directory proc, String pid) throws NamespaceException {
    FileStatus status;
    try (Fd file = proc.open(OsString.ofLatin1(pid + "/ns/net"), Sys.O_PATH)) {
      status = Sys.fstat(file, pid);
    } catch (NamespaceException e) {
      boolean gone = e.is(Errno.ENOENT) || e.is(Errno.ESRCH);
      boolean hidden = e.is(Errno.EACCES) || e.is(Errno.EPERM);
      if (gone || hidden) {
        complete &= gone;
        return;
      }
      throw e;
    }
    NamespaceId id = new NamespaceId(NamespaceType.NET, status.device(), status.inode());
    List<Integer> pids = byNamespace.get(id);
    if (pids == null) {
      pids = new ArrayList<>();
      byNamespace.put(id, pids);
    }
    pids.add(Integer.parseInt(pid));
    byPid.put(Integer.parseInt(pid), id);
  }

  /** The pids of those in a network namespace, in ascending order. */
  public List<Integer> in(NamespaceId namespace) {
    return byNamespace.getOrDefault(namespace, List.of());
  }

  /** Whether the caller could inspect every process that it saw. */
  boolean isComplete() {
    return complete;
  }

  /** The network namespace of a process. */
  public Optional<NamespaceId> of(int pid) {
    return Optional.ofNullable(byPid.get(pid));
  }
}
