package io.github.jnstools.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On files of Linux 6.18.44, with control groups of version 1 and 2 side by side. */
class ProcfsTest {
  private static final String PID = "4711";

  private Path root;
  private Procfs procfs;

  @BeforeEach
  void openCapture() throws Exception {
    root = Path.of(ProcfsTest.class.getResource("/proc-6.18.44").toURI());
    procfs = new Procfs(root);
  }

  private String text(String process, String file) throws IOException {
    return Files.readString(root.resolve(process).resolve(file), StandardCharsets.ISO_8859_1);
  }

  private static List<OsString> latin1(String... strings) {
    return List.of(strings).stream().map(OsString::ofLatin1).toList();
  }

  @Test
  void readsCapabilitiesAndSignalsFromStatus() throws IOException {
    assertEquals(
        new ProcStatus(
            0x3000, 0x7ffeffffffL, 0x241000, 0xfffeffffffL, 0x1000, 0x8000000000000004L, 0x1007),
        procfs.status(PID));
  }

  @Test
  void countsMissingLinesOfStatusAsEmpty() {
    assertEquals(new ProcStatus(0, 0, 0, 0, 0, 0, 0), ProcStatus.parse("Name:\tcat\n"));
    assertEquals(5, ProcStatus.parse("Name:\tcat\nSigBlk:\t5\n").blockedSignals());
  }

  @Test
  void readsOnlyWholeKeysOfStatus() {
    assertEquals(0, ProcStatus.parse("Name:\tCapInh:\t1\nXCapInh:\t2\n").inheritable());
  }

  @Test
  void findsTheEndOfANameWithBlanksAndParenthesesInStat() throws IOException {
    assertEquals(new ProcStat(4711, 'S', 352047), ProcStat.parse(text(PID, "stat")));
  }

  @Test
  void findsTheEndOfANameThatImitatesStat() {
    String rest = " 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ";
    assertEquals(
        new ProcStat(7, 'Z', -1),
        ProcStat.parse("7 (7 (a) R" + rest + "5 x) Z" + rest + "18446744073709551615 0\n"));
  }

  @Test
  void refusesWhatIsNoStat() {
    String short21 = "7 (cat) R 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5";
    for (String line : List.of("", "7", "7 cat R 1", ") (", "7 (cat) ", short21)) {
      assertThrows(IllegalArgumentException.class, () -> ProcStat.parse(line), line);
    }
  }

  @Test
  void readsControlGroupsOfBothVersions() throws IOException {
    List<CgroupEntry> groups = CgroupEntry.parseAll(text(PID, "cgroup"));
    assertEquals(10, groups.size());
    assertEquals(new CgroupEntry("name=systemd", "/"), groups.get(0));
    assertEquals(new CgroupEntry("memory", "/docker/0123456789ab"), groups.get(5));
    assertEquals(new CgroupEntry("", "/"), groups.get(9));
    assertEquals(List.of(groups.get(9)), groups.stream().filter(CgroupEntry::unified).toList());
  }

  @Test
  void readsControlGroupsOfVersion2Alone() throws IOException {
    assertEquals(
        List.of(new CgroupEntry("", "/system.slice/docker-0123456789ab.scope")),
        CgroupEntry.parseAll(text("4712", "cgroup")));
  }

  @Test
  void keepsColonsOfAGroupsPath() {
    assertEquals(
        List.of(new CgroupEntry("cpu,cpuacct", "/a:b::c")),
        CgroupEntry.parseAll("3:cpu,cpuacct:/a:b::c\n"));
    assertEquals(List.of(), CgroupEntry.parseAll(""));
  }

  @Test
  void readsEveryLineOfMountinfo() throws IOException {
    List<MountEntry> mounts = procfs.mountinfo(PID);
    assertEquals(text(PID, "mountinfo").lines().count(), mounts.size());
    List<String> rw = List.of("rw", "relatime");
    assertEquals(
        new MountEntry(209, 208, "/", "/", rw, "ext4", List.of("rw", "discard")), mounts.get(0));
    assertEquals(
        new MountEntry(
            215, 213, "/", "/sys/fs/cgroup/cpuacct", rw, "cgroup", List.of("rw", "cpuacct")),
        mounts.get(5));
    assertTrue(
        mounts.contains(
            new MountEntry(223, 213, "/", "/sys/fs/cgroup/unified", rw, "cgroup2", List.of("rw"))));
  }

