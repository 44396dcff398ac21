package io.github.jnstools.enter;

import io.github.jnstools.OsString;
import java.util.Objects;

/**
 * A mount that a launch makes for its program alone, in a mount namespace of the program's own.
 *
 * <p>That namespace is a copy of the caller's, so the paths are the caller's. Nothing is mounted
 * elsewhere, and nothing stays behind, whatever becomes of the launch.
 *
 * <p>Privilege: CAP_SYS_ADMIN in the caller's user namespace, or in the one joined. Man:
 * mount_namespaces(7), mount(2).
 *
 * @param kind what is mounted
 * @param source what is bound; of {@link Kind#FILE} the content; null for {@link Kind#SYSFS}
 * @param target over what
 */
public record Mount(Kind kind, OsString source, OsString target) {

  /** What is mounted. */
  public enum Kind {
    /** A sysfs of the network namespace joined. */
    SYSFS,
    /** A file or directory of the caller. */
    BIND,
    /** A file that exists for the program alone. */
    FILE
  }

  private static final Mount NEW_SYSFS = new Mount(Kind.SYSFS, null, OsString.of("/sys"));

  public Mount {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(target);
    if ((kind == Kind.SYSFS) != (source == null)) {
      throw new IllegalArgumentException("a sysfs, and only that, has no source");
    }
  }

  /**
   * A sysfs over {@code /sys}, whose {@code class/net} shows the network namespace joined.
   *
   * <p>All that is mounted below {@code /sys} is there again: cgroup, bpf, debugfs and the rest. So
   * are the options of the old one, as {@code ro}.
   */
  public static Mount sysfs() {
    return NEW_SYSFS;
  }

  /**
   * A file or directory, and all that is mounted below it, over another; links are followed.
   *
   * @param source what is bound
   * @param target over what
   */
  public static Mount bind(OsString source, OsString target) {
    return new Mount(Kind.BIND, source, target);
  }

  /**
   * A new file over another; links are followed. It is root's, everybody may read it, and it ends
   * with the program.
   *
   * @param content of the file
   * @param target over what
   */
  public static Mount file(OsString content, OsString target) {
    return new Mount(Kind.FILE, content, target);
  }
}
