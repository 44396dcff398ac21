package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Mount;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.Target;
import io.github.jnstools.sys.Directory;
import io.github.jnstools.sys.Sys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A command in a named network namespace, in the place that {@code ip netns exec} gives one: {@code
 * /sys} shows the namespace's interfaces, and the files of {@code /etc/netns/NAME} are over those
 * of {@code /etc}. Unlike there, all that is mounted below {@code /sys} is still there.
 *
 * <p>Immutable. It refers to an open namespace, which stays its holder's to close, as a {@link
 * Command} does. A resolver that the program asks by a socket, as nscd or systemd-resolved, answers
 * as it does on the host. Man: ip-netns(8).
 */
public final class NetnsCommand {
  private static final String ETC = "/etc";
  private static final String RESOLV_CONF = "/resolv.conf";
  private static final String HOSTS = "/hosts";

  private final String etc;
  private final Command command;
  private final List<Mount> mounts;
  private final List<String> warnings;

  private NetnsCommand(String etc, Command command, List<Mount> mounts, List<String> warnings) {
    this.etc = etc;
    this.command = command.withMounts(mounts);
    this.mounts = List.copyOf(mounts);
    this.warnings = List.copyOf(warnings);
  }

  /**
   * A program in a network namespace.
   *
   * @param name what the namespace is called, for {@code /etc/netns/NAME}
   * @param net the namespace
   * @param program its name or path
   * @param argv what it sees, its own name first
   * @throws IllegalArgumentException if the name is none that a file can have
   */
  public static NetnsCommand of(
      OsString name, Namespace net, OsString program, List<OsString> argv) {
    return of(ETC, name, net, program, argv);
  }

  static NetnsCommand of(
      String etc, OsString name, Namespace net, OsString program, List<OsString> argv) {
    requireFileName(name);
    List<Mount> mounts = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    mounts.add(Mount.sysfs());
    bindFiles(OsString.of(etc), name, mounts, warnings);
    Command command = Command.of(program, argv).withNamespaces(NamespaceSet.of(net));
    return new NetnsCommand(etc, command, mounts, warnings);
  }

  private static void requireFileName(OsString name) {
    String text = name.toLatin1();
    if (text.isEmpty() || text.equals(".") || text.equals("..") || text.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not a name for a network namespace: '" + name + "'");
    }
  }

  private static void bindFiles(
      OsString etc, OsString name, List<Mount> mounts, List<String> warnings) {
    OsString directory = below(below(etc, OsString.of("netns")), name);
    List<String> files = new ArrayList<>();
    try (Directory open = Directory.at(directory)) {
      for (OsString file : open.list()) {
        files.add(file.toLatin1());
      }
    } catch (NamespaceException e) {
      if (!e.is(Errno.ENOENT)) {
        warnings.add("cannot read " + directory + ": " + e.getMessage());
      }
    }
    Collections.sort(files);
    for (String file : files) {
      OsString source = below(directory, OsString.ofLatin1(file));
      OsString target = below(etc, OsString.ofLatin1(file));
      String obstacle = obstacle(source, target);
      if (obstacle == null) {
        mounts.add(Mount.bind(source, target));
      } else {
        warnings.add("cannot bind " + source + ": " + obstacle);
      }
    }
  }

  /** Why a file cannot be bound over another; null if it can. */
  private static String obstacle(OsString source, OsString target) {
    try {
      boolean directory = Sys.stat(source).isDirectory();
      return !exists(target)
          ? target + " does not exist"
          : directory == Sys.stat(target).isDirectory()
              ? null
              : target + (directory ? " is no directory" : " is a directory");
    } catch (NamespaceException e) {
      return e.getMessage();
    }
  }

  private static boolean exists(OsString file) throws NamespaceException {
    try {
      Sys.stat(file);
      return true;
    } catch (NamespaceException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * The same with the {@code resolv.conf} and {@code hosts} of a container, over any others. They
   * are read now, as text that is the container's to choose, and never followed out of its root
   * directory. Where it has no {@code hosts} there is a warning.
   *
   * @param container a process of it; not needed any more afterwards
   * @throws NamespaceException if the container has no {@code resolv.conf}, or one of the files is
   *     no text file, or there is no file here for it to be mounted over
   */
  public NetnsCommand withDnsOf(Target container) throws NamespaceException {
    List<Mount> all = new ArrayList<>(mounts);
    List<String> more = new ArrayList<>(warnings);
    OsString resolvConf = text(container, RESOLV_CONF);
    if (resolvConf == null) {
      throw new NamespaceException(
          "dns",
          Integer.toString(container.pid()),
          "the container has no /etc" + RESOLV_CONF,
          "leave out --dns container");
    }
    cover(all, RESOLV_CONF, resolvConf);
    OsString hosts = text(container, HOSTS);
    if (hosts == null) {
      more.add("the container has no /etc" + HOSTS + ", so that of this host is used");
    } else {
      cover(all, HOSTS, hosts);
    }
    return new NetnsCommand(etc, command, all, more);
  }

  /** The content of a file of the container's {@code /etc}; null if there is none. */
  private static OsString text(Target container, String file) throws NamespaceException {
    byte[] content;
    try {
      content = container.file("etc" + file);
    } catch (NamespaceException e) {
      if (e.is(Errno.ENOENT)) {
        return null;
      }
      throw e;
    }
    for (byte b : content) {
      if (b == 0) {
        throw new NamespaceException(
            "dns", Integer.toString(container.pid()), "/etc" + file + " is no text file", null);
      }
    }
    return OsString.ofBytes(content);
  }

  private void cover(List<Mount> all, String file, OsString content) throws NamespaceException {
    OsString target = OsString.of(etc + file);
    if (!exists(target)) {
      throw new NamespaceException(
          "mount",
          target.toString(),
          "there is no such file here that the container's could be mounted over",
          "create it: touch " + target);
    }
    all.add(Mount.file(content, target));
  }

  private static OsString below(OsString directory, OsString name) {
    return OsString.ofLatin1(directory.toLatin1() + "/" + name.toLatin1());
  }

  /** What to launch; it may be given more. */
  public Command command() {
    return command;
  }

  /** What could not be done and does not prevent a launch, a line each. */
  public List<String> warnings() {
    return warnings;
  }
}
