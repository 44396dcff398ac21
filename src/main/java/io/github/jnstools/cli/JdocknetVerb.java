package io.github.jnstools.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What {@code jdocknet} can do. */
enum JdocknetVerb {
  LS("ls", "[OPTION...] [REF...]", "list containers by network, with addresses and ports"),
  CHAINS("chains", "[OPTION...]", "show the rules in the order in which packets meet them"),
  VERIFY("verify", "[OPTION...]", "compare the rules with what Docker has, and look for holes"),
  TRACE(
      "trace",
      "[OPTION...] FROM TO[:PORT][/PROTOCOL]",
      "tell what becomes of a connection, and by which rule"),
  ISOLATION("isolation", "[OPTION...]", "tell who reaches whom, by tracing all that there is"),
  GRAPH("graph", "[OPTION...]", "draw networks, containers, ports and the ways between them"),
  LINT("lint", "[OPTION...] FILE|-", "tell what iptables commands of a script would do here"),
  ALLOW(
      "allow",
      "[OPTION...] list|add|remove|apply|rollback|confirm [SOURCE...|FILE]",
      "choose from where published ports may be reached");

  private final String word;
  private final String synopsis;
  private final String text;

  JdocknetVerb(String word, String synopsis, String text) {
    this.word = word;
    this.synopsis = synopsis;
    this.text = text;
  }

  /** The verb of a word on the command line. */
  static JdocknetVerb of(String word) throws UsageException {
    for (JdocknetVerb verb : values()) {
      if (verb.word.equals(word)) {
        return verb;
      }
    }
    throw new UsageException("no command '" + word + "'; one of " + names());
  }

  static String names() {
    return Arrays.stream(values()).map(JdocknetVerb::word).collect(Collectors.joining(", "));
  }

  String word() {
    return word;
  }

  /** What may follow the word. */
  String synopsis() {
    return synopsis;
  }

  /** What it does, in one line. */
  String text() {
    return text;
  }
}
