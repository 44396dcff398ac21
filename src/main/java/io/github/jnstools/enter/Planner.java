package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Command.Option;
import io.github.jnstools.enter.Step.Op;
import io.github.jnstools.proc.ProcStatus;
import io.github.jnstools.proc.Procfs;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.Sys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns a {@link Command} into steps: the order of a launch is decided here, once. */
final class Planner {
  private static final int CAP_SYS_CHROOT = 18;
  private static final int CAP_SYS_ADMIN = 21;

  private final Command command;
  private final Set<NamespaceType> types;
  private final List<Step> steps = new ArrayList<>();
  private final List<Fd> opened = new ArrayList<>();

  Planner(Command command) {
    this.command = command;
    this.types = command.namespaces().types();
  }

  Plan plan() throws NamespaceException {
    requireOwnMountsArePossible();
    Fd proc = openProc();
    opened.add(proc);
    boolean complete = false;
    try {
      ProcStatus self = Procfs.HERE.status("self");
      order(self.effective());
      complete = true;
      return new Plan(steps, proc, self.blockedSignals(), command.ignoredSignals(), opened);
    } catch (NamespaceException e) {
      throw e;
    } catch (IOException e) {
      throw new NamespaceException("open", "/proc/self", e.toString(), null);
    } finally {
      if (!complete) {
        closeOpened();
      }
    }
  }

  private void requireOwnMountsArePossible() {
    boolean otherRoot = command.root().isPresent();
    if (command.has(Option.MOUNT_PROC) && (otherRoot || !forks())) {
      throw new IllegalArgumentException(
          "a new /proc needs a PID namespace that is forked into, and no other root");
    }
    if (!command.mounts().isEmpty() && (otherRoot || types.contains(NamespaceType.MNT))) {
      throw new IllegalArgumentException(
          "mounts are made in a copy of the caller's mount namespace: join no other, enter no root");
    }
  }

  private void order(long capabilities) throws IOException {
    boolean mountProc = command.has(Option.MOUNT_PROC);
    boolean mounts = mountProc || !command.mounts().isEmpty();
    List<Namespace> early = new ArrayList<>();
    List<Namespace> late = new ArrayList<>();
    split(capabilities, early, late);
    // Mounts are made with the privileges that joining USER would give away.
    boolean userAfterMount = mounts && late.isEmpty() && holds(capabilities, CAP_SYS_ADMIN);
    steps.add(Step.prctl(Sys.PR_SET_DUMPABLE, "PR_SET_DUMPABLE", 0));
    steps.addAll(joins(early));
    if (!userAfterMount) {
      joinUser();
    }
    steps.addAll(joins(late));
    changeDirectories();
    joinCgroups();
    if (mounts) {
      steps.addAll(new MountSteps(Procfs.HERE.mountinfo("self")).steps(command.mounts()));
    }
    fork();
    if (mountProc) {
      steps.add(MountSteps.proc());
    }
    if (userAfterMount) {
      joinUser();
    }
    steps.addAll(new CredentialSteps(command).steps());
    dieWithParent();
    execute();
  }

  private void closeOpened() {
    for (Fd fd : opened) {
      fd.close();
    }
  }

  /** The proc file system by which joins are verified: opened before one could replace it. */
  static Fd openProc() throws NamespaceException {
    Fd proc = Sys.open(OsString.of("/proc"), Sys.O_PATH);
    if (Sys.fileSystem(proc, "/proc") != Sys.PROC_SUPER_MAGIC) {
      proc.close();
      throw new NamespaceException(
          "open", "/proc", "not a proc file system", "mount one: mount -t proc proc /proc");
    }
    return proc;
  }

  /**
   * Which namespaces are joined before USER and which after.
   *
   * <p>The kernel asks for CAP_SYS_ADMIN in the caller's user namespace at every join but USER's.
   * With it, what fails before USER fails after it too, since USER only leads to a descendant;
   * without it, all fail before. So which comes first is known beforehand, type by type.
   */
  private void split(long capabilities, List<Namespace> early, List<Namespace> late) {
    boolean admin = holds(capabilities, CAP_SYS_ADMIN);
    boolean chroot = holds(capabilities, CAP_SYS_CHROOT);
    for (Namespace namespace : command.namespaces()) {
      NamespaceType type = namespace.id().type();
      boolean able = admin && (type != NamespaceType.MNT || chroot);
      if (type != NamespaceType.USER) {
        (able || !types.contains(NamespaceType.USER) ? early : late).add(namespace);
      }
    }
  }

