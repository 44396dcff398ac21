package io.github.jnstools.cli;

/** What {@code jdocknet} can do. */
enum JdocknetVerb implements Verb {
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

  @Override
  public String word() {
    return word;
  }

  @Override
  public String synopsis() {
    return synopsis;
  }

  @Override
  public String text() {
    return text;
  }
}