  @Test
  void undoesTheEscapesOfMountinfo() throws IOException {
    List<MountEntry> mounts = procfs.mountinfo(PID);
    List<String> rw = List.of("rw", "relatime");
    List<String> options = List.of("rw", "size=1024k");
    assertTrue(
        mounts.contains(new MountEntry(230, 229, "/", "/srv/a b\tc\nd\\e#f", rw, "tmpfs", options)),
        mounts.toString());
    assertTrue(
        mounts.contains(new MountEntry(231, 229, "/in ner", "/srv/sub", rw, "tmpfs", options)));
  }

  @Test
  void skipsTheOptionalFieldsOfMountinfo() {
    assertEquals(
        List.of(
            new MountEntry(
                36,
                35,
                "/r",
                "/m",
                List.of("ro", "nosuid"),
                "ext3",
                List.of("rw", "errors=continue"))),
        MountEntry.parseAll(
            "36 35 98:0 /r /m ro,nosuid shared:1 master:2 unbindable - ext3 /dev/root rw,errors=continue\n"));
    assertEquals(
        List.of(
            new MountEntry(232, 229, "/", "/srv/shared", List.of("rw"), "tmpfs", List.of("rw"))),
        MountEntry.parseAll("232 229 0:56 / /srv/shared rw shared:1 - tmpfs none rw\n"));
  }

  @Test
  void keepsAMountWithoutSource() {
    assertEquals(
        List.of(new MountEntry(36, 35, "/", "/m", List.of("rw"), "tmpfs", List.of("rw"))),
        MountEntry.parseAll("36 35 98:0 / /m rw - tmpfs  rw\n"));
    assertEquals(List.of(), MountEntry.parseAll(""));
  }

  @Test
  void keepsBytesOfOtherEncodingsInMountinfo() {
    MountEntry mount = MountEntry.parseAll("1 1 0:1 / /\u00e9\\134 rw - a b rw").get(0);
    assertEquals("/\u00e9\\", mount.mountPoint());
  }

  @Test
  void readsTheEnvironmentByteForByte() throws IOException {
    assertEquals(
        latin1(
            "LAST=1",
            "PWD=/",
            "LINES=a\nb",
            "HOME=/home/user",
            "EMPTY=",
            "SHLVL=0",
            "GREETING=guten Tag",
            "BYTES=\u00ff\u00e9"),
        procfs.environ(PID));
  }

  @Test
  void readsArgumentsByteForByte() throws IOException {
    assertEquals(
        latin1("worker one", "--flag", "", "\u00ff", "end"),
        Strings.split(Files.readAllBytes(root.resolve(PID).resolve("cmdline"))));
  }

  @Test
  void splitsAtEveryNul() {
    assertEquals(List.of(), Strings.split(new byte[0]));
    assertEquals(latin1(""), Strings.split(new byte[1]));
    assertEquals(latin1("a", "", "b"), Strings.split("a\0\0b\0".getBytes()));
    assertEquals(latin1("a", "b"), Strings.split("a\0b".getBytes()));
  }

  @Test
  void throwsIfThereIsNoSuchProcess() {
    assertThrows(IOException.class, () -> procfs.status("1"));
    assertThrows(IOException.class, () -> procfs.mountinfo("1"));
    assertThrows(IOException.class, () -> procfs.environ("1"));
  }

  @Test
  void readsThisProcess() throws IOException {
    assertFalse(Procfs.HERE.mountinfo("self").isEmpty());
    ProcStat stat = ProcStat.parse(Files.readString(Path.of("/proc/self/stat")));
    assertEquals(ProcessHandle.current().pid(), stat.pid());
    assertTrue(stat.startTime() > 0);
  }
}
