package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.nio.charset.StandardCharsets;

/**
 * Where a pid and a start time mean a process: pids are numbers of a PID namespace, start times are
 * shifted by a time namespace, and both begin anew with a boot.
 *
 * @param boot the kernel's id of this boot
 * @param pidNamespace its inode
 * @param timeNamespace its inode; 0 where the kernel has none
 */
record Origin(String boot, long pidNamespace, long timeNamespace) {
  /** The inode of the kernel's first PID namespace, the same on every machine. */
  private static final long INITIAL_PID_NAMESPACE = 0xEFFFFFFCL;

  private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";

  /**
   * The caller's.
   *
   * @throws NamespaceException if {@code /proc} is of another PID namespace than the caller
   */
  static Origin here() throws NamespaceException {
    Target.of(Sys.getpid()).close();
    return new Origin(
        bootId(), inode(NamespaceType.PID), hasTime() ? inode(NamespaceType.TIME) : 0);
  }

  private static String bootId() throws NamespaceException {
    try (Fd file = Sys.open(OsString.of(BOOT_ID), Sys.O_RDONLY)) {
      return new String(Sys.readAll(file, BOOT_ID), StandardCharsets.ISO_8859_1).strip();
    }
  }

  private static boolean hasTime() {
    return Sys.exists(OsString.of("/proc/self/ns/time"));
  }

  private static long inode(NamespaceType type) throws NamespaceException {
    try (Namespace own = Namespace.ofThread(type)) {
      return own.id().inode();
    }
  }

  /**
   * Whether all of its processes have ended with the machine, as far as can be known here: some
   * containers are shown another boot id than the machine's.
   */
  boolean isOver(Origin here) {
    boolean comparable = here.seesAllProcesses() || here.pidNamespace == pidNamespace;
    return comparable && !boot.equals(here.boot);
  }

  /** Whether paths lead here where they lead the first process of the PID namespace. */
  static boolean seesFirstMounts() throws NamespaceException {
    FileStatus first;
    try {
      first = Sys.stat(OsString.of("/proc/1/ns/mnt"));
    } catch (NamespaceException e) {
      if (e.is(Errno.EACCES) || e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
    return first.sameFile(Sys.stat(OsString.of("/proc/thread-self/ns/mnt")));
  }

  /** Whether every process of the machine has a pid here. */
  boolean seesAllProcesses() {
    return pidNamespace == INITIAL_PID_NAMESPACE;
  }

  // Written out for the sake of start-up, see NamespaceId.
  @Override
  public boolean equals(Object other) {
    return other instanceof Origin that
        && boot.equals(that.boot)
        && pidNamespace == that.pidNamespace
        && timeNamespace == that.timeNamespace;
  }

  @Override
  public int hashCode() {
    return boot.hashCode();
  }
}