  /** Joins, in the order given. */
  static List<Step> joins(Iterable<Namespace> namespaces) {
    List<Step> joins = new ArrayList<>();
    for (Namespace namespace : namespaces) {
      if (namespace.id().type() == NamespaceType.MNT) {
        // The kernel refuses a mount namespace to a thread that shares its root and directory.
        joins.add(0, Step.of(Op.UNSHARE, "unshare", "CLONE_FS", Sys.CLONE_FS, 0));
      }
      joins.add(Step.setns(namespace));
    }
    return joins;
  }

  private static boolean holds(long capabilities, int capability) {
    return (capabilities >> capability & 1) != 0;
  }

  private void joinUser() {
    Optional<Namespace> user = command.namespaces().get(NamespaceType.USER);
    if (user.isPresent()) {
      if (command.becomesRoot()) {
        // The namespace may deny setgroups(2): groups are dropped here as far as the caller can.
        steps.add(Step.of(Op.SETGROUPS, "setgroups", "0, NULL", 1, 0));
      }
      steps.add(Step.setns(user.get()));
    }
  }

  private void changeDirectories() throws NamespaceException {
    Optional<Place> root = command.root();
    Optional<Place> place = command.workingDirectory();
    Fd rootDirectory = root.isPresent() ? open(root.get(), "root") : null;
    Place working = place.orElse(null);
    boolean inside = working != null && working.kind() == Place.Kind.INSIDE;
    Fd directory = working == null || inside ? null : open(working, "cwd");
    boolean keep = rootDirectory != null && working == null;
    if (keep) {
      steps.add(Step.of(Op.KEEP, "openat", "., O_PATH", 0, 0, OsString.of(".")));
    }
    if (rootDirectory != null) {
      String context = describe(root.get(), "root");
      steps.add(Step.of(Op.CHROOT, "chroot", context, rootDirectory.number(), 0));
    }
    if (keep) {
      steps.add(Step.of(Op.FCHDIR, "fchdir", ".", -1, 0));
    }
    if (directory != null) {
      steps.add(Step.of(Op.FCHDIR, "fchdir", describe(working, "cwd"), directory.number(), 0));
    }
    if (inside) {
      steps.add(Step.of(Op.CHDIR, "chdir", working.path().toString(), 0, 0, working.path()));
    }
  }

  private Fd open(Place place, String ofTarget) throws NamespaceException {
    Fd fd =
        place.kind() == Place.Kind.OF_TARGET
            ? command.requiredTarget().directory(ofTarget)
            : Sys.open(place.path(), Sys.O_PATH);
    opened.add(fd);
    return fd;
  }

  private String describe(Place place, String ofTarget) throws NamespaceException {
    return place.kind() == Place.Kind.OF_TARGET
        ? command.requiredTarget().path(ofTarget)
        : place.path().toString();
  }

  private void joinCgroups() throws IOException {
    if (command.has(Option.JOIN_CGROUPS)) {
      for (CgroupFile group : CgroupFile.openAll(command.requiredTarget().cgroups())) {
        opened.add(group.fd());
        // "0" is the writer itself, whatever PID namespace the reader thinks in.
        steps.add(
            Step.of(
                Op.WRITE,
                "write",
                OsString.ofLatin1(group.path()) + ", 0",
                group.fd().number(),
                0,
                OsString.of("0")));
      }
    }
  }

  private void fork() {
    if (forks()) {
      long forward = command.has(Option.FORWARD_SIGNALS) ? 1 : 0;
      long asksForParent = command.killChild() != 0 ? 1 : 0;
      steps.add(Step.of(Op.FORK, "fork", "", forward, asksForParent));
    }
  }

  private boolean forks() {
    return types.contains(NamespaceType.PID) && !command.has(Option.NO_FORK);
  }

  /** The kernel clears the death signal when credentials change, so this comes after them. */
  private void dieWithParent() {
    if (forks() && command.killChild() != 0) {
      String context = "PR_SET_PDEATHSIG, " + command.killChild();
      steps.add(Step.of(Op.PDEATHSIG, "prctl", context, command.killChild(), 0));
    }
  }

  private void execute() {
    for (int number : command.closedDescriptors()) {
      steps.add(Step.of(Op.CLOSE, "close", Integer.toString(number), number, 0));
    }
    List<OsString> argv = command.argv();
    OsString[] strings = new OsString[argv.size() + 1];
    strings[0] = command.program();
    for (int i = 0; i < argv.size(); i++) {
      strings[i + 1] = argv.get(i);
    }
    String context = command.program().toString();
    steps.add(
        Step.of(Op.EXEC, "exec", context, argv.size(), command.preservedDescriptors(), strings));
  }
}
