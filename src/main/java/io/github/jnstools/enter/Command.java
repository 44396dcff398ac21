package io.github.jnstools.enter;

import io.github.jnstools.Credentials;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What to run, and where: an immutable description. Each {@code with} method returns a changed
 * copy.
 *
 * <p>It refers to open namespaces and a target, and does not own them: they stay open until the
 * launch has returned, and their holder closes them.
 */
public final class Command implements Cloneable {

  /** What else a launch does. */
  public enum Option {
    /** Join a PID namespace without a fork: only the program's children are in it. */
    NO_FORK,
    /** Keep the caller's ids where joining a user namespace would make them 0. */
    PRESERVE_CREDENTIALS,
    /** Keep over exec the capabilities that joining a user namespace gave. */
    KEEP_CAPABILITIES,
    /**
     * Bound, permit and inherit no more capabilities than the target does. What root executes gets
     * all of the bounding set, so for root that is bounded by what the target holds.
     */
    FOLLOW_CAPABILITIES,
    /** Never gain privileges by exec; see prctl(2), PR_SET_NO_NEW_PRIVS. */
    NO_NEW_PRIVILEGES,
    /** Set the target's SELinux context on the program; nothing where SELinux is off. */
    FOLLOW_CONTEXT,
    /** Move into the target's control groups, of version 1 and 2. */
    JOIN_CGROUPS,
    /** Mount a proc file system of the PID namespace joined, in a mount namespace of its own. */
    MOUNT_PROC,
    /** The waiting parent passes on HUP, INT, QUIT, TERM, USR1 and USR2 that it is sent. */
    FORWARD_SIGNALS
  }

  /** Where a standard stream of a launched program leads. */
  public enum Stdio {
    /** To the JVM's own. */
    INHERIT,
    /** To the {@link Child}'s streams. */
    PIPE,
    /** To {@code /dev/null}. */
    DISCARD
  }

  private final OsString program;
  private final List<OsString> argv;
  private NamespaceSet namespaces = NamespaceSet.of();
  private Target target;
  private Place root;
  private Place workingDirectory;
  private List<Mount> mounts = List.of();
  private Credentials credentials = Credentials.KEEP;
  private List<OsString> environment;
  private Set<Option> options = EnumSet.noneOf(Option.class);
  private int killChild;
  private int preservedDescriptors;
  private long ignoredSignals;
  private List<Integer> closedDescriptors = List.of();
  private List<Stdio> stdio = Collections.nCopies(3, Stdio.INHERIT);

  private Command(OsString program, List<OsString> argv) {
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("argv holds at least the program's name");
    }
    this.program = Objects.requireNonNull(program);
    this.argv = List.copyOf(argv);
  }

  /** A program, looked up along PATH in the namespaces joined, and its arguments. */
  public static Command of(String program, String... arguments) {
    List<OsString> argv = new ArrayList<>();
    argv.add(OsString.of(program));
    for (String argument : arguments) {
      argv.add(OsString.of(argument));
    }
    return new Command(argv.get(0), argv);
  }

  /**
   * A program and its whole argv.
   *
   * @param program its name or path
   * @param argv what it sees, its own name first
   */
  public static Command of(OsString program, List<OsString> argv) {
    return new Command(program, argv);
  }

  /** Joins these namespaces. */
  public Command withNamespaces(NamespaceSet joined) {
    Command copy = copy();
    copy.namespaces = joined;
    return copy;
  }

  /** Takes from this process whatever is said to be "the target's". */
  public Command withTarget(Target process) {
    Command copy = copy();
    copy.target = process;
    return copy;
  }

  /** Changes the root directory; without this it is that of the mount namespace. */
  public Command withRoot(Place place) {
    Command copy = copy();
    copy.root = place;
    return copy;
  }

  /** Changes the working directory. */
  public Command withWorkingDirectory(Place place) {
    Command copy = copy();
    copy.workingDirectory = place;
    return copy;
  }

  /**
   * Makes mounts for the program alone, after all joins, in a mount namespace of its own. That is a
   * copy of the caller's: a command that joins another, or has another root, is refused.
   *
   * @param made in this order
   */
  public Command withMounts(List<Mount> made) {
    Command copy = copy();
    copy.mounts = List.copyOf(made);
    return copy;
  }

  /** Assumes ids; joining a user namespace makes 0 of those that are left open. */
  public Command withCredentials(Credentials assumed) {
    Command copy = copy();
    copy.credentials = assumed;
    return copy;
  }

  /** The whole environment; without this it is the JVM's own. */
  public Command withEnvironment(List<OsString> entries) {
    Command copy = copy();
    copy.environment = List.copyOf(entries);
    return copy;
  }

  /** Adds options. */
  public Command with(Option... more) {
    Command copy = copy();
    copy.options = EnumSet.copyOf(options);
    Collections.addAll(copy.options, more);
    return copy;
  }

  /**
   * When the parent that waits for the program ends, this signal is sent to the program.
   *
   * @param signal its number
   */
  public Command withKillChild(int signal) {
    Command copy = copy();
    copy.killChild = signal;
    return copy;
  }

  /**
   * Keeps descriptors open that follow the standard streams; all others are closed. Only for {@link
   * Launcher#become}.
   *
   * @param count how many, from 3 on
   */
  public Command withPreservedDescriptors(int count) {
    Command copy = copy();
    copy.preservedDescriptors = count;
    return copy;
  }

  /**
   * The signals that the program is to ignore; all others get their default action.
   *
   * @param mask bit 0 is signal 1
   */
  public Command withIgnoredSignals(long mask) {
    Command copy = copy();
    copy.ignoredSignals = mask;
    return copy;
  }

  /** Standard streams that the program is to find closed. */
  public Command withClosedDescriptors(List<Integer> numbers) {
    Command copy = copy();
    copy.closedDescriptors = List.copyOf(numbers);
    return copy;
  }

  /** Where the standard streams of a {@link Launcher#launch launched} program lead. */
  public Command withStdio(Stdio stdin, Stdio stdout, Stdio stderr) {
    Command copy = copy();
    copy.stdio = List.of(stdin, stdout, stderr);
    return copy;
  }

  OsString program() {
    return program;
  }

  List<OsString> argv() {
    return argv;
  }

  NamespaceSet namespaces() {
    return namespaces;
  }

  Optional<Place> root() {
    return Optional.ofNullable(root);
  }

  Optional<Place> workingDirectory() {
    return Optional.ofNullable(workingDirectory);
  }

  List<Mount> mounts() {
    return mounts;
  }

  Credentials credentials() {
    return credentials;
  }

  Optional<List<OsString>> environment() {
    return Optional.ofNullable(environment);
  }

  boolean has(Option option) {
    return options.contains(option);
  }

  int killChild() {
    return killChild;
  }

  int preservedDescriptors() {
    return preservedDescriptors;
  }

  long ignoredSignals() {
    return ignoredSignals;
  }

  List<Integer> closedDescriptors() {
    return closedDescriptors;
  }

  List<Stdio> stdio() {
    return stdio;
  }

  /** The target, of a command that takes something of it. */
  Target requiredTarget() {
    if (target == null) {
      throw new IllegalArgumentException("the command names no target process");
    }
    return target;
  }

  /** Whether ids that are left open become 0. */
  boolean becomesRoot() {
    return namespaces.types().contains(NamespaceType.USER)
        && !options.contains(Option.PRESERVE_CREDENTIALS);
  }

  private Command copy() {
    try {
      return (Command) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
