package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.proc.CgroupEntry;
import io.github.jnstools.proc.ProcStat;
import io.github.jnstools.proc.ProcStatus;
import io.github.jnstools.proc.Strings;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.Sys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A process, pinned: whatever is opened through this handle is that process's, or an error. A pid
 * that is used again for another process is never mistaken for it.
 *
 * <p>Everything is opened below a descriptor of {@code /proc/PID}, which goes dead with the
 * process; then the pidfd is asked whether the process still lives.
 *
 * <p>Privilege: to open most things PTRACE_MODE_READ over the process, see ptrace(2). Man:
 * pidfd_open(2), proc(5).
 */
public final class Target implements AutoCloseable {
  private static final String CONTEXT = "/proc/";

  private final int pid;
  private final Fd pidfd;
  private final Fd directory;

  private Target(int pid, Fd pidfd, Fd directory) {
    this.pid = pid;
    this.pidfd = pidfd;
    this.directory = directory;
  }

  /**
   * Pins a process.
   *
   * @param pid its number in the PID namespace of the caller, and of the caller's {@code /proc}
   * @throws NamespaceException ESRCH if there is none; ENOENT if {@code /proc} hides it
   */
  public static Target of(int pid) throws NamespaceException {
    Fd pidfd = Sys.pidfdOpen(pid);
    Fd directory = null;
    try {
      // Not O_PATH: that opens what /proc hides, too.
      directory =
          Sys.open(OsString.of(CONTEXT + pid), Sys.O_RDONLY, CONTEXT + pid + ", O_DIRECTORY");
      Target target = new Target(pid, pidfd, directory);
      target.requireSamePidNamespace();
      target.requireAlive();
      return target;
    } catch (NamespaceException e) {
      if (directory != null) {
        directory.close();
      }
      pidfd.close();
      throw e;
    }
  }

  /**
   * Pins the process that started at this time.
   *
   * @param startTime in clock ticks since boot, as {@link #startTime()} gives it
   * @throws NamespaceException as {@link #of(int)} does, or if the pid is another process's by now
   */
  public static Target of(int pid, long startTime) throws NamespaceException {
    Target target = of(pid);
    boolean same = false;
    try {
      same = target.startTime() == startTime;
    } finally {
      if (!same) {
        target.close();
      }
    }
    if (same) {
      return target;
    }
    throw new NamespaceException(
        "target",
        Integer.toString(pid),
        "the pid belongs to another process now",
        "look the process up again");
  }

  /** The pid it was pinned by. */
  public int pid() {
    return pid;
  }

  /**
   * When it started, in clock ticks since boot: with the pid, its identity across restarts of a
   * tool.
   */
  public long startTime() throws NamespaceException {
    return ProcStat.parse(read("stat")).startTime();
  }

  /**
   * The inode number of its pidfd, which no other process since boot has had.
   *
   * @throws NamespaceException if the kernel, before 6.9, has no such numbers
   */
  public long pidfdInode() throws NamespaceException {
    String context = "pidfd of " + pid;
    if (Sys.fileSystem(pidfd, context) != Sys.PID_FS_MAGIC) {
      throw new NamespaceException(
          "statx",
          context,
          "this kernel gives processes no inode number",
          "leave out the :INODE, which needs Linux 6.9");
    }
    return Sys.fstat(pidfd, context).inode();
  }

  /** Whether it has ended. */
  public boolean hasEnded() throws NamespaceException {
    return Sys.readable(pidfd, Duration.ZERO);
  }

  /** Opens its namespace of a type; the caller closes it. */
  public Namespace namespace(NamespaceType type) throws NamespaceException {
    String file = "ns/" + type.procName();
    return Namespace.of(open(file, Sys.O_RDONLY), type, path(file));
  }

  /** Opens its namespaces of these types; the caller closes them. */
  public List<Namespace> namespaces(Collection<NamespaceType> types) throws NamespaceException {
    List<Namespace> opened = new ArrayList<>();
    try {
      for (NamespaceType type : types) {
        opened.add(namespace(type));
      }
    } catch (NamespaceException e) {
      for (Namespace namespace : opened) {
        namespace.close();
      }
      throw e;
    }
    return opened;
  }

