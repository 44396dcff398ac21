package io.github.jnstools.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code jnetns}: finds out which of its commands is meant, and runs that. */
final class Jnetns implements Tool {
  static final String NAME = "jnetns";

  private static final int FAILURE = 1;
  private static final int USAGE = 2;

  private final Caller caller;
  private final Console console;
  private JnetnsVerb verb;
  private JnetnsCall call;

  Jnetns(Caller caller, Console console) {
    this.caller = caller;
    this.console = console;
  }

  @Override
  public int run(List<String> arguments) throws IOException, UsageException {
    int at = verbIndex(arguments);
    List<String> rest = new ArrayList<>(arguments);
    if (at < arguments.size()) {
      verb = JnetnsVerb.of(rest.remove(at));
    }
    JnetnsOptions model = new JnetnsOptions(verb);
    Options options = model.parse(rest);
    if (options.has("--help")) {
      console.print(HelpText.of(model.usage()));
      return 0;
    }
    if (options.has("--version")) {
      console.print(NAME + " from jnstools " + Main.version() + "\n");
      return 0;
    }
    if (verb == null) {
      throw new UsageException("no command given; one of " + JnetnsVerb.names());
    }
    call = new JnetnsCall(options, caller, console);
    return run();
  }

  /** Where the command's name is, after options that every command has. */
  private static int verbIndex(List<String> arguments) {
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      at += arguments.get(at).equals(JnetnsOptions.DIRECTORY) ? 2 : 1;
    }
    return at;
  }

  private int run() throws IOException, UsageException {
    return switch (verb) {
      case LINK -> new JnetnsLink(call).run();
      case UNLINK -> new JnetnsUnlink(call).run();
      case LIST -> new JnetnsList(call).run();
      case SHOW -> new JnetnsShow(call).run();
      case EXEC -> new JnetnsExec(call).run();
      case PIDS -> new JnetnsPids(call).run();
      case IDENTIFY -> new JnetnsIdentify(call).run();
      case PRUNE -> new JnetnsPrune(call).run();
      case WATCH -> new JnetnsWatch(call).run();
    };
  }

  @Override
  public boolean debug() {
    return call != null && call.options().has("--debug");
  }

  @Override
  public int usageStatus() {
    return USAGE;
  }

  @Override
  public int failureStatus() {
    return FAILURE;
  }
}
