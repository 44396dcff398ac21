package io.github.jnstools.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A tool of several commands: finds out which of them is meant, and runs that. */
abstract class VerbTool<V extends Verb> implements Tool {
  private static final int FAILURE = 1;
  private static final int USAGE = 2;

  private final String name;
  private final V[] verbs;
  private final Console console;
  private V verb;
  private Options options;

  /**
   * A tool.
   *
   * @param name its own
   * @param verbs its commands
   */
  VerbTool(String name, V[] verbs, Console console) {
    this.name = name;
    this.verbs = verbs;
    this.console = console;
  }

  /** The options of one command; of all of them for null. */
  abstract VerbOptions<V> options(V verb);

  /** Runs a command. */
  abstract int run(V verb, Options options) throws IOException, UsageException;

  /** The word of a command that was meant by another one. */
  String word(String given) {
    return given;
  }

  @Override
  public final int run(List<String> arguments) throws IOException, UsageException {
    VerbOptions<V> model = options(null);
    int at = model.verbIndex(arguments);
    List<String> rest = new ArrayList<>(arguments);
    if (at < arguments.size()) {
      verb = Verb.of(word(rest.remove(at)), verbs);
      model = options(verb);
    }
    options = model.parse(rest);
    if (options.has("--help")) {
      console.print(HelpText.of(model.usage()));
      return 0;
    }
    if (options.has("--version")) {
      console.print(name + " from jnstools " + Main.version() + "\n");
      return 0;
    }
    if (verb == null) {
      throw new UsageException("no command given; one of " + Verb.names(verbs));
    }
    return run(verb, options);
  }

  @Override
  public final boolean debug() {
    return options != null && options.has("--debug");
  }

  @Override
  public final int usageStatus() {
    return USAGE;
  }

  @Override
  public final int failureStatus() {
    return failureStatus(verb);
  }

  /** The exit status after a failure of a command; null if none was found yet. */
  int failureStatus(V verb) {
    return FAILURE;
  }
}
