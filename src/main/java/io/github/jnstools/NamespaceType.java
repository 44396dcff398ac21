package io.github.jnstools;

import java.util.Optional;

/**
 * One of the eight kinds of Linux namespaces, declared in the order in which they are joined.
 *
 * <p>MNT comes after the others because it takes {@code /proc} away; TIME and USER need a process
 * with a single thread; USER comes last for a privileged caller (joining it gives privileges away)
 * and first for an unprivileged one (joining it gives the privileges that the others need).
 *
 * <p>Man: namespaces(7), setns(2).
 */
public enum NamespaceType {
  CGROUP("cgroup", 0x02000000, "CLONE_NEWCGROUP"),
  IPC("ipc", 0x08000000, "CLONE_NEWIPC"),
  UTS("uts", 0x04000000, "CLONE_NEWUTS"),
  NET("net", 0x40000000, "CLONE_NEWNET"),
  PID("pid", 0x20000000, "CLONE_NEWPID"),
  MNT("mnt", 0x00020000, "CLONE_NEWNS"),
  TIME("time", 0x00000080, "CLONE_NEWTIME"),
  USER("user", 0x10000000, "CLONE_NEWUSER");

  private final String procName;
  private final int cloneFlag;
  private final String flagName;

  NamespaceType(String procName, int cloneFlag, String flagName) {
    this.procName = procName;
    this.cloneFlag = cloneFlag;
    this.flagName = flagName;
  }

  /** The name in {@code /proc/PID/ns}: {@code mnt}. */
  public String procName() {
    return procName;
  }

  /** The flag that setns(2), unshare(2) and clone(2) take. */
  public int cloneFlag() {
    return cloneFlag;
  }

  /** The name of {@link #cloneFlag()} in C: {@code CLONE_NEWNS}. */
  public String flagName() {
    return flagName;
  }

  /**
   * The entry of {@code /proc/PID/ns} that a successful setns(2) changes. Joining a PID namespace
   * changes the one that children are born into.
   */
  public String joinedName() {
    return this == PID ? "pid_for_children" : procName;
  }

  /** Whether the kernel refuses a join by one thread of several: no JVM thread can do it. */
  public boolean needsSingleThread() {
    return this == TIME || this == USER;
  }

  /** The type with this CLONE_NEW* flag, as the ioctl NS_GET_NSTYPE returns it. */
  public static Optional<NamespaceType> ofCloneFlag(int flag) {
    for (NamespaceType type : values()) {
      if (type.cloneFlag == flag) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
