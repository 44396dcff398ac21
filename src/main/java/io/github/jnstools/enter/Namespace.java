package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.FileStatus;
import io.github.jnstools.sys.Sys;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An open namespace: it lives as long as this handle is open, even when its last process has ended.
 *
 * <p>Whoever obtains a handle closes it. Nothing here changes the namespaces of the calling thread.
 *
 * <p>Man: namespaces(7), ioctl_nsfs(2).
 */
public final class Namespace implements AutoCloseable {
  private final Fd fd;
  private final NamespaceId id;
  private final String origin;

  private Namespace(Fd fd, NamespaceId id, String origin) {
    this.fd = fd;
    this.id = id;
    this.origin = origin;
  }

  /** Takes the descriptor over: it is closed with the handle, or at once if it is not right. */
  static Namespace of(Fd fd, NamespaceType type, String origin) throws NamespaceException {
    try {
      FileStatus status = Sys.fstat(fd, origin);
      return new Namespace(fd, new NamespaceId(type, status.device(), status.inode()), origin);
    } catch (NamespaceException e) {
      fd.close();
      throw e;
    }
  }

  /**
   * The namespace behind a file: a bind mount of it, or an entry of {@code /proc/PID/ns}.
   *
   * @throws NamespaceException if the file cannot be opened, or is no namespace of this type
   */
  public static Namespace at(NamespaceType type, OsString file) throws NamespaceException {
    // O_NONBLOCK: opening a FIFO would wait for its other end.
    String context = file + ", for " + type.flagName();
    Fd fd = Sys.open(file, Sys.O_RDONLY | Sys.O_NONBLOCK, context);
    try {
      requireType(fd, type, file.toString());
    } catch (NamespaceException e) {
      fd.close();
      throw e;
    }
    return of(fd, type, file.toString());
  }

  /**
   * The namespace with a 64-bit id.
   *
   * @throws NamespaceException ESTALE if there is none that the caller may see, and always on Linux
   *     6.18; EBADF or EINVAL where an older kernel cannot find namespaces by id
   */
  public static Namespace withId(NamespaceType type, long id) throws NamespaceException {
    String context = type.procName() + ":" + Long.toUnsignedString(id);
    Fd fd;
    try {
      fd = Sys.openNamespaceById(id, context);
    } catch (NamespaceException e) {
      if (e.hint().isPresent()) {
        throw e;
      }
      NamespaceException clear =
          new NamespaceException(
              "open_by_handle_at",
              context,
              "this kernel does not find namespaces by id",
              "name the namespace by a file: /proc/PID/ns/" + type.procName());
      clear.initCause(e);
      throw clear;
    }
    try {
      requireType(fd, type, context);
    } catch (NamespaceException e) {
      fd.close();
      throw e;
    }
    return of(fd, type, context);
  }

  /** The namespace that the calling thread is in. */
  public static Namespace ofThread(NamespaceType type) throws NamespaceException {
    return at(type, OsString.of("/proc/thread-self/ns/" + type.procName()));
  }

  /**
   * Opens the user namespace that owns this one; of a user namespace, its parent.
   *
   * @throws NamespaceException EPERM if it is outside of the caller's user namespace
   */
  public Namespace owner() throws NamespaceException {
    return related(Sys.NS_GET_USERNS, "NS_GET_USERNS", NamespaceType.USER);
  }

  /**
   * Opens the parent of a PID or user namespace.
   *
   * @throws NamespaceException EPERM if it is outside of the caller's namespace; EINVAL for a type
   *     that has no hierarchy
   */
  public Namespace parent() throws NamespaceException {
    return related(Sys.NS_GET_PARENT, "NS_GET_PARENT", id.type());
  }

  private Namespace related(long request, String name, NamespaceType type)
      throws NamespaceException {
    String context = origin + ", " + name;
    return of(Sys.ioctlFd(fd, request, context), type, context);
  }

  private static void requireType(Fd fd, NamespaceType type, String file)
      throws NamespaceException {
    if (Sys.fileSystem(fd, file) != Sys.NSFS_MAGIC) {
      throw new NamespaceException(
          "setns",
          file + ", " + type.flagName(),
          "not a namespace file",
          "name an entry of /proc/PID/ns, or a file that a namespace is bound to");
    }
    int flag = Sys.namespaceType(fd, file);
    if (flag != type.cloneFlag()) {
      Optional<NamespaceType> actual = NamespaceType.ofCloneFlag(flag);
      String name = actual.isPresent() ? actual.get().procName() : "0x" + Integer.toHexString(flag);
      throw new NamespaceException(
          "setns",
          file + ", " + type.flagName(),
          "this is a namespace of type " + name + ", not " + type.procName(),
          null);
    }
  }

  /** Its identity, as long as it lives. */
  public NamespaceId id() {
    return id;
  }

  /** Where it was found: {@code /proc/6806/ns/mnt}. */
  public String origin() {
    return origin;
  }

  /**
   * The id that no other namespace has had or will have until the next boot; empty where the kernel
   * does not tell it.
   *
   * <p>Since Linux 6.18. Man: ioctl_nsfs(2).
   */
  public OptionalLong uniqueId() throws NamespaceException {
    return Sys.namespaceUniqueId(fd, origin);
  }

  /**
   * The number of the open descriptor, for a call that wants to be told a namespace so. The handle
   * keeps it: it means this namespace until the handle is closed, and closing it is the handle's.
   *
   * @throws IllegalStateException if the handle is closed
   */
  public int descriptor() {
    return fd.number();
  }

  @Override
  public void close() {
    fd.close();
  }

  /** {@code net:[4026531840] (/proc/6806/ns/net)}. */
  @Override
  public String toString() {
    return id + " (" + origin + ")";
  }
}
