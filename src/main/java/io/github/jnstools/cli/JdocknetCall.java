package io.github.jnstools.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** What all commands of {@code jdocknet} are given, and how they answer. */
record JdocknetCall(Options options, Console console) {

  /** What else there is on the command line, as text. */
  List<String> operands() {
    return options.operands().stream().map(Containers::text).toList();
  }

  boolean has(String option) {
    return options.has(option);
  }

  boolean json() {
    return has("--json");
  }

  /** The host that is asked about. */
  HostTexts host() throws UsageException {
    if (isLive()) {
      return new LiveHost();
    }
    String directory = Containers.text(options.last(JdocknetOptions.DIRECTORY));
    try {
      return new CapturedHost(Path.of(directory));
    } catch (InvalidPathException e) {
      throw new UsageException(
          JdocknetOptions.DIRECTORY + " is not a path in this locale: " + directory);
    }
  }

  /** Whether it is the one that this runs on. */
  boolean isLive() {
    return !has(JdocknetOptions.DIRECTORY);
  }

  /** Tells something to people. */
  void line(String text) {
    console.line(text);
  }

  /** Refuses operands. */
  void takesNone(JdocknetVerb verb) throws UsageException {
    if (!operands().isEmpty()) {
      throw new UsageException(verb.word() + " takes no names");
    }
  }
}
