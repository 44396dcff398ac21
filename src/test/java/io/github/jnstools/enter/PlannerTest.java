package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jnstools.Credentials;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Command.Option;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans for this JVM's own namespaces: nothing is run. */
class PlannerTest {
  private static final int PID = (int) ProcessHandle.current().pid();
  private static final String DUMPABLE = "prctl(PR_SET_DUMPABLE, 0)";
  private static final String UNSHARE_FS = "unshare(CLONE_FS)";
  private static final String EXEC = "exec(top)";
  private static final String GROUPS = "setgroups(0, NULL)";
  private static final String NEW_PROC = "mount(proc, /proc, proc, MS_NOSUID|MS_NODEV|MS_NOEXEC)";

  private final List<Namespace> opened = new ArrayList<>();
  private Target target;
  private boolean capable;

  @BeforeEach
  void openTarget() throws IOException {
    target = Target.of(PID);
    long capabilities = Procfs.HERE.status("self").effective();
    capable = (capabilities >> 21 & 1) == 1 && (capabilities >> 18 & 1) == 1;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Namespace::close);
    target.close();
  }

  private Command top(NamespaceType... types) throws NamespaceException {
    List<Namespace> namespaces = target.namespaces(List.of(types));
    opened.addAll(namespaces);
    return Command.of("top").withTarget(target).withNamespaces(NamespaceSet.of(namespaces));
  }

  private static List<String> explain(Command command) throws NamespaceException {
    try (Plan plan = Plan.of(command)) {
      return plan.explain();
    }
  }

  private static String setns(NamespaceType type) {
    return "setns(/proc/" + PID + "/ns/" + type.procName() + ", " + type.flagName() + ")";
  }

  private static void assertBefore(List<String> lines, String... inOrder) {
    int last = -1;
    for (String line : inOrder) {
      int at = lines.indexOf(line);
      assertTrue(at > last, line + " is not in its place: " + lines);
      last = at;
    }
  }

  @Test
  void onlyExecutesWhereNothingIsJoined() throws Exception {
    assertEquals(List.of(DUMPABLE, EXEC), explain(Command.of("top")));
  }

  @Test
  void joinsInOrderAndForksForPid() throws Exception {
    NamespaceType[] types = {
      NamespaceType.MNT,
      NamespaceType.UTS,
      NamespaceType.PID,
      NamespaceType.CGROUP,
      NamespaceType.NET,
      NamespaceType.IPC
    };
    assertEquals(
        List.of(
            DUMPABLE,
            UNSHARE_FS,
            setns(NamespaceType.CGROUP),
            setns(NamespaceType.IPC),
            setns(NamespaceType.UTS),
            setns(NamespaceType.NET),
            setns(NamespaceType.PID),
            setns(NamespaceType.MNT),
            "fork()",
            EXEC),
        explain(top(types)));
  }

  @Test
  void forksForPidOnly() throws Exception {
    for (NamespaceType type : NamespaceType.values()) {
      assertEquals(type == NamespaceType.PID, explain(top(type)).contains("fork()"));
    }
    assertFalse(explain(top(NamespaceType.PID).with(Option.NO_FORK)).contains("fork()"));
  }

  @Test
  void runsTheLongestPrefixInAThread() throws Exception {
    try (Plan plan = Plan.of(top(NamespaceType.NET, NamespaceType.MNT, NamespaceType.PID))) {
      assertEquals("fork()", plan.explain().get(plan.threadSteps()));
      assertEquals(5, plan.threadSteps());
    }
    try (Plan plan = Plan.of(top(NamespaceType.NET, NamespaceType.TIME, NamespaceType.MNT))) {
      assertEquals(setns(NamespaceType.TIME), plan.explain().get(plan.threadSteps()));
    }
  }

  @Test
  void leavesTheDirectoryToTheJoinedThreadBeforeMnt() throws Exception {
    for (NamespaceType type : NamespaceType.values()) {
      assertEquals(type == NamespaceType.MNT, explain(top(type)).contains(UNSHARE_FS));
    }
    assertBefore(explain(top(NamespaceType.MNT)), UNSHARE_FS, setns(NamespaceType.MNT));
  }

  @Test
  void joinsUserLastWhereCapable() throws Exception {
    assumeTrue(capable, "needs CAP_SYS_ADMIN and CAP_SYS_CHROOT");
    List<String> lines = explain(top(NamespaceType.values()));
    assertBefore(
        lines,
        DUMPABLE,
        UNSHARE_FS,
        setns(NamespaceType.MNT),
        setns(NamespaceType.TIME),
        GROUPS,
        setns(NamespaceType.USER),
        "fork()",
        "setgid(0)",
        "setuid(0)",
        EXEC);
  }

  @Test
  void joinsUserFirstWhereNotCapable() throws Exception {
    assumeTrue(!capable, "has CAP_SYS_ADMIN and CAP_SYS_CHROOT");
    List<String> lines = explain(top(NamespaceType.values()));
    assertBefore(
        lines,
        DUMPABLE,
        GROUPS,
        setns(NamespaceType.USER),
        UNSHARE_FS,
        setns(NamespaceType.CGROUP),
        setns(NamespaceType.MNT),
        setns(NamespaceType.TIME),
        "fork()",
        "setgid(0)",
        "setuid(0)",
        EXEC);
  }

  @Test
  void becomesRootOfAUserNamespaceAfterTheFork() throws Exception {
    List<String> lines = explain(top(NamespaceType.USER, NamespaceType.PID));
    int fork = lines.indexOf("fork()");
    assertEquals(
        List.of("fork()", GROUPS, "setgid(0)", "setuid(0)", EXEC),
        lines.subList(fork, lines.size()));
    assertEquals(GROUPS, lines.get(lines.indexOf(setns(NamespaceType.USER)) - 1));
  }

  @Test
  void forgivesOnlyTheFirstFailureOfSetgroups() throws Exception {
    try (Plan plan = Plan.of(top(NamespaceType.USER))) {
      List<Long> forgiving =
          plan.stageSteps(0, -1, "x").stream()
              .filter(step -> step.op() == Step.Op.SETGROUPS)
              .map(Step::a)
              .toList();
      assertEquals(List.of(1L, 0L), forgiving);
    }
  }

  @Test
  void preservesCredentialsWhereAsked() throws Exception {
    assertEquals(
        List.of(DUMPABLE, setns(NamespaceType.USER), EXEC),
        explain(top(NamespaceType.USER).with(Option.PRESERVE_CREDENTIALS)));
  }

  @Test
  void keepsTheCredentialsGivenInAUserNamespace() throws Exception {
    Credentials given =
        new Credentials(
            Credentials.Id.of(4294967294L), Credentials.Id.KEEP, Optional.of(List.of(7, -2)));
    List<String> lines = explain(top(NamespaceType.USER).withCredentials(given));
    assertEquals(
        List.of("setgroups(2, [7, 4294967294])", "setgid(0)", "setuid(4294967294)", EXEC),
        lines.subList(lines.size() - 4, lines.size()));
    List<String> preserved =
        explain(top(NamespaceType.USER).withCredentials(given).with(Option.PRESERVE_CREDENTIALS));
    assertFalse(preserved.contains("setgid(0)"));
    assertTrue(preserved.contains("setuid(4294967294)"));
  }

  @Test
  void assumesOnlyWhatIsGivenElsewhere() throws Exception {
    Credentials uid =
        new Credentials(Credentials.Id.of(1000), Credentials.Id.KEEP, Optional.empty());
    assertEquals(
        List.of(DUMPABLE, "setuid(1000)", EXEC), explain(Command.of("top").withCredentials(uid)));
  }

  @Test
  void followsTheTargetsIdsByItsProcDirectory() throws Exception {
    Credentials follow =
        new Credentials(Credentials.Id.FOLLOW, Credentials.Id.FOLLOW, Optional.empty());
    try (Plan plan = Plan.of(top().withCredentials(follow))) {
      assertEquals(
          List.of(DUMPABLE, "setgid(that of " + PID + ")", "setuid(that of " + PID + ")", EXEC),
          plan.explain());
      int directory = target.procDirectory().number();
      assertTrue(plan.descriptors(0).contains(directory));
      assertEquals(directory, plan.stageSteps(0, -1, "x").get(3).b());
    }
  }

  @Test
  void armsTheDeathSignalAfterTheCredentials() throws Exception {
    Command command =
        top(NamespaceType.PID, NamespaceType.USER)
            .withKillChild(9)
            .with(Option.KEEP_CAPABILITIES, Option.NO_NEW_PRIVILEGES);
    assertBefore(
        explain(command),
        "fork()",
        "setgid(0)",
        "setuid(0)",
        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE)",
        "prctl(PR_SET_NO_NEW_PRIVS, 1)",
        "prctl(PR_SET_PDEATHSIG, 9)",
        EXEC);
    assertFalse(explain(command.with(Option.NO_FORK)).toString().contains("PDEATHSIG"));
  }

  @Test
  void tellsTheForkWhatTheParentHasToDo() throws Exception {
    Command command = top(NamespaceType.PID);
    assertEquals("0 0", fork(command));
    assertEquals("1 0", fork(command.with(Option.FORWARD_SIGNALS)));
    assertEquals("0 1", fork(command.withKillChild(15)));
  }

  private static String fork(Command command) throws NamespaceException {
    try (Plan plan = Plan.of(command)) {
      for (Step step : plan.stageSteps(0, -1, "x")) {
        if (step.op() == Step.Op.FORK) {
          return step.a() + " " + step.b();
        }
      }
      return "none";
    }
  }

  @Test
  void mountsProcInAPrivateMountNamespaceAfterTheFork() throws Exception {
    List<String> lines = explain(top(NamespaceType.PID).with(Option.MOUNT_PROC));
    assertEquals(
        List.of(
            DUMPABLE,
            setns(NamespaceType.PID),
            "unshare(CLONE_NEWNS)",
            "mount(none, /, none, MS_REC|MS_SLAVE)",
            "fork()",
            NEW_PROC,
            EXEC),
        lines);
  }

  @Test
  void mountsProcWithThePrivilegesOfWhoeverHasThem() throws Exception {
    List<String> lines =
        explain(top(NamespaceType.PID, NamespaceType.USER).with(Option.MOUNT_PROC));
    String user = setns(NamespaceType.USER);
    if (capable) {
      assertBefore(lines, setns(NamespaceType.PID), "fork()", NEW_PROC, user, "setuid(0)");
    } else {
      assertBefore(lines, user, setns(NamespaceType.PID), "fork()", NEW_PROC, "setuid(0)");
    }
  }

  @Test
  void makesMountsAfterJoinsAndDirectoriesAndBeforeTheFork() throws Exception {
    OsString file = OsString.of("/etc/hosts");
    Command command =
        top(NamespaceType.NET, NamespaceType.PID, NamespaceType.USER)
            .withWorkingDirectory(Place.outside(OsString.of("/tmp")))
            .withMounts(List.of(Mount.bind(file, file)))
            .with(Option.MOUNT_PROC);
    String bind = "mount(/etc/hosts, /etc/hosts, none, MS_BIND|MS_REC)";
    List<String> lines = explain(command);
    assertBefore(
        lines,
        setns(NamespaceType.NET),
        setns(NamespaceType.PID),
        "fchdir(/tmp)",
        "unshare(CLONE_NEWNS)",
        "mount(none, /, none, MS_REC|MS_SLAVE)",
        bind,
        "fork()",
        NEW_PROC,
        "setuid(0)");
    assertEquals(lines.indexOf("unshare(CLONE_NEWNS)"), lines.lastIndexOf("unshare(CLONE_NEWNS)"));
    String user = setns(NamespaceType.USER);
    assertBefore(lines, capable ? new String[] {NEW_PROC, user} : new String[] {user, bind});
    List<String> onlyUser = explain(command(NamespaceType.USER, file));
    assertBefore(onlyUser, capable ? new String[] {bind, user} : new String[] {user, bind});
  }

  private Command command(NamespaceType type, OsString file) throws NamespaceException {
    return top(type).withMounts(List.of(Mount.bind(file, file)));
  }

  @Test
  void refusesMountsElsewhereThanInACopyOfItsOwnMounts() throws Exception {
    OsString file = OsString.of("/etc/hosts");
    Command joined = command(NamespaceType.MNT, file);
    Command entered = command(NamespaceType.NET, file).withRoot(Place.outside(OsString.of("/")));
    assertThrows(IllegalArgumentException.class, () -> Plan.of(joined));
    assertThrows(IllegalArgumentException.class, () -> Plan.of(entered));
  }

  @Test
  void changesDirectoriesAfterTheJoinsAndBeforeTheFork() throws Exception {
    Command command =
        top(NamespaceType.MNT, NamespaceType.PID)
            .withRoot(Place.OF_TARGET)
            .withWorkingDirectory(Place.OF_TARGET);
    assertEquals(
        List.of(
            DUMPABLE,
            UNSHARE_FS,
            setns(NamespaceType.PID),
            setns(NamespaceType.MNT),
            "chroot(/proc/" + PID + "/root)",
            "fchdir(/proc/" + PID + "/cwd)",
            "fork()",
            EXEC),
        explain(command));
  }

  @Test
  void keepsTheWorkingDirectoryOverAChangeOfRoot() throws Exception {
    Command command = Command.of("top").withRoot(Place.outside(OsString.of("/")));
    assertEquals(
        List.of(DUMPABLE, "openat(., O_PATH)", "chroot(/)", "fchdir(.)", EXEC), explain(command));
  }

  @Test
  void looksUpADirectoryInsideLast() throws Exception {
    Command command =
        Command.of("top")
            .withRoot(Place.outside(OsString.of("/")))
            .withWorkingDirectory(Place.inside(OsString.of("no/such")));
    assertEquals(List.of(DUMPABLE, "chroot(/)", "chdir(no/such)", EXEC), explain(command));
    assertEquals(
        List.of(DUMPABLE, "fchdir(/tmp)", EXEC),
        explain(Command.of("top").withWorkingDirectory(Place.outside(OsString.of("/tmp")))));
  }

  @Test
  void followsTheTargetsCapabilities() throws Exception {
    Credentials uid = new Credentials(Credentials.Id.of(1), Credentials.Id.KEEP, Optional.empty());
    List<String> lines = explain(top().withCredentials(uid).with(Option.FOLLOW_CAPABILITIES));
    assertEquals(6, lines.size(), lines.toString());
    assertTrue(lines.get(1).startsWith("prctl(PR_CAPBSET_DROP, ~0x"), lines.get(1));
    assertEquals("prctl(PR_SET_KEEPCAPS, 1)", lines.get(2));
    assertEquals("setuid(1)", lines.get(3));
    assertTrue(lines.get(4).matches("capset\\(permitted=0x\\w+ effective=0x\\w+ inh.*\\)"));
  }

  @Test
  void keepsCapabilitiesOfAUserNamespaceOnly() throws Exception {
    String ambient = "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE)";
    assertFalse(explain(top().with(Option.KEEP_CAPABILITIES)).contains(ambient));
    assertBefore(
        explain(top(NamespaceType.USER).with(Option.KEEP_CAPABILITIES)), "setuid(0)", ambient);
  }

  @Test
  void closesStreamsAndPreservesDescriptorsAtTheEnd() throws Exception {
    Command command =
        Command.of(OsString.of("/bin/x"), List.of(OsString.of("y"), OsString.of("-z")))
            .withClosedDescriptors(List.of(0, 2))
            .withPreservedDescriptors(4);
    try (Plan plan = Plan.of(command)) {
      assertEquals(List.of(DUMPABLE, "close(0)", "close(2)", "exec(/bin/x)"), plan.explain());
      List<Step> steps = plan.stageSteps(0, -1, "x");
      Step exec = steps.get(steps.size() - 1);
      assertEquals(2, exec.a());
      assertEquals(4, exec.b());
      assertEquals(
          List.of(OsString.of("/bin/x"), OsString.of("y"), OsString.of("-z")), exec.strings());
    }
  }

  @Test
  void startsWithDumpableAndEndsWithExecWhateverIsAsked() throws Exception {
    // JOIN_CGROUPS needs groups, MOUNT_PROC a PID namespace.
    List<Option> options =
        Arrays.stream(Option.values())
            .filter(o -> o != Option.JOIN_CGROUPS && o != Option.MOUNT_PROC)
            .toList();
    for (int bits = 0; bits < 1 << options.size(); bits++) {
      Set<Option> chosen = EnumSet.noneOf(Option.class);
      for (int i = 0; i < options.size(); i++) {
        if ((bits >> i & 1) == 1) {
          chosen.add(options.get(i));
        }
      }
      Command command =
          Command.of("top").withTarget(target).withKillChild(9).with(chosen.toArray(new Option[0]));
      List<String> lines = explain(command);
      assertEquals(DUMPABLE, lines.get(0));
      assertEquals(lines.size() - 1, lines.indexOf(EXEC));
    }
  }

  @Test
  void refusesAProcBelowAnotherRoot() {
    Command command =
        Command.of("top").withRoot(Place.outside(OsString.of("/"))).with(Option.MOUNT_PROC);
    assertThrows(IllegalArgumentException.class, () -> Plan.of(command));
  }

  @Test
  void refusesToFollowNobody() {
    Credentials follow =
        new Credentials(Credentials.Id.FOLLOW, Credentials.Id.KEEP, Optional.empty());
    for (Command command :
        List.of(
            Command.of("top").withRoot(Place.OF_TARGET),
            Command.of("top").withWorkingDirectory(Place.OF_TARGET),
            Command.of("top").withCredentials(follow),
            Command.of("top").with(Option.JOIN_CGROUPS),
            Command.of("top").with(Option.FOLLOW_CAPABILITIES))) {
      assertThrows(IllegalArgumentException.class, () -> Plan.of(command));
    }
  }

  @Test
  void leavesNothingOpenWhetherItSucceedsOrFails() throws Exception {
    Place root = Place.outside(OsString.of("/"));
    Place nowhere = Place.outside(OsString.of("/no/such"));
    Command good = Command.of("top").withRoot(root).withWorkingDirectory(root);
    explain(good);
    List<String> before = directoriesOpen();
    explain(good);
    assertThrows(NamespaceException.class, () -> Plan.of(good.withWorkingDirectory(nowhere)));
    assertThrows(IllegalArgumentException.class, () -> Plan.of(good.with(Option.JOIN_CGROUPS)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Plan.of(good.with(Option.MOUNT_PROC).withWorkingDirectory(root)));
    assertEquals(before, directoriesOpen());
  }

  private static List<String> directoriesOpen() throws IOException {
    List<String> links = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.exists(descriptor)) {
          String link = Files.readSymbolicLink(descriptor).toString();
          if (link.equals("/") || link.equals("/proc")) {
            links.add(link);
          }
        }
      }
    }
    return links;
  }
}
