package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.util.List;

/**
 * One thing that is done to a process. The numbers and strings mean what the operation says; the
 * stage has the same list in C.
 */
record Step(
    Op op,
    long a,
    long b,
    long c,
    long d,
    List<OsString> strings,
    String operation,
    String context) {

  /** The order is the wire form: the stage has these as an enum. */
  enum Op {
    START,
    HINT,
    PRCTL,
    SIGNALS,
    SETNS,
    UNSHARE,
    KEEP_CWD,
    FCHDIR,
    CHROOT,
    CHDIR,
    WRITE,
    WRITE_PROC,
    MOUNT,
    FORK,
    SETGROUPS,
    SETGID,
    SETUID,
    KEEP_CAPS,
    BOUND,
    CAPSET,
    PDEATHSIG,
    CLOSE,
    EXEC
  }

  /** The entry of a proc directory that names what a thread has joined. */
  private static final String JOINED = "thread-self/ns/";

  static Step of(Op op, String operation, String context, long a, long b) {
    return new Step(op, a, b, 0, 0, List.of(), operation, context);
  }

  static Step of(Op op, String operation, String context, long a, long b, OsString... strings) {
    return new Step(op, a, b, 0, 0, List.of(strings), operation, context);
  }

  static Step setns(Namespace namespace) {
    NamespaceId id = namespace.id();
    NamespaceType type = id.type();
    return new Step(
        Op.SETNS,
        namespace.descriptor(),
        type.cloneFlag(),
        id.device(),
        id.inode(),
        List.of(OsString.ofLatin1(JOINED + type.joinedName())),
        "setns",
        namespace.origin() + ", " + type.flagName());
  }

  static Step prctl(int option, String name, long value) {
    return of(Op.PRCTL, "prctl", name + ", " + value, option, value);
  }

  /** In strace's spelling: {@code setns(/proc/6806/ns/mnt, CLONE_NEWNS)}. */
  String label() {
    return operation + "(" + context + ")";
  }

  /** The descriptor that this uses; -1 for none. */
  int descriptor() {
    return switch (op) {
      case SETNS, FCHDIR, CHROOT, WRITE -> (int) a;
      case SETGID, SETUID -> (int) b;
      default -> -1;
    };
  }

  /** Whether one thread of a JVM may do this, the others staying as they are. */
  boolean runsInThread() {
    return switch (op) {
      case SETNS -> !type().needsSingleThread();
      case UNSHARE -> a == Sys.CLONE_FS;
      case PRCTL -> a == Sys.PR_SET_DUMPABLE;
      default -> false;
    };
  }

  /**
   * Does it to the calling thread.
   *
   * @param proc the descriptor of a proc file system that was opened before any step
   */
  void runInThread(int proc) throws NamespaceException {
    switch (op) {
      case SETNS -> join(proc);
      case UNSHARE -> Sys.unshare((int) a, context);
      case PRCTL -> Sys.prctl((int) a, b, 0, context);
      default -> throw new IllegalStateException(label() + " in a thread");
    }
  }

  private NamespaceType type() {
    return NamespaceType.ofCloneFlag((int) b).get();
  }

  private void join(int proc) throws NamespaceException {
    Sys.setns((int) a, type(), context);
    FileStatus now = Sys.fstatat(proc, strings.get(0).toLatin1(), context);
    if (now.device() != c || now.inode() != d) {
      throw new NamespaceException(
          "setns", context, "the kernel put this thread into another namespace", null);
    }
  }
}
