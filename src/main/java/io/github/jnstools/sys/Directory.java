package io.github.jnstools.sys;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One directory, by a descriptor of it: its entries, and what is done to them, stay those of this
 * directory whatever happens to its path. Nothing here follows an entry that is a link, but {@link
 * #open}.
 */
public final class Directory implements AutoCloseable {
  // These two differ between the architectures.
  private static final boolean ARM = Installed.platform().equals("linux-aarch64");
  private static final int O_DIRECTORY = ARM ? 040000 : 0200000;
  private static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);
  private static final long LONGEST_PAUSE = 10;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int LONGEST_LINK = 4096;
  // JNA copies the whole of a block, to the call and back.
  private static final int USUAL_ATTRIBUTE = 1024;
  private static final int LONGEST_ATTRIBUTE = 65536;

  private final Fd fd;
  private final String path;

  private Directory(Fd fd, String path) {
    this.fd = fd;
    this.path = path;
  }

  /** Opens a directory. */
  public static Directory at(OsString path) throws NamespaceException {
    return new Directory(Sys.open(path, Sys.O_RDONLY | O_DIRECTORY), path.toString());
  }

  /** Opens a directory, after making it and those above it as far as they are missing. */
  public static Directory make(OsString path, int mode) throws NamespaceException {
    String text = path.toLatin1();
    for (int slash = text.indexOf('/', 1); slash > 0; slash = text.indexOf('/', slash + 1)) {
      mkdir(OsString.ofLatin1(text.substring(0, slash)), mode);
    }
    mkdir(path, mode);
    return at(path);
  }

  private static void mkdir(OsString path, int mode) throws NamespaceException {
    if (Libc.callInt("mkdir", Sys.terminated(path), mode) < 0) {
      int errno = Libc.errno();
      if (errno != Errno.EEXIST.number()) {
        throw new NamespaceException("mkdir", path.toString(), errno);
      }
    }
  }

  /**
   * Waits until no other open file of this directory is locked, and locks this one; see flock(2).
   * Who may read a directory may lock it, so it does not wait for ever.
   *
   * @throws NamespaceException EAGAIN if it is still locked after 30 seconds
   */
  public void lock() throws NamespaceException {
    lock(LOCK_PATIENCE);
  }

  void lock(Duration patience) throws NamespaceException {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = 1;
    while (Libc.callInt("flock", fd.number(), LOCK_EX | LOCK_NB) < 0) {
      int errno = Libc.errno();
      boolean held = errno == Errno.EAGAIN.number();
      boolean more = held && System.nanoTime() < deadline && sleep(pause);
      if (!more && errno != Errno.EINTR.number()) {
        throw new NamespaceException("flock", path + ", LOCK_EX", errno);
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  /** Returns false if it was interrupted. */
  private static boolean sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Lets what is mounted in it from now on reach other mount namespaces: it becomes a mount of its
   * own, with shared propagation, unless it is one. Then that covers the directory that this is.
   *
   * <p>Privilege: CAP_SYS_ADMIN in the caller's mount namespace. Man: mount_namespaces(7).
   */
  public void share() throws NamespaceException {
    try {
      propagate(fd, Sys.MS_SHARED, "MS_SHARED");
    } catch (NamespaceException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      try (Fd copy = Sys.openTree(fd, AT_RECURSIVE, path)) {
        // A copy is a peer of its original, which would get a second mount of each namespace; and
        // only what it is when it is mounted reaches the mount namespaces that are there already.
        propagate(copy, Sys.MS_PRIVATE, "MS_PRIVATE");
        propagate(copy, Sys.MS_SHARED, "MS_SHARED");
        Sys.mount(reachable(copy), reachable(fd), null, Sys.MS_MOVE, path + ", MS_MOVE");
      }
    }
  }

  private void propagate(Fd mount, long flag, String name) throws NamespaceException {
    Sys.mount(null, reachable(mount), null, flag, path + ", " + name);
  }

  private static String reachable(Fd fd) {
    return "/proc/self/fd/" + fd;
  }

  /**
   * The same directory without what is mounted in it.
   *
   * <p>Privilege: CAP_SYS_ADMIN in the caller's mount namespace.
   */
  public Directory uncovered() throws NamespaceException {
    return new Directory(Sys.openTree(fd, 0, path), path);
  }

  /** The names in it, without those of itself and its parent. */
  public List<OsString> list() throws NamespaceException {
    List<OsString> names = new ArrayList<>();
    byte[] block = new byte[32768];
    // Its own open file: the position of this one is shared with whoever lists at the same time.
    try (Fd reading = Sys.openat(fd, ".", Sys.O_RDONLY | O_DIRECTORY, path)) {
      int n;
      while ((n = readEntries(reading, block)) > 0) {
        ByteBuffer entries = ByteBuffer.wrap(block, 0, n).order(ByteOrder.nativeOrder());
        for (int at = 0; at < n; at += entries.getShort(at + 16)) {
          addName(names, block, at + 19);
        }
      }
    }
    return names;
  }

  private int readEntries(Fd reading, byte[] block) throws NamespaceException {
    return (int) Sys.checkLong(path, "getdents64", reading.number(), block, (long) block.length);
  }

  private static void addName(List<OsString> names, byte[] block, int start) {
    int end = start;
    while (block[end] != 0) {
      end++;
    }
    OsString name = OsString.ofBytes(Arrays.copyOfRange(block, start, end));
    String text = name.toLatin1();
    if (!text.equals(".") && !text.equals("..")) {
      names.add(name);
    }
  }

  /** Which file the directory itself is. */
  public FileStatus status() throws NamespaceException {
    return Sys.fstat(fd, path);
  }

  /** Which file an entry is; empty if there is none of this name. */
  public Optional<FileStatus> status(OsString name) throws NamespaceException {
    return Sys.lstatat(fd, name, context(name));
  }

  /** Opens what an entry leads to. */
  public Fd open(OsString name, int flags) throws NamespaceException {
    return Sys.openat(fd, name, flags, context(name));
  }

  /** Opens an entry itself; what it is cannot be read or written by this. */
  public Fd openEntry(OsString name) throws NamespaceException {
    return Sys.openat(fd, name, Sys.O_PATH | O_NOFOLLOW, context(name));
  }

  /** Makes a file that was not there, and opens it to write. */
  public Fd create(OsString name, int mode) throws NamespaceException {
    return Sys.create(fd, name, mode, context(name));
  }

  /** Where a link leads, as it is written. */
  public OsString readlink(OsString name) throws NamespaceException {
    byte[] block = new byte[LONGEST_LINK];
    long n =
        Sys.checkLong(
            context(name),
            "readlinkat",
            fd.number(),
            Sys.terminated(name),
            block,
            (long) block.length);
    return OsString.ofBytes(Arrays.copyOf(block, (int) n));
  }

  /** Makes a symbolic link. */
  public void symlink(OsString target, OsString name) throws NamespaceException {
    Sys.check(
        target + ", " + context(name),
        "symlinkat",
        Sys.terminated(target),
        fd.number(),
        Sys.terminated(name));
  }

  /** Gives an entry a second name; EEXIST if that is there. */
  public void link(OsString name, OsString second) throws NamespaceException {
    Sys.check(
        context(name) + ", " + context(second),
        "linkat",
        fd.number(),
        Sys.terminated(name),
        fd.number(),
        Sys.terminated(second),
        0);
  }

  /** Renames an entry over whatever file or link has that name. */
  public void rename(OsString name, OsString to) throws NamespaceException {
    Sys.check(
        context(name) + ", " + context(to),
        "renameat",
        fd.number(),
        Sys.terminated(name),
        fd.number(),
        Sys.terminated(to));
  }

  /**
   * Removes a name.
   *
   * @return whether it was there
   */
  public boolean unlink(OsString name) throws NamespaceException {
    return Sys.unlessAbsent(context(name), "unlinkat", fd.number(), Sys.terminated(name), 0);
  }

  /** Sets an extended attribute of an entry itself. */
  public void setAttribute(OsString name, String attribute, byte[] value)
      throws NamespaceException {
    Sys.check(
        context(name) + ", " + attribute,
        "lsetxattr",
        Sys.terminated(through(name)),
        Sys.terminated(OsString.of(attribute)),
        value,
        (long) value.length,
        0);
  }

  /**
   * An extended attribute of an entry itself.
   *
   * @throws NamespaceException ENODATA if it has none of this name, or the caller may not see it
   */
  public byte[] attribute(OsString name, String attribute) throws NamespaceException {
    try {
      return attribute(name, attribute, USUAL_ATTRIBUTE);
    } catch (NamespaceException e) {
      if (!e.is(Errno.ERANGE)) {
        throw e;
      }
      return attribute(name, attribute, LONGEST_ATTRIBUTE);
    }
  }

  private byte[] attribute(OsString name, String attribute, int longest) throws NamespaceException {
    byte[] block = new byte[longest];
    long n =
        Sys.checkLong(
            context(name) + ", " + attribute,
            "lgetxattr",
            Sys.terminated(through(name)),
            Sys.terminated(OsString.of(attribute)),
            block,
            (long) block.length);
    return Arrays.copyOf(block, (int) n);
  }

  /** A path of an entry through the descriptor, for calls that take only a path. */
  public OsString through(OsString name) {
    return OsString.ofLatin1(reachable(fd) + "/" + name.toLatin1());
  }

  /** {@code /run/netns/web}, for messages. */
  public String context(OsString name) {
    return path + "/" + name;
  }

  @Override
  public void close() {
    fd.close();
  }
}
