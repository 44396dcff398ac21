package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Launcher;
import io.github.jnstools.enter.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** {@code jnsenter}: the program in place of this process, or words about it. */
final class JnsEnter implements Tool {
  static final String NAME = "jnsenter";

  // As nsenter: whatever fails before the program runs.
  private static final int FAILURE = 1;

  /** Options that ask for something by themselves, besides those of namespaces. */
  private static final Set<String> REQUESTS =
      Set.of(
          "--root",
          "--wd",
          "--wdns",
          "--env",
          "--join-cgroup",
          "--setuid",
          "--setgid",
          "--follow-caps",
          "--follow-context");

  private final Caller caller;
  private final Console console;
  private Options options;

  JnsEnter(Caller caller, Console console) {
    this.caller = caller;
    this.console = console;
  }

  /** Returns only where nothing is run. */
  @Override
  public int run(List<String> arguments) throws NamespaceException, UsageException {
    JnsEnterOptions model = new JnsEnterOptions();
    options = new Getopt(model.all(), false, JnsEnterOptions.GENERATIONS).parse(arguments);
    if (options.has("--help")) {
      console.print(HelpText.of(model.usage()));
    } else if (options.has("--version")) {
      console.print(NAME + " from jnstools " + Main.version() + "\n");
    } else {
      enter(arguments);
    }
    return 0;
  }

  @Override
  public boolean debug() {
    return options != null && options.has("--debug");
  }

  @Override
  public int usageStatus() {
    return FAILURE;
  }

  @Override
  public int failureStatus() {
    return FAILURE;
  }

  private void enter(List<String> arguments) throws NamespaceException, UsageException {
    try (Selection selection = Selection.of(options)) {
      if (selection.isEmpty() && Collections.disjoint(REQUESTS, options.names())) {
        throw new UsageException("no namespace specified; add -a, or some of -muinpUCT");
      }
      Command command = new JnsEnterCommand(options, selection, caller).command();
      if (options.has("--explain")) {
        explain(command);
      } else {
        advise(selection);
        Launcher.become(command, NAME, argv(arguments));
      }
    }
  }

  private static List<OsString> argv(List<String> arguments) {
    List<OsString> argv = new ArrayList<>();
    argv.add(OsString.of(NAME));
    for (String argument : arguments) {
      argv.add(OsString.ofLatin1(argument));
    }
    return argv;
  }

  private void explain(Command command) throws NamespaceException {
    try (Plan plan = Plan.of(command)) {
      for (String step : plan.explain()) {
        console.print(step + "\n");
      }
    }
  }

  private void advise(Selection selection) {
    boolean oldProc =
        selection.has(NamespaceType.PID)
            && !selection.has(NamespaceType.MNT)
            && !options.has("--mount-proc")
            && !options.has("--root");
    if (oldProc && !options.has("--quiet") && caller.terminal()) {
      console.error(
          NAME
              + ": /proc still shows the processes of this namespace;"
              + " add -m, or --mount-proc for this host's programs (-q silences this)");
    }
  }
}
