package io.github.jnstools.cli;

/** One of the commands that a tool has. */
interface Verb {
  /** Its name on the command line. */
  String word();

  /** What may follow the word. */
  String synopsis();

  /** What it does, in one line. */
  String text();

  /** The one of a word on the command line. */
  static <V extends Verb> V of(String word, V[] verbs) throws UsageException {
    for (V verb : verbs) {
      if (verb.word().equals(word)) {
        return verb;
      }
    }
    throw new UsageException("no command '" + word + "'; one of " + names(verbs));
  }

  /** All words, for people. */
  static String names(Verb[] verbs) {
    StringBuilder names = new StringBuilder();
    for (Verb verb : verbs) {
      names.append(names.length() == 0 ? "" : ", ").append(verb.word());
    }
    return names.toString();
  }
}
