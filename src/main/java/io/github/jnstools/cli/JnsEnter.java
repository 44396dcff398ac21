package io.github.jnstools.cli;

import io.github.jnstools.Credentials;
import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Accounts;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Command.Option;
import io.github.jnstools.enter.Environment;
import io.github.jnstools.enter.Launcher;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.Place;
import io.github.jnstools.enter.Plan;
import io.github.jnstools.enter.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code jnsenter}: options to a {@link Command}, and the command in place of this process. */
final class JnsEnter {
  static final String NAME = "jnsenter";

  private static final long MAX_ID = 0xfffffffeL;

  private final Caller caller;
  private final Console console;
  private ParseResult options;
  private Target target;
  private final Map<NamespaceType, Namespace> namespaces = new EnumMap<>(NamespaceType.class);

  JnsEnter(Caller caller, Console console) {
    this.caller = caller;
    this.console = console;
  }

  /** Returns only where nothing is run; throws where something failed. */
  void run(List<String> arguments) throws NamespaceException, UsageException {
    JnsEnterOptions model = new JnsEnterOptions();
    CommandLine line = model.commandLine();
    List<String> canonical =
        new Getopt(line.getCommandSpec(), JnsEnterOptions.GENERATIONS).rewrite(arguments);
    options = line.parseArgs(canonical.toArray(new String[0]));
    if (has("--help")) {
      console.print(model.help());
    } else if (has("--version")) {
      console.print(NAME + " from jnstools " + Main.version() + "\n");
    } else {
      enter(arguments);
    }
  }

  /** Whether the user wants to see where an error arose. */
  boolean debug() {
    return options != null && has("--debug");
  }

  private void enter(List<String> arguments) throws NamespaceException, UsageException {
    try {
      openNamespaces();
      requireAnythingRequested();
      Command command = command();
      if (has("--explain")) {
        explain(command);
      } else {
        advise();
        List<OsString> argv = new ArrayList<>();
        argv.add(OsString.of(NAME));
        for (String argument : arguments) {
          argv.add(OsString.ofLatin1(argument));
        }
        Launcher.become(command, NAME, argv);
      }
    } finally {
      for (Namespace namespace : namespaces.values()) {
        namespace.close();
      }
      if (target != null) {
        target.close();
      }
    }
  }

  // ---- namespaces

  private void openNamespaces() throws NamespaceException, UsageException {
    List<NamespaceType> ofTarget = new ArrayList<>();
    for (NamespaceType type : NamespaceType.values()) {
      String name = option(type);
      if (has(name)) {
        List<String> values = values(name);
        // As in nsenter, one use without a file outdoes every use with one.
        if (values.contains(Getopt.NO_VALUE)) {
          ofTarget.add(type);
        } else {
          namespaces.put(type, atFile(type, values.get(values.size() - 1)));
        }
      }
    }
    if (has("--mount-proc")
        && !namespaces.containsKey(NamespaceType.PID)
        && !ofTarget.contains(NamespaceType.PID)) {
      ofTarget.add(NamespaceType.PID);
    }
    openTarget(ofTarget);
    if (has("--all")) {
      addAll(ofTarget);
    }
    for (Namespace namespace :
        target == null ? List.<Namespace>of() : target.namespaces(ofTarget)) {
      namespaces.put(namespace.id().type(), namespace);
    }
    if (has("--net-socket")) {
      long number = Numbers.parse(last("--net-socket"), "descriptor", 0, Integer.MAX_VALUE);
      replace(target.socketNamespace((int) number));
    }
    if (has("--user-parent")) {
      if (!namespaces.containsKey(NamespaceType.USER)) {
        namespaces.put(NamespaceType.USER, target.namespace(NamespaceType.USER));
      }
      replace(namespaces.get(NamespaceType.USER).owner());
    }
  }

  private void replace(Namespace namespace) {
    Namespace before = namespaces.put(namespace.id().type(), namespace);
    if (before != null) {
      before.close();
    }
  }

  private static Namespace atFile(NamespaceType type, String file)
      throws NamespaceException, UsageException {
    if (file.startsWith(":")) {
      return Namespace.withId(type, Numbers.parse(file.substring(1), "namespace id", 1, -1));
    }
    return Namespace.at(type, OsString.ofLatin1(file));
  }

