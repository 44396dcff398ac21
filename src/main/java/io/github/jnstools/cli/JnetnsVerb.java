package io.github.jnstools.cli;

/** What {@code jnetns} can do. */
enum JnetnsVerb {
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

  /** The verb of a word on the command line. */
  static JnetnsVerb of(String word) throws UsageException {
    if (word.equals("ls")) {
      return LIST;
    }
    for (JnetnsVerb verb : values()) {
      if (verb.word.equals(word)) {
        return verb;
      }
    }
    throw new UsageException("no command '" + word + "'; one of " + names());
  }

  static String names() {
    StringBuilder names = new StringBuilder();
    for (JnetnsVerb verb : values()) {
      names.append(names.length() == 0 ? "" : ", ").append(verb.word);
    }
    return names.toString();
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
