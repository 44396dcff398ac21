package io.github.jnstools.cli;

import io.github.jnstools.Credentials;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Accounts;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Command.Option;
import io.github.jnstools.enter.Environment;
import io.github.jnstools.enter.Place;
import io.github.jnstools.enter.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes a {@link Command} of the options of {@code jnsenter}. */
final class JnsEnterCommand {
  private static final long MAX_ID = 0xfffffffeL;

  private final Options options;
  private final Selection selection;
  private final Caller caller;

  JnsEnterCommand(Options options, Selection selection, Caller caller) {
    this.options = options;
    this.selection = selection;
    this.caller = caller;
  }

  /** The command. */
  Command command() throws NamespaceException, UsageException {
    List<OsString> environment = environment();
    Command command =
        program(environment)
            .withNamespaces(selection.namespaces())
            .withTarget(selection.target())
            .withEnvironment(environment)
            .withCredentials(credentials())
            .withIgnoredSignals(caller.ignoredSignals())
            .withClosedDescriptors(caller.closedDescriptors())
            .withPreservedDescriptors(preserved());
    if (options.has("--root")) {
      command = command.withRoot(place("--root"));
    }
    command = inWorkingDirectory(command);
    if (options.has("--kill-child")) {
      String signal = options.lacksValue("--kill-child") ? "KILL" : options.last("--kill-child");
      command = command.withKillChild(Signals.parse(signal));
    }
    options.refuseTogether("--root", "--mount-proc");
    options.refuseTogether("--no-fork", "--mount-proc");
    options.refuseTogether("--keep-caps", "--follow-caps");
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
    return options.has(name) ? command.with(option) : command;
  }

  private Command program(List<OsString> environment) {
    if (options.operands().isEmpty()) {
      OsString shell = Environment.value(environment, "SHELL");
      if (shell == null) {
        shell = OsString.of("/bin/sh");
      }
      String path = shell.toLatin1();
      String login = "-" + path.substring(path.lastIndexOf('/') + 1);
      // A shell is a file's name: what has no slash must not be looked for in PATH.
      boolean bare = !path.isEmpty() && path.indexOf('/') < 0;
      return Command.of(
          bare ? OsString.ofLatin1("./" + path) : shell, List.of(OsString.ofLatin1(login)));
    }
    List<OsString> argv = new ArrayList<>();
    for (String argument : options.operands()) {
      argv.add(OsString.ofLatin1(argument));
    }
    return Command.of(argv.get(0), argv);
  }

  private Command inWorkingDirectory(Command command) throws UsageException {
    if (options.has("--wdns") && !options.lacksValue("--wdns")) {
      options.refuseTogether("--wd", "--wdns");
      return command.withWorkingDirectory(Place.inside(OsString.ofLatin1(options.last("--wdns"))));
    }
    return options.has("--wd") ? command.withWorkingDirectory(place("--wd")) : command;
  }

  private Place place(String name) {
    return options.isOfTarget(name)
        ? Place.OF_TARGET
        : Place.outside(OsString.ofLatin1(options.last(name)));
  }

  private List<OsString> environment() throws NamespaceException, UsageException {
    List<OsString> environment =
        options.has("--env") ? selection.target().environment() : caller.environment();
    if (options.has("--clear-env")) {
      environment = List.of();
    }
    for (String setting : options.values("--env-set")) {
      if (setting.indexOf('=') < 1) {
        throw new UsageException("invalid variable '" + setting + "': not NAME=VALUE");
      }
      environment = Environment.with(environment, OsString.ofLatin1(setting));
    }
    return environment;
  }

  private int preserved() throws UsageException {
    if (!options.has("--preserve-fds")) {
      return 0;
    }
    long wanted =
        Numbers.parse(options.last("--preserve-fds"), "number of descriptors", 0, 1 << 20);
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

  private Credentials credentials() throws NamespaceException, UsageException {
    return new Credentials(
        id("--setuid", "user id"),
        id("--setgid", "group id"),
        options.has("--setgid") ? Optional.of(List.of()) : Optional.empty());
  }

  private Credentials.Id id(String name, String what) throws NamespaceException, UsageException {
    if (!options.has(name)) {
      return Credentials.Id.KEEP;
    }
    String text = options.last(name);
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
    Target target = selection.target();
    if (target != null && (selection.has(NamespaceType.MNT) || options.has("--root"))) {
      return user ? target.userId(name) : target.groupId(name);
    }
    OptionalInt id =
        user ? Accounts.userId(OsString.ofLatin1(name)) : Accounts.groupId(OsString.ofLatin1(name));
    if (id.isEmpty()) {
      throw new UsageException("no " + (user ? "user" : "group") + " '" + name + "' here");
    }
    return id.getAsInt();
  }
}
