package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.proc.CgroupEntry;
import io.github.jnstools.proc.MountEntry;
import io.github.jnstools.proc.Procfs;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.Sys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An open {@code cgroup.procs}: whoever writes "0" to it moves into that group.
 *
 * @param fd open for writing
 * @param path where it is in the caller's mount namespace
 */
record CgroupFile(Fd fd, String path) {

  /** Opens the file of each group, in every hierarchy that is mounted here. */
  static List<CgroupFile> openAll(List<CgroupEntry> groups) throws IOException {
    List<MountEntry> mounts = Procfs.HERE.mountinfo("self");
    List<CgroupFile> files = new ArrayList<>();
    try {
      for (CgroupEntry group : groups) {
        for (MountEntry mount : mounts) {
          if (holds(mount, group)) {
            files.add(open(mount, group));
            break;
          }
        }
      }
    } catch (NamespaceException e) {
      for (CgroupFile file : files) {
        file.fd().close();
      }
      throw e;
    }
    if (files.isEmpty()) {
      throw new NamespaceException(
          "join-cgroup",
          "/proc/self/mountinfo",
          "no cgroup file system is mounted",
          "mount one: mount -t cgroup2 none /sys/fs/cgroup");
    }
    return files;
  }

  private static boolean holds(MountEntry mount, CgroupEntry group) {
    if (group.unified()) {
      return mount.type().equals("cgroup2");
    }
    List<String> controllers = Arrays.asList(group.controllers().split(","));
    return mount.type().equals("cgroup") && mount.superOptions().containsAll(controllers);
  }

  private static CgroupFile open(MountEntry mount, CgroupEntry group) throws NamespaceException {
    String path = mount.mountPoint() + below(mount.root(), group.path()) + "/cgroup.procs";
    return new CgroupFile(Sys.open(OsString.ofLatin1(path), Sys.O_WRONLY), path);
  }

  /** A container that sees only a part of the hierarchy has that part as its mount's root. */
  private static String below(String root, String path) throws NamespaceException {
    boolean outside = path.startsWith("/..");
    if (root.equals("/") && !outside) {
      return path.equals("/") ? "" : path;
    }
    if (!outside && (path.equals(root) || path.startsWith(root + "/"))) {
      return path.substring(root.length());
    }
    throw new NamespaceException(
        "join-cgroup",
        path,
        "the target's group is outside of what is mounted here, " + root,
        "join from the host");
  }
}
