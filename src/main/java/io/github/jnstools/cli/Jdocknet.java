package io.github.jnstools.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code jdocknet}: finds out which of its commands is meant, and runs that. */
final class Jdocknet implements Tool {
  static final String NAME = "jdocknet";

  private static final int FAILURE = 1;
  private static final int USAGE = 2;

  private final Console console;
  private JdocknetVerb verb;
  private Options options;

  Jdocknet(Console console) {
    this.console = console;
  }

  @Override
  public int run(List<String> arguments) throws IOException, UsageException {
    int at = verbIndex(arguments);
    List<String> rest = new ArrayList<>(arguments);
    if (at < arguments.size()) {
      verb = JdocknetVerb.of(rest.remove(at));
    }
    JdocknetOptions model = new JdocknetOptions(verb);
    options = model.parse(rest);
    if (options.has("--help")) {
      console.print(HelpText.of(model.usage()));
      return 0;
    }
    if (options.has("--version")) {
      console.print(NAME + " from jnstools " + Main.version() + "\n");
      return 0;
    }
    if (verb == null) {
      throw new UsageException("no command given; one of " + JdocknetVerb.names());
    }
    return run(new JdocknetCall(options, console));
  }

  /** Where the command's name is, after options that every command has. */
  private static int verbIndex(List<String> arguments) {
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      at += arguments.get(at).equals(JdocknetOptions.DIRECTORY) ? 2 : 1;
    }
    return at;
  }

  private int run(JdocknetCall call) throws IOException, UsageException {
    return switch (verb) {
      case LS -> new JdocknetLs(call).run();
      case CHAINS -> new JdocknetChains(call).run();
      case VERIFY -> new JdocknetVerify(call).run();
      case TRACE -> new JdocknetTrace(call).run();
      case ISOLATION -> new JdocknetIsolation(call).run();
      case GRAPH -> new JdocknetGraph(call).run();
      case LINT -> new JdocknetLint(call).run();
      case ALLOW -> new JdocknetAllow(call).run();
    };
  }

  @Override
  public boolean debug() {
    return options != null && options.has("--debug");
  }

  @Override
  public int usageStatus() {
    return USAGE;
  }

  /** That nothing could be verified is not that something was found. */
  @Override
  public int failureStatus() {
    boolean finds = verb == JdocknetVerb.VERIFY || verb == JdocknetVerb.LINT;
    return finds ? JdocknetVerify.UNKNOWN : FAILURE;
  }
}
