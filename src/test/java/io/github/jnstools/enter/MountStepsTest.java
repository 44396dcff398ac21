package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import io.github.jnstools.enter.Step.Op;
import io.github.jnstools.proc.MountEntry;
import io.github.jnstools.proc.Procfs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountStepsTest {
  private static final String UNSHARE = "unshare(CLONE_NEWNS)";
  private static final String SLAVE = "mount(none, /, none, MS_REC|MS_SLAVE)";
  private static final String KEEP = "openat(/sys, O_PATH)";
  private static final String NEW = "mount(sysfs, /sys, sysfs, 0)";

  private static List<Step> steps(List<MountEntry> mounted, Mount... mounts) {
    return new MountSteps(mounted).steps(List.of(mounts));
  }

  private static List<String> labels(List<Step> steps) {
    return steps.stream().map(Step::label).toList();
  }

  /** What a new sysfs makes of lines of mountinfo, each without what follows the options. */
  private static List<String> sysfs(String... lines) {
    StringBuilder mountinfo = new StringBuilder();
    for (String line : lines) {
      mountinfo.append(line).append(line.contains(" - ") ? "\n" : " - sysfs sysfs rw\n");
    }
    List<Step> steps = steps(MountEntry.parseAll(mountinfo.toString()), Mount.sysfs());
    List<String> labels = labels(steps);
    assertEquals(List.of(UNSHARE, SLAVE, KEEP), labels.subList(0, 3));
    return labels.subList(3, labels.size());
  }

  private static String moved(String where) {
    return "move_mount(old " + where + ", " + where + ")";
  }

  @Test
  void bindsWhatWasBelowTheOldSysOnceWithAllBelowIt() throws Exception {
    Path captured = Path.of(Procfs.class.getResource("/proc-6.18.44").toURI());
    List<MountEntry> mounted = new Procfs(captured).mountinfo("4711");
    List<Step> steps = steps(mounted, Mount.sysfs());
    assertEquals(List.of(UNSHARE, SLAVE, KEEP, NEW, moved("/sys/fs/cgroup")), labels(steps));
    Step bind = steps.get(4);
    assertEquals(Op.BIND_KEPT, bind.op());
    List<OsString> strings = List.of(OsString.of("fs/cgroup"), OsString.of("/sys/fs/cgroup"));
    assertEquals(strings, bind.strings());
    assertEquals(List.of(OsString.of("/sys")), steps.get(2).strings());
  }

  @Test
  void bindsMountsOfTheLastSysOnly() {
    assertEquals(
        List.of(NEW, moved("/sys/kernel/debug")),
        sysfs(
            "1 0 0:1 / / rw",
            "2 1 0:2 / /sys ro",
            "3 2 0:3 / /sys/fs/bpf rw",
            "4 2 0:2 / /sys rw",
            "5 4 0:4 / /sys/kernel/debug rw",
            "6 1 0:4 / /system/x rw"));
  }

  @Test
  void bindsStackedMountsOnceAndHiddenOnesNever() {
    assertEquals(
        List.of(NEW, moved("/sys/fs"), moved("/sys/fsx")),
        sysfs(
            "1 0 0:1 / / rw",
            "2 1 0:2 / /sys rw",
            "3 2 0:3 / /sys/fs/bpf rw",
            "4 2 0:4 / /sys/fs rw",
            "5 4 0:5 / /sys/fs rw",
            "6 5 0:6 / /sys/fs/bpf rw",
            "7 2 0:7 / /sys/fsx rw"));
  }

  @Test
  void bindsMountsBelowADirectoryThatIsNoMount() {
    assertEquals(
        List.of(NEW, moved("/sys/fs/cgroup")),
        sysfs("1 0 0:1 / / ro - ext4 none ro", "2 1 0:2 / /sys/fs/cgroup rw", "3 1 0:2 / /x rw"));
  }

  @Test
  void showsNamesAsTheyAreAndAsAPersonReadsThem() {
    List<MountEntry> mounted =
        MountEntry.parseAll(
            "1 0 0:1 / / rw - a b rw\n2 1 0:2 / /sys rw - a b rw\n"
                + "3 2 0:3 / /sys/\u00ff\\012 rw - a b rw\n");
    Step bind = steps(mounted, Mount.sysfs()).get(4);
    assertEquals("move_mount(old /sys/\\xff\\x0a, /sys/\\xff\\x0a)", bind.label());
    assertEquals(OsString.ofBytes((byte) 0xff, (byte) '\n'), bind.strings().get(0));
  }

  @Test
  void keepsTheOptionsOfTheOldSys() {
    String root = "1 0 0:1 / / rw";
    assertEquals(
        List.of("mount(sysfs, /sys, sysfs, MS_NOSUID|MS_NODEV|MS_NOEXEC)"),
        sysfs(root, "2 1 0:2 / /sys rw,nosuid,nodev,noexec,relatime"));
    assertEquals(
        List.of("mount(sysfs, /sys, sysfs, MS_RDONLY|MS_NOATIME|MS_NODIRATIME)"),
        sysfs(root, "2 1 0:2 / /sys ro,noatime,nodiratime"));
    String readOnly = "mount(sysfs, /sys, sysfs, MS_RDONLY)";
    assertEquals(List.of(readOnly), sysfs(root, "2 1 0:2 / /sys rw - sysfs sysfs ro"));
    List<Step> steps =
        steps(MountEntry.parseAll("2 1 0:2 / /sys ro,noexec - a b ro"), Mount.sysfs());
    assertEquals(1 | 8, steps.get(3).a());
  }

  @Test
  void makesMountsInTheOrderGiven() {
    List<Step> steps =
        steps(
            List.of(),
            Mount.bind(OsString.of("/a"), OsString.of("/b")),
            Mount.file(OsString.of("text"), OsString.of("/c")),
            Mount.bind(OsString.of("/d"), OsString.of("/e")));
    assertEquals(
        List.of(
            UNSHARE,
            SLAVE,
            "mount(/a, /b, none, MS_BIND|MS_REC)",
            "mount(tmpfs, /sys, tmpfs, MS_NOSUID|MS_NODEV|MS_NOEXEC)",
            "write(/sys/file, 4 bytes)",
            "mount(/sys/file, /c, none, MS_BIND|MS_REC)",
            "umount2(/sys, MNT_DETACH)",
            "mount(/d, /e, none, MS_BIND|MS_REC)"),
        labels(steps));
    assertEquals(0x4000 | 1 << 19, steps.get(1).a());
    assertEquals(0x5000, steps.get(2).a());
    assertEquals(List.of(OsString.of("/sys/file"), OsString.of("text")), steps.get(4).strings());
    assertEquals(2, steps.get(6).a());
    assertTrue(steps.stream().noneMatch(Step::runsInThread));
  }

  @Test
  void isRefusedWithoutWhatItsKindNeeds() {
    OsString x = OsString.of("/x");
    assertThrows(IllegalArgumentException.class, () -> new Mount(Mount.Kind.SYSFS, x, x));
    assertThrows(IllegalArgumentException.class, () -> Mount.bind(null, x));
    assertThrows(NullPointerException.class, () -> Mount.file(x, null));
  }
}
