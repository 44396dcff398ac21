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
  private final String directory;
  private final Console console;
  private V verb;
  private Options options;

  /**
   * A tool.
   *
   * @param name its own
   * @param verbs its commands
   * @param directory the only option before the command's name whose value is an argument of its
   *     own
   */
  VerbTool(String name, V[] verbs, String directory, Console console) {
    this.name = name;
    this.verbs = verbs;
    this.directory = directory;
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
    int at = verbIndex(arguments);
    List<String> rest = new ArrayList<>(arguments);
    if (at < arguments.size()) {
      verb = Verb.of(word(rest.remove(at)), verbs);
    }
    VerbOptions<V> model = options(verb);
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

  /** Where the command's name is, after options that every command has. */
  private int verbIndex(List<String> arguments) {
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      at += arguments.get(at).equals(directory) ? 2 : 1;
    }
    return at;
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
