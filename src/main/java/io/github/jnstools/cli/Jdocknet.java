package io.github.jnstools.cli;

import java.io.IOException;

/** {@code jdocknet}. */
final class Jdocknet extends VerbTool<JdocknetVerb> {
  static final String NAME = "jdocknet";

  private final Console console;

  Jdocknet(Console console) {
    super(NAME, JdocknetVerb.values(), JdocknetOptions.DIRECTORY, console);
    this.console = console;
  }

  @Override
  VerbOptions<JdocknetVerb> options(JdocknetVerb verb) {
    return new JdocknetOptions(verb);
  }

  @Override
  int run(JdocknetVerb verb, Options options) throws IOException, UsageException {
    JdocknetCall call = new JdocknetCall(options, console);
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

  /** That nothing could be verified is not that something was found. */
  @Override
  int failureStatus(JdocknetVerb verb) {
    boolean finds = verb == JdocknetVerb.VERIFY || verb == JdocknetVerb.LINT;
    return finds ? JdocknetVerify.UNKNOWN : super.failureStatus(verb);
  }
}
