package io.github.jnstools.cli;

/** What {@code jnetns} can do. */
enum JnetnsVerb implements Verb {
  LINK("link", "[OPTION...] REF...", "link names to containers' network namespaces"),
  UNLINK("unlink", "[OPTION...] NAME|REF...", "remove links and mounts that jnetns made"),
  LIST(
      "list", "[OPTION...] [NAME...]", "list the named network namespaces and what they are worth"),
  SHOW("show", "[OPTION...] NAME|REF...", "show all about network namespaces"),
  EXEC(
      "exec",
      "[OPTION...] NAME|REF [--] PROGRAM [ARGUMENT...]",
      "run a program in a network namespace"),
  PIDS("pids", "[OPTION...] NAME|REF", "list the processes in a network namespace"),
  IDENTIFY("identify", "[OPTION...] [PID|REF]", "list the names of a process's network namespace"),
  PRUNE("prune", "[OPTION...]", "remove what is provably dead"),
  WATCH("watch", "[OPTION...]", "follow the engines: link what starts, prune what ends");

  private final String word;
  private final String synopsis;
  private final String text;

  JnetnsVerb(String word, String synopsis, String text) {
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
