package io.github.jnstools.enter;

import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Step.Op;
import io.github.jnstools.proc.MountEntry;
import java.util.ArrayList;
import java.util.List;

/** The part of a plan that gives the program a mount namespace, and mounts, of its own. */
final class MountSteps {

  /** An option of mountinfo, as mount(2) has it. */
  private record Flag(String option, int bit, String name) {}

  private static final List<Flag> FLAGS =
      List.of(
          new Flag("ro", 1, "MS_RDONLY"),
          new Flag("nosuid", 2, "MS_NOSUID"),
          new Flag("nodev", 4, "MS_NODEV"),
          new Flag("noexec", 8, "MS_NOEXEC"),
          new Flag("noatime", 1024, "MS_NOATIME"),
          new Flag("nodiratime", 2048, "MS_NODIRATIME"));

  private static final int MS_NOSUID_NODEV_NOEXEC = 2 | 4 | 8;
  private static final String NOSUID_NODEV_NOEXEC = "MS_NOSUID|MS_NODEV|MS_NOEXEC";
  private static final int MS_BIND = 0x1000;
  private static final int MS_REC = 0x4000;
  private static final int MS_SLAVE = 1 << 19;
  private static final int MNT_DETACH = 2;

  private static final String SYS = "/sys";
  // A directory that is there, and that no file which is mounted over leads to.
  private static final String SCRATCH = SYS;
  private static final String SCRATCH_FILE = SCRATCH + "/file";

  private final List<MountEntry> mounted;
  private final List<Step> steps = new ArrayList<>();

  /**
   * For a process that has these mounts.
   *
   * @param mounted its mountinfo
   */
  MountSteps(List<MountEntry> mounted) {
    this.mounted = mounted;
  }

  /** The steps that lead to a mount namespace of the program's own, and make mounts there. */
  List<Step> steps(List<Mount> mounts) {
    steps.add(Step.of(Op.UNSHARE, "unshare", "CLONE_NEWNS", NamespaceType.MNT.cloneFlag(), 0));
    // What the host mounts later still arrives, and what it unmounts is not held here.
    steps.add(mount("none", "/", "none", MS_REC | MS_SLAVE, "MS_REC|MS_SLAVE"));
    for (Mount mount : mounts) {
      switch (mount.kind()) {
        case SYSFS -> mountSysfs();
        case BIND -> bind(mount.source(), mount.target());
        case FILE -> mountFile(mount.source(), mount.target());
        default -> throw new IllegalStateException();
      }
    }
    return steps;
  }

  /** A proc file system of the PID namespace that the process is in. */
  static Step proc() {
    return mount("proc", "/proc", "proc", MS_NOSUID_NODEV_NOEXEC, NOSUID_NODEV_NOEXEC);
  }

  /** The kernel lets a sysfs show the network namespace of whoever mounts it, for good. */
  private void mountSysfs() {
    MountEntry old = lastAt(SYS);
    steps.add(Step.of(Op.KEEP, "openat", SYS + ", O_PATH", 0, 0, OsString.of(SYS)));
    steps.add(sysfs(old));
    List<MountEntry> below = below(SYS, old == null ? lastAt("/") : old);
    for (MountEntry mount : below) {
      OsString where = OsString.ofLatin1(mount.mountPoint());
      OsString inside = OsString.ofLatin1(mount.mountPoint().substring(SYS.length() + 1));
      String context = "old " + where + ", " + where;
      steps.add(Step.of(Op.BIND_KEPT, "move_mount", context, 0, 0, inside, where));
    }
  }

  /** With the options of the old one: without those that are locked, the kernel refuses it. */
  private static Step sysfs(MountEntry old) {
    long bits = 0;
    StringBuilder names = new StringBuilder();
    for (Flag flag : FLAGS) {
      boolean set = old != null && old.options().contains(flag.option);
      boolean readOnly =
          old != null && flag.option.equals("ro") && old.superOptions().contains("ro");
      if (set || readOnly) {
        bits |= flag.bit;
        names.append(bits == flag.bit ? "" : "|").append(flag.name);
      }
    }
    return mount("sysfs", SYS, "sysfs", bits, bits == 0 ? "0" : names.toString());
  }

  /** What is mounted at a place; null for nothing. Later mounts come later, and cover earlier. */
  private MountEntry lastAt(String where) {
    MountEntry last = null;
    for (MountEntry mount : mounted) {
      last = mount.mountPoint().equals(where) ? mount : last;
    }
    return last;
  }

  /** The mounts on another one, below a directory, but for those that the rest of them hide. */
  private List<MountEntry> below(String directory, MountEntry parent) {
    List<MountEntry> children = new ArrayList<>();
    for (MountEntry mount : mounted) {
      if (mount.parent() == parent.id() && mount.mountPoint().startsWith(directory + "/")) {
        children.add(mount);
      }
    }
    List<MountEntry> visible = new ArrayList<>();
    for (MountEntry child : children) {
      boolean hidden = false;
      for (MountEntry other : children) {
        hidden |= child.mountPoint().startsWith(other.mountPoint() + "/");
      }
      if (!hidden) {
        visible.add(child);
      }
    }
    return visible;
  }

  private void bind(OsString source, OsString target) {
    steps.add(
        Step.of(
            Op.MOUNT,
            "mount",
            source + ", " + target + ", none, MS_BIND|MS_REC",
            MS_BIND | MS_REC,
            0,
            source,
            target,
            OsString.of("none")));
  }

  /**
   * The kernel binds no file without a name, and one in a directory of the host's could be left
   * behind there: so it is in a file system that only this mount namespace has.
   */
  private void mountFile(OsString content, OsString target) {
    String length = content.bytes().length + " bytes";
    OsString file = OsString.of(SCRATCH_FILE);
    steps.add(mount("tmpfs", SCRATCH, "tmpfs", MS_NOSUID_NODEV_NOEXEC, NOSUID_NODEV_NOEXEC));
    steps.add(Step.of(Op.CREATE, "write", SCRATCH_FILE + ", " + length, 0, 0, file, content));
    bind(file, target);
    steps.add(
        Step.of(
            Op.UMOUNT, "umount2", SCRATCH + ", MNT_DETACH", MNT_DETACH, 0, OsString.of(SCRATCH)));
  }

  private static Step mount(String source, String where, String type, long flags, String names) {
    return Step.of(
        Op.MOUNT,
        "mount",
        source + ", " + where + ", " + type + ", " + names,
        flags,
        0,
        OsString.of(source),
        OsString.of(where),
        OsString.of(type));
  }
}
