package io.github.jnstools.cli;

import java.io.IOException;

/** {@code jnetns}. */
final class Jnetns extends VerbTool<JnetnsVerb> {
  static final String NAME = "jnetns";

  private final Caller caller;
  private final Console console;

  Jnetns(Caller caller, Console console) {
    super(NAME, JnetnsVerb.values(), JnetnsOptions.DIRECTORY, console);
    this.caller = caller;
    this.console = console;
  }

  @Override
  VerbOptions<JnetnsVerb> options(JnetnsVerb verb) {
    return new JnetnsOptions(verb);
  }

  @Override
  String word(String given) {
    return given.equals("ls") ? JnetnsVerb.LIST.word() : given;
  }

  @Override
  int run(JnetnsVerb verb, Options options) throws IOException, UsageException {
    JnetnsCall call = new JnetnsCall(options, caller, console);
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
}