  private void openTarget(List<NamespaceType> ofTarget) throws NamespaceException, UsageException {
    if (has("--target")) {
      String text = last("--target");
      int colon = text.indexOf(':');
      String number = colon < 0 ? text : text.substring(0, colon);
      target = Target.of((int) Numbers.parse(number, "PID", 1, Integer.MAX_VALUE));
      if (colon >= 0) {
        requireInode(Numbers.parse(text.substring(colon + 1), "pidfd inode", 1, -1));
      }
      return;
    }
    String needy = ofTarget.isEmpty() ? null : option(ofTarget.get(0));
    for (String name :
        List.of(
            "--all",
            "--net-socket",
            "--user-parent",
            "--env",
            "--join-cgroup",
            "--follow-caps",
            "--follow-context")) {
      needy = needy == null && has(name) ? name : needy;
    }
    for (String name : List.of("--root", "--wd")) {
      needy = needy == null && has(name) && last(name).equals(Getopt.NO_VALUE) ? name : needy;
    }
    for (String name : List.of("--setuid", "--setgid")) {
      needy = needy == null && has(name) && last(name).equals("follow") ? name : needy;
    }
    if (needy != null) {
      throw new UsageException("no target PID specified for " + needy);
    }
  }

  private void requireInode(long inode) throws NamespaceException {
    if (target.pidfdInode() != inode) {
      throw new NamespaceException(
          "target",
          target.pid() + ":" + Long.toUnsignedString(inode),
          "the pid belongs to another process now",
          "look the process up again");
    }
  }

  /** All that this kernel has, but not the user namespace that the caller is in already. */
  private void addAll(List<NamespaceType> ofTarget) throws NamespaceException {
    for (NamespaceType type : NamespaceType.values()) {
      if (ofTarget.contains(type) || namespaces.containsKey(type)) {
        continue;
      }
      try (Namespace own = Namespace.ofThread(type)) {
        boolean skip = false;
        if (type == NamespaceType.USER) {
          try (Namespace theirs = target.namespace(type)) {
            skip = theirs.id().equals(own.id());
          }
        }
        if (!skip) {
          ofTarget.add(type);
        }
      } catch (NamespaceException e) {
        if (e.errno().isEmpty() || e.errno().get() != Errno.ENOENT) {
          throw e;
        }
      }
    }
  }

  private void requireAnythingRequested() throws UsageException {
    boolean requested = !namespaces.isEmpty();
    for (OptionSpec option : options.matchedOptions()) {
      String name = option.longestName();
      requested |=
          !name.equals("--target")
              && !name.equals("--quiet")
              && !name.equals("--explain")
              && !name.equals("--debug")
              && !name.equals("--no-fork");
    }
    if (!requested) {
      throw new UsageException("no namespace specified");
    }
  }

  private static String option(NamespaceType type) {
    return type == NamespaceType.MNT ? "--mount" : "--" + type.procName();
  }

  // ---- the command

  private Command command() throws NamespaceException, UsageException {
    List<OsString> environment = environment();
    Command command =
        program(environment)
            .withNamespaces(NamespaceSet.of(namespaces.values()))
            .withTarget(target)
            .withEnvironment(environment)
            .withCredentials(credentials())
            .withIgnoredSignals(caller.ignoredSignals())
            .withClosedDescriptors(caller.closedDescriptors())
            .withPreservedDescriptors(preserved());
    if (has("--root")) {
      command = command.withRoot(place("--root"));
    }
    command = inWorkingDirectory(command);
    if (has("--kill-child")) {
      String signal = last("--kill-child");
      command =
          command.withKillChild(Signals.parse(signal.equals(Getopt.NO_VALUE) ? "KILL" : signal));
    }
    refuseTogether("--root", "--mount-proc");
    refuseTogether("--no-fork", "--mount-proc");
    refuseTogether("--keep-caps", "--follow-caps");
    command = flag(command, "--no-fork", Option.NO_FORK);
    command = flag(command, "--preserve-credentials", Option.PRESERVE_CREDENTIALS);
    command = flag(command, "--keep-caps", Option.KEEP_CAPABILITIES);
    command = flag(command, "--follow-caps", Option.FOLLOW_CAPABILITIES);
    command = flag(command, "--no-new-privs", Option.NO_NEW_PRIVILEGES);
    command = flag(command, "--follow-context", Option.FOLLOW_CONTEXT);
    command = flag(command, "--join-cgroup", Option.JOIN_CGROUPS);
    command = flag(command, "--mount-proc", Option.MOUNT_PROC);
    return flag(command, "--forward-signals", Option.FORWARD_SIGNALS);
  }

  private Command flag(Command command, String name, Option option) {
    return has(name) ? command.with(option) : command;
  }

  private void refuseTogether(String one, String other) throws UsageException {
    if (has(one) && has(other)) {
      throw new UsageException("options " + one + " and " + other + " cannot be combined");
    }
  }

