package io.github.jnstools.sys;

import com.sun.jna.Pointer;
import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One static method a system call, in man-page spelling: checks the result, retries EINTR, throws
 * {@link NamespaceException}. Where a {@code context} is taken it is the arguments for a person.
 */
public final class Sys {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_NONBLOCK = 04000;
  public static final int O_PATH = 010000000;
  public static final int PR_SET_DUMPABLE = 4;
  public static final int PR_SET_KEEPCAPS = 8;
  public static final int PR_SET_NO_NEW_PRIVS = 38;
  public static final int CLONE_FS = 0x200;
  public static final long PROC_SUPER_MAGIC = 0x9fa0;
  public static final long NSFS_MAGIC = 0x6e736673;
  public static final long PID_FS_MAGIC = 0x50494446;
  public static final long NS_GET_USERNS = 0xb701;
  public static final long NS_GET_PARENT = 0xb702;
  public static final long SIOCGSKNS = 0x894c;
  public static final long MS_BIND = 0x1000;
  static final long MS_MOVE = 0x2000;
  static final long MS_PRIVATE = 1L << 18;
  static final long MS_SHARED = 1L << 20;
  public static final int CLOCK_REALTIME = 0;
  public static final int CLOCK_BOOTTIME = 7;

  private static final long NS_GET_NSTYPE = 0xb703;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final long NS_GET_ID = 0x8008b70dL;
  private static final int O_CLOEXEC = 02000000;
  private static final int LONGEST = 16 << 20;
  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int STATX_BASIC = 0x7ff;
  private static final int STATX_SIZE = 256;
  private static final int F_ADD_SEALS = 1033;
  // SEAL, SHRINK, GROW, WRITE: nobody can change the file again, through whatever descriptor.
  private static final int ALL_SEALS = 1 | 2 | 4 | 8;
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_EXEC = 0x10;
  private static final long SYS_PIDFD_SEND_SIGNAL = 424;
  private static final long SYS_OPEN_TREE = 428;
  private static final long SYS_PIDFD_OPEN = 434;
  private static final int PIDFD_THREAD = 0200;
  private static final long SYS_OPENAT2 = 437;
  private static final long SYS_PIDFD_GETFD = 438;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final int FILE_HANDLE_NSFS = 0xf1;
  private static final int FD_NSFS_ROOT = -10003;
  private static final int P_PIDFD = 3;
  private static final int MNT_DETACH = 2;
  private static final int WEXITED = 4;
  private static final int CLD_EXITED = 1;
  private static final short POLLIN = 1;
  private static final int SIGKILL = 9;
  private static final int SMALL_BLOCK = 4096;
  private static final int LARGE_BLOCK = 65536;
  private static final int EINTR = 4;
  private static final int EINVAL = 22;

  private Sys() {}

  // No lambda here: the first one costs a command's start-up more than all of its system calls.
  static int check(String context, String function, Object... arguments) throws NamespaceException {
    while (true) {
      int result = Libc.callInt(function, arguments);
      if (result >= 0) {
        return result;
      }
      throwUnlessInterrupted(function, context, Libc.errno());
    }
  }

  static long checkLong(String context, String function, Object... arguments)
      throws NamespaceException {
    while (true) {
      long result = Libc.callLong(function, arguments);
      if (result >= 0) {
        return result;
      }
      throwUnlessInterrupted(function, context, Libc.errno());
    }
  }

  /** For calls that older C libraries do not wrap; their numbers are the same everywhere. */
  private static int checkSyscall(
      String operation, String context, long number, Object a, Object b, Object c, Object d)
      throws NamespaceException {
    while (true) {
      long result = Libc.callLong("syscall", number, a, b, c, d);
      if (result >= 0) {
        return (int) result;
      }
      throwUnlessInterrupted(operation, context, Libc.errno());
    }
  }

  private static void throwUnlessInterrupted(String operation, String context, int errno)
      throws NamespaceException {
    if (errno != EINTR) {
      throw new NamespaceException(operation, context, errno);
    }
  }