  /**
   * Opens the network namespace of one of its sockets, which may be another than its own.
   *
   * @param number the socket's descriptor in the process
   */
  public Namespace socketNamespace(int number) throws NamespaceException {
    String context = path("fd/" + number);
    try (Fd socket = Sys.pidfdGetfd(pidfd, number, context)) {
      requireAlive();
      String asked = context + ", SIOCGSKNS";
      return Namespace.of(Sys.ioctlFd(socket, Sys.SIOCGSKNS, asked), NamespaceType.NET, asked);
    }
  }

  /** Its environment as it was when it started, one {@code NAME=value} each, the last of a name. */
  public List<OsString> environment() throws NamespaceException {
    return Environment.normalized(Strings.split(content("environ")));
  }

  /**
   * The id of a user, by the {@code /etc/passwd} below the target's root.
   *
   * @throws NamespaceException if there is no such file, or no such user in it
   */
  public int userId(String name) throws NamespaceException {
    return accountId("etc/passwd", name);
  }

  /** The id of a group, by the {@code /etc/group} below the target's root. */
  public int groupId(String name) throws NamespaceException {
    return accountId("etc/group", name);
  }

  private int accountId(String file, String name) throws NamespaceException {
    return AccountFile.id(file(file), name, path("root/" + file));
  }

  /**
   * The content of a file below the target's root, as far as no link in {@code /proc} leads out.
   *
   * @param path from that root
   * @throws NamespaceException ENOENT if there is none, EXDEV if it is elsewhere; or if it is no
   *     regular file, or longer than 16 MiB
   */
  public byte[] file(String path) throws NamespaceException {
    String context = path("root/" + path);
    try (Fd root = directory("root");
        Fd file = Sys.openInRoot(root, path, context)) {
      return Sys.readAll(file, context);
    }
  }

  List<CgroupEntry> cgroups() throws NamespaceException {
    return CgroupEntry.parseAll(read("cgroup"));
  }

  ProcStatus status() throws NamespaceException {
    return ProcStatus.parse(read("status"));
  }

  /** Its SELinux context. */
  OsString securityContext() throws NamespaceException {
    String text = read("attr/current");
    int end = text.indexOf('\0');
    return OsString.ofLatin1((end < 0 ? text : text.substring(0, end)).strip());
  }

  /** Its root directory, or the one it works in: {@code root}, {@code cwd}. */
  Fd directory(String name) throws NamespaceException {
    return open(name, Sys.O_PATH);
  }

  /** The descriptor of {@code /proc/PID}; its owner is the process's effective user. */
  Fd procDirectory() {
    return directory;
  }

  /** {@code /proc/6806/ns/mnt}, for messages. */
  String path(String file) {
    return CONTEXT + pid + "/" + file;
  }

  private String read(String file) throws NamespaceException {
    return new String(content(file), StandardCharsets.ISO_8859_1);
  }

  /** The kernel shows nothing, or nonsense, of a process that ends meanwhile. */
  private byte[] content(String file) throws NamespaceException {
    try (Fd fd = open(file, Sys.O_RDONLY)) {
      byte[] bytes = Sys.readAll(fd, path(file));
      requireAlive();
      return bytes;
    } catch (NamespaceException e) {
      requireAlive();
      throw e;
    }
  }

  private Fd open(String file, int flags) throws NamespaceException {
    Fd fd;
    try {
      fd = Sys.openat(directory, file, flags, path(file));
    } catch (NamespaceException e) {
      requireAlive();
      throw e;
    }
    try {
      requireAlive();
      return fd;
    } catch (NamespaceException e) {
      fd.close();
      throw e;
    }
  }

  private void requireAlive() throws NamespaceException {
    if (hasEnded()) {
      throw new NamespaceException(
          "target", Integer.toString(pid), "the process has ended", "look its pid up again");
    }
  }

  /** After half an nsenter, {@code /proc} numbers processes otherwise than pidfd_open(2) does. */
  private void requireSamePidNamespace() throws NamespaceException {
    String info = "/proc/self/fdinfo/" + pidfd;
    String text;
    try (Fd file = Sys.open(OsString.of(info), Sys.O_RDONLY)) {
      text = new String(Sys.readAll(file, info), StandardCharsets.ISO_8859_1);
    }
    if (!text.contains("Pid:\t" + pid + "\n") && !hasEnded()) {
      throw new NamespaceException(
          "target",
          Integer.toString(pid),
          "/proc shows another PID namespace than the caller's",
          "mount a fresh /proc, or enter the mount namespace too");
    }
  }

  @Override
  public void close() {
    directory.close();
    pidfd.close();
  }
}