  private Command program(List<OsString> environment) {
    if (options.matchedPositionals().isEmpty()) {
      OsString shell = Environment.value(environment, "SHELL");
      if (shell == null) {
        shell = OsString.of("/bin/sh");
      }
      String path = shell.toLatin1();
      String login = "-" + path.substring(path.lastIndexOf('/') + 1);
      return Command.of(shell, List.of(OsString.ofLatin1(login)));
    }
    List<OsString> argv = new ArrayList<>();
    for (String argument : options.matchedPositional(0).originalStringValues()) {
      argv.add(OsString.ofLatin1(argument));
    }
    return Command.of(argv.get(0), argv);
  }

  private Command inWorkingDirectory(Command command) throws UsageException {
    boolean inside = has("--wdns") && !last("--wdns").equals(Getopt.NO_VALUE);
    if (inside && has("--wd")) {
      refuseTogether("--wd", "--wdns");
    }
    if (inside) {
      return command.withWorkingDirectory(Place.inside(OsString.ofLatin1(last("--wdns"))));
    }
    return has("--wd") ? command.withWorkingDirectory(place("--wd")) : command;
  }

  private Place place(String name) {
    String path = last(name);
    return path.equals(Getopt.NO_VALUE) ? Place.OF_TARGET : Place.outside(OsString.ofLatin1(path));
  }

  private List<OsString> environment() throws NamespaceException, UsageException {
    List<OsString> environment = has("--env") ? target.environment() : caller.environment();
    if (has("--clear-env")) {
      environment = List.of();
    }
    for (String setting : values("--env-set")) {
      if (setting.indexOf('=') < 1) {
        throw new UsageException("invalid variable '" + setting + "': not NAME=VALUE");
      }
      environment = Environment.with(environment, OsString.ofLatin1(setting));
    }
    return environment;
  }

  private int preserved() throws UsageException {
    if (!has("--preserve-fds")) {
      return 0;
    }
    long wanted = Numbers.parse(last("--preserve-fds"), "number of descriptors", 0, 1 << 20);
    if (wanted > caller.openDescriptors()) {
      throw new UsageException(
          "--preserve-fds="
              + wanted
              + ": only "
              + caller.openDescriptors()
              + " descriptors are open from 3 on");
    }
    return (int) wanted;
  }

  // ---- credentials

  private Credentials credentials() throws NamespaceException, UsageException {
    return new Credentials(
        id("--setuid", "user id"),
        id("--setgid", "group id"),
        has("--setgid") ? Optional.of(List.of()) : Optional.empty());
  }

  private Credentials.Id id(String name, String what) throws NamespaceException, UsageException {
    if (!has(name)) {
      return Credentials.Id.KEEP;
    }
    String text = last(name);
    if (text.equals("follow")) {
      return Credentials.Id.FOLLOW;
    }
    boolean number =
        text.isEmpty() || text.startsWith("-") || Numbers.isDecimal(text.substring(0, 1));
    return number
        ? Credentials.Id.of(Numbers.parse(text, what, 0, MAX_ID))
        : Credentials.Id.of(Integer.toUnsignedLong(account(name, text)));
  }

  /** A name means what it means where the program will be: in the target's files, or here. */
  private int account(String option, String name) throws NamespaceException, UsageException {
    boolean user = option.equals("--setuid");
    if (target != null && (namespaces.containsKey(NamespaceType.MNT) || has("--root"))) {
      return user ? target.userId(name) : target.groupId(name);
    }
    OptionalInt id =
        user ? Accounts.userId(OsString.ofLatin1(name)) : Accounts.groupId(OsString.ofLatin1(name));
    if (id.isEmpty()) {
      throw new UsageException("no " + (user ? "user" : "group") + " '" + name + "' here");
    }
    return id.getAsInt();
  }

  // ---- words

  private void explain(Command command) throws NamespaceException {
    try (Plan plan = Plan.of(command)) {
      for (String step : plan.explain()) {
        console.print(step + "\n");
      }
    }
  }

  private void advise() {
    boolean oldProc =
        namespaces.containsKey(NamespaceType.PID)
            && !namespaces.containsKey(NamespaceType.MNT)
            && !has("--mount-proc")
            && !has("--root");
    if (oldProc && !has("--quiet") && caller.terminal()) {
      console.error(
          NAME
              + ": /proc still shows the processes of this namespace;"
              + " add -m, or --mount-proc for this host's programs (-q silences this)");
    }
  }

  private boolean has(String name) {
    return options.hasMatchedOption(name);
  }

  private List<String> values(String name) {
    return has(name) ? options.matchedOption(name).originalStringValues() : List.of();
  }

  private String last(String name) {
    List<String> values = values(name);
    return values.get(values.size() - 1);
  }
}