  /** The pid of this process in its own PID namespace. */
  public static int getpid() {
    return Libc.callInt("getpid");
  }

  /** Whether a path leads to something that the caller can reach. */
  public static boolean exists(OsString path) {
    return Libc.callInt("access", terminated(path), 0) == 0;
  }

  /** Joins a namespace with the calling thread. */
  public static void setns(int fd, NamespaceType type, String context) throws NamespaceException {
    check(context, "setns", fd, type.cloneFlag());
  }

  /** Unshares what the flags name, for the calling thread. */
  public static void unshare(int flags, String context) throws NamespaceException {
    check(context, "unshare", flags);
  }

  /** Changes an attribute of the calling thread or its process. */
  public static void prctl(int option, long a, long b, String context) throws NamespaceException {
    check(context, "prctl", option, a, b, 0L, 0L);
  }

  /** Opens a path of the calling thread's mount namespace. */
  public static Fd open(OsString path, int flags) throws NamespaceException {
    return open(AT_FDCWD, path, flags, path.toString());
  }

  /** Opens a path, with something else than the path itself as the context. */
  public static Fd open(OsString path, int flags, String context) throws NamespaceException {
    return open(AT_FDCWD, path, flags, context);
  }

  /** Opens a path below a directory. */
  public static Fd openat(Fd directory, String path, int flags, String context)
      throws NamespaceException {
    return openat(directory, OsString.of(path), flags, context);
  }

  static Fd openat(Fd directory, OsString path, int flags, String context)
      throws NamespaceException {
    return open(directory.number(), path, flags, context);
  }

  private static Fd open(int directory, OsString path, int flags, String context)
      throws NamespaceException {
    return new Fd(check(context, "openat", directory, terminated(path), flags | O_CLOEXEC, 0));
  }

  static Fd create(Fd directory, OsString name, int mode, String context)
      throws NamespaceException {
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    return new Fd(check(context, "openat", directory.number(), terminated(name), flags, mode));
  }

  /**
   * Opens a regular file as a process with this root directory would: no link leads out of it.
   *
   * @throws NamespaceException ENOENT and its like, or if it is no regular file
   */
  public static Fd openInRoot(Fd root, String path, String context) throws NamespaceException {
    byte[] how =
        ByteBuffer.allocate(24)
            .order(ByteOrder.nativeOrder())
            .putLong(O_PATH | O_CLOEXEC)
            .putLong(0)
            .putLong(RESOLVE_IN_ROOT)
            .array();
    byte[] name = terminated(OsString.of(path));
    // Looked at before it is opened: opening a device may do things.
    try (Fd file =
        new Fd(
            checkSyscall(
                "openat2", context, SYS_OPENAT2, root.number(), name, how, (long) how.length))) {
      if (!fstat(file, context).isRegular()) {
        throw new NamespaceException("openat2", context, "not a regular file", null);
      }
      return open(OsString.of("/proc/self/fd/" + file), O_RDONLY | O_NONBLOCK, context);
    }
  }

  /**
   * Everything up to the end of the file.
   *
   * @throws NamespaceException if it is longer than anything that is read here
   */
  public static byte[] readAll(Fd fd, String context) throws NamespaceException {
    byte[] all = new byte[SMALL_BLOCK];
    int length = 0;
    // JNA copies the whole of it, to the call and back.
    byte[] buffer = new byte[SMALL_BLOCK];
    while (true) {
      int n = (int) checkLong(context, "read", fd.number(), buffer, (long) buffer.length);
      if (n == 0) {
        return Arrays.copyOf(all, length);
      }
      if (length + n > LONGEST) {
        throw new NamespaceException("read", context, "longer than " + LONGEST + " bytes", null);
      }
      if (length + n > all.length) {
        all = Arrays.copyOf(all, Math.max(2 * all.length, length + n));
      }
      System.arraycopy(buffer, 0, all, length, n);
      length += n;
      if (n == buffer.length && n < LARGE_BLOCK) {
        buffer = new byte[2 * n];
      }
    }
  }

