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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        String path = find(mounts, group);
        if (path != null) {
          files.add(new CgroupFile(Sys.open(OsString.ofLatin1(path), Sys.O_WRONLY), path));
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

  /** Where a group is; null if its hierarchy is not mounted. */
  private static String find(List<MountEntry> mounts, CgroupEntry group) throws NamespaceException {
    MountEntry other = null;
    Set<String> covered = new HashSet<>();
    for (int i = mounts.size() - 1; i >= 0; i--) {
      MountEntry mount = mounts.get(i);
      if (covered.add(mount.mountPoint()) && holds(mount, group)) {
        String rest = below(mount.root(), group.path());
        if (rest != null) {
          return mount.mountPoint() + rest + "/cgroup.procs";
        }
        other = mount;
      }
    }
    if (other == null) {
      return null;
    }
    throw new NamespaceException(
        "join-cgroup",
        group.path(),
        "the target's group is outside of what is mounted here, " + other.root(),
        "join from the host");
  }

  /**
   * The group's path below what a mount shows: that of a group in a cgroup namespace may be {@code
   * /../..}, which is what it shows of its mounts too. Null if the mount does not hold the group.
   */
  private static String below(String root, String path) {
    String prefix = root.equals("/") ? "" : root;
    if (path.equals(root)) {
      return "";
    }
    if (!path.startsWith(prefix + "/")) {
      return null;
    }
    String rest = path.substring(prefix.length());
    return rest.equals("/..") || rest.startsWith("/../") ? null : rest;
  }
}
