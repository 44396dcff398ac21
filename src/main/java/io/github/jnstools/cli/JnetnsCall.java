package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.NetnsDirectory;
import java.util.List;

/** What all commands of {@code jnetns} are given, and how they answer. */
record JnetnsCall(Options options, Caller caller, Console console) {

  /** The names, references and programs of the command line. */
  List<String> operands() {
    return options.operands();
  }

  /** The directory of names. */
  NetnsDirectory directory() throws NamespaceException {
    return NetnsDirectory.at(
        options.has(JnetnsOptions.DIRECTORY)
            ? OsString.ofLatin1(options.last(JnetnsOptions.DIRECTORY))
            : NetnsDirectory.DEFAULT);
  }

  /** Whether an operand is the name of an entry: that comes before a container of the same. */
  boolean isName(NetnsDirectory directory, String operand) throws NamespaceException {
    return operand.indexOf('/') < 0 && directory.entry(OsString.ofLatin1(operand)).isPresent();
  }

  /** Opens the network namespace that an operand names, or else that of the container it means. */
  Namespace namespace(String operand) throws NamespaceException {
    NetnsDirectory directory = directory();
    return isName(directory, operand)
        ? directory.open(OsString.ofLatin1(operand))
        : namespaceOf(operand);
  }

  /** Opens the network namespace of the container that an operand means. */
  Namespace namespaceOf(String operand) throws NamespaceException {
    try (Target target = Containers.pin(Containers.resolve(operand))) {
      return target.namespace(NamespaceType.NET);
    }
  }

  boolean json() {
    return options.has("--json");
  }

  boolean verbose() {
    return options.has("--verbose");
  }

  /** Tells something to people, unless they want to hear of errors only. */
  void say(String line) {
    if (!options.has("--quiet") && !json()) {
      console.line(line);
    }
  }

  /** Tells what could not be done. */
  void failure(NamespaceException e) {
    console.failure(Jnetns.NAME, e);
  }
}