  /** Writes all of the bytes. */
  public static void write(Fd fd, byte[] bytes, String context) throws NamespaceException {
    byte[] rest = bytes;
    while (rest.length > 0) {
      int n = (int) checkLong(context, "write", fd.number(), rest, (long) rest.length);
      rest = Arrays.copyOfRange(rest, n, rest.length);
    }
  }

  /** Copies a file's content to the end of another, inside the kernel. */
  public static void copy(Fd from, Fd to, String context) throws NamespaceException {
    long n;
    do {
      n = checkLong(context, "sendfile", to.number(), from.number(), null, 1L << 30);
    } while (n > 0);
  }

  /** Which file a descriptor is. */
  public static FileStatus fstat(Fd fd, String context) throws NamespaceException {
    return statx(fd.number(), OsString.of(""), AT_EMPTY_PATH, context);
  }

  /** Which file a path of the calling thread's mount namespace leads to. */
  public static FileStatus stat(OsString path) throws NamespaceException {
    return statx(AT_FDCWD, path, 0, path.toString());
  }

  /** Which file a path below a directory leads to. */
  public static FileStatus fstatat(int directory, String path, String context)
      throws NamespaceException {
    return statx(directory, OsString.of(path), 0, context);
  }

  /** Which file an entry of a directory is, be it a link; empty if there is none. */
  static Optional<FileStatus> lstatat(Fd directory, OsString name, String context)
      throws NamespaceException {
    byte[] block = new byte[STATX_SIZE];
    byte[] path = terminated(name);
    boolean there =
        unlessAbsent(
            context, "statx", directory.number(), path, AT_SYMLINK_NOFOLLOW, STATX_BASIC, block);
    return there ? Optional.of(fileStatus(block)) : Optional.empty();
  }

  /**
   * Calls what is often told that a file is not there, at a hundredth of an exception's cost.
   *
   * @return whether it was there
   */
  static boolean unlessAbsent(String context, String function, Object... arguments)
      throws NamespaceException {
    if (Libc.callInt(function, arguments) >= 0) {
      return true;
    }
    int errno = Libc.errno();
    if (errno == Errno.ENOENT.number() || errno == Errno.ENAMETOOLONG.number()) {
      return false;
    }
    throw new NamespaceException(function, context, errno);
  }

  private static FileStatus statx(int directory, OsString path, int flags, String context)
      throws NamespaceException {
    byte[] block = new byte[STATX_SIZE];
    check(context, "statx", directory, terminated(path), flags, STATX_BASIC, block);
    return fileStatus(block);
  }

  /** struct statx has one layout on every architecture: struct stat has not. */
  private static FileStatus fileStatus(byte[] block) {
    ByteBuffer statx = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
    return new FileStatus(
        makedev(statx.getInt(136), statx.getInt(140)),
        statx.getLong(32),
        statx.getShort(28),
        Instant.ofEpochSecond(statx.getLong(96), statx.getInt(104)),
        Instant.ofEpochSecond(statx.getLong(112), statx.getInt(120)));
  }

  private static long makedev(long major, long minor) {
    return ((major & 0xfff) << 8)
        | ((major & ~0xfffL) << 32)
        | (minor & 0xff)
        | ((minor & ~0xffL) << 12);
  }

  /** The magic number of the file system that a descriptor is on. */
  public static long fileSystem(Fd fd, String context) throws NamespaceException {
    byte[] block = new byte[120];
    check(context, "fstatfs", fd.number(), block);
    return ByteBuffer.wrap(block).order(ByteOrder.nativeOrder()).getLong(0);
  }

  /** The type of the namespace that a descriptor of nsfs is. */
  public static int namespaceType(Fd fd, String context) throws NamespaceException {
    return check(context + ", NS_GET_NSTYPE", "ioctl", fd.number(), NS_GET_NSTYPE, 0L);
  }

  /** The 64-bit id of the namespace that a descriptor of nsfs is; empty before Linux 6.18. */
  public static OptionalLong namespaceUniqueId(Fd fd, String context) throws NamespaceException {
    byte[] block = new byte[8];
    try {
      check(context + ", NS_GET_ID", "ioctl", fd.number(), NS_GET_ID, block);
    } catch (NamespaceException e) {
      if (e.is(Errno.ENOTTY)) {
        return OptionalLong.empty();
      }
      throw e;
    }
    return OptionalLong.of(ByteBuffer.wrap(block).order(ByteOrder.nativeOrder()).getLong());
  }

  /** An ioctl that returns a descriptor. */
  public static Fd ioctlFd(Fd fd, long request, String context) throws NamespaceException {
    return new Fd(check(context, "ioctl", fd.number(), request, 0L));
  }

  /** Whether a descriptor of this process is a terminal. */
  public static boolean isatty(int fd) {
    return Libc.callInt("isatty", fd) == 1;
  }

  /** Pins a process, or one thread of a process where the kernel, from 6.9 on, can do that. */
  public static Fd pidfdOpen(int pid) throws NamespaceException {
    String context = Integer.toString(pid);
    try {
      return pidfdOpen(pid, 0, context);
    } catch (NamespaceException e) {
      if (!e.is(Errno.EINVAL) && !e.is(Errno.ENOENT)) {
        throw e;
      }
      // Of a number that is a thread's, the kernel says EINVAL, or ENOENT from 6.15 on.
      try {
        return pidfdOpen(pid, PIDFD_THREAD, context + ", PIDFD_THREAD");
      } catch (NamespaceException thread) {
        thread.addSuppressed(e);
        throw thread;
      }
    }
  }

  private static Fd pidfdOpen(int pid, int flags, String context) throws NamespaceException {
    return new Fd(checkSyscall("pidfd_open", context, SYS_PIDFD_OPEN, pid, flags, null, null));
  }

  /** A copy of a descriptor of another process. */
  public static Fd pidfdGetfd(Fd pidfd, int number, String context) throws NamespaceException {
    return new Fd(
        checkSyscall("pidfd_getfd", context, SYS_PIDFD_GETFD, pidfd.number(), number, 0, null));
  }

  /** Sends a signal to a pinned process. */
  public static void pidfdSendSignal(Fd pidfd, int signal, String context)
      throws NamespaceException {
    checkSyscall(
        "pidfd_send_signal", context, SYS_PIDFD_SEND_SIGNAL, pidfd.number(), signal, null, 0);
  }

  /** Whether a descriptor becomes readable in time; a pidfd does when its process has ended. */
  public static boolean readable(Fd fd, Duration timeout) throws NamespaceException {
    byte[] block =
        ByteBuffer.allocate(8)
            .order(ByteOrder.nativeOrder())
            .putInt(fd.number())
            .putShort(POLLIN)
            .array();
    return check("", "poll", block, 1L, (int) timeout.toMillis()) > 0;
  }

  /**
   * Waits for a child by its pidfd and reaps it.
   *
   * @return its exit code, or 256 and the number of the signal that ended it
   */
  public static int waitid(Fd pidfd, String context) throws NamespaceException {
    byte[] block = new byte[128];
    check(context, "waitid", P_PIDFD, pidfd.number(), block, WEXITED, null);
    ByteBuffer siginfo = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
    int status = siginfo.getInt(24);
    return siginfo.getInt(8) == CLD_EXITED ? status : 256 + status;
  }

  /**
   * Kills and reaps a child that nobody else waits for: until then its pid cannot be used again.
   */
  public static void endChild(int pid) throws NamespaceException {
    check(Integer.toString(pid), "kill", pid, SIGKILL);
    check(Integer.toString(pid), "waitpid", pid, null, 0);
  }

  /** A file in memory that can be sealed and, where that is wanted, executed. */
  public static Fd memfdCreate(String name, boolean executable) throws NamespaceException {
    byte[] bytes = terminated(OsString.of(name));
    int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    if (!executable) {
      return new Fd(check(name, "memfd_create", bytes, flags));
    }
    int fd = Libc.callInt("memfd_create", bytes, flags | MFD_EXEC);
    if (fd >= 0) {
      return new Fd(fd);
    }
    int errno = Libc.errno();
    if (errno != EINVAL) {
      throw new NamespaceException("memfd_create", name + ", MFD_EXEC", errno);
    }
    // Kernels before 6.3 know no MFD_EXEC, and their memory files can all be executed.
    return new Fd(check(name, "memfd_create", bytes, flags));
  }

  /** Forbids every further change of a file in memory. */
  public static void seal(Fd memfd, String context) throws NamespaceException {
    check(context + ", F_ADD_SEALS", "fcntl", memfd.number(), F_ADD_SEALS, ALL_SEALS);
  }

  /** The namespace with a 64-bit id, of kernels that can find it so (6.19 and later). */
  public static Fd openNamespaceById(long id, String context) throws NamespaceException {
    ByteBuffer handle = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
    handle.putInt(16).putInt(FILE_HANDLE_NSFS).putLong(id);
    return new Fd(check(context, "open_by_handle_at", FD_NSFS_ROOT, handle.array(), O_CLOEXEC));
  }

  /** Mounts in the calling thread's mount namespace; null for an argument that is not used. */
  public static void mount(String source, String where, String type, long flags, String context)
      throws NamespaceException {
    check(context, "mount", text(source), text(where), text(type), flags, null);
  }

  /** Takes a mount off, at once for who looks from now on: the one that a descriptor is on. */
  public static void umountDetached(Fd mounted, String context) throws NamespaceException {
    check(
        context + ", MNT_DETACH",
        "umount2",
        terminated(OsString.of("/proc/self/fd/" + mounted)),
        MNT_DETACH);
  }

  /**
   * Copies the mount that a directory is on, from that directory down; it is mounted nowhere.
   *
   * @param flags AT_RECURSIVE for what is mounted below, too
   */
  static Fd openTree(Fd directory, int flags, String context) throws NamespaceException {
    int all = OPEN_TREE_CLONE | O_CLOEXEC | AT_EMPTY_PATH | flags;
    return new Fd(
        checkSyscall(
            "open_tree",
            context + ", OPEN_TREE_CLONE",
            SYS_OPEN_TREE,
            directory.number(),
            terminated(OsString.of("")),
            all,
            null));
  }

  private static byte[] text(String argument) {
    return argument == null ? null : terminated(OsString.of(argument));
  }

  /** The time of a clock. */
  public static Duration clockGettime(int clock) throws NamespaceException {
    byte[] block = new byte[16];
    check("", "clock_gettime", clock, block);
    ByteBuffer timespec = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
    return Duration.ofSeconds(timespec.getLong(0), timespec.getLong(8));
  }

  /** A pipe: the end to read, the end to write. */
  public static Fd[] pipe() throws NamespaceException {
    byte[] block = new byte[8];
    check("", "pipe2", block, O_CLOEXEC);
    ByteBuffer fds = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
    return new Fd[] {new Fd(fds.getInt(0)), new Fd(fds.getInt(4))};
  }

  /** The id of a user of the caller's user database; empty if there is none of this name. */
  public static OptionalInt userId(OsString name) {
    return accountId("getpwnam", name);
  }

  /** The id of a group of the caller's group database; empty if there is none of this name. */
  public static OptionalInt groupId(OsString name) {
    return accountId("getgrnam", name);
  }

  /** One at a time: libc answers in a buffer of its own. */
  private static synchronized OptionalInt accountId(String function, OsString name) {
    // struct passwd and struct group both start with two pointers, then the id.
    Pointer entry = Libc.callPointer(function, terminated(name));
    return entry == null ? OptionalInt.empty() : OptionalInt.of(entry.getInt(16));
  }

  static byte[] terminated(OsString text) {
    byte[] bytes = text.bytes();
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
