package io.github.jnstools.cli;

/** What {@code jdocknet allow} can do. */
enum AllowAction {
  LIST("list"),
  ADD("add"),
  REMOVE("remove"),
  APPLY("apply"),
  ROLLBACK("rollback"),
  CONFIRM("confirm");

  /** What each of them takes. */
  static final String TAKES =
      "allow takes list, add SOURCE..., remove [SOURCE...], apply FILE, rollback or confirm";

  private final String word;

  AllowAction(String word) {
    this.word = word;
  }

  /** The action of a word on the command line, if so many operands can follow it. */
  static AllowAction of(String word, int operands) throws UsageException {
    for (AllowAction action : values()) {
      if (action.word.equals(word) && action.takes(operands)) {
        return action;
      }
    }
    throw new UsageException(TAKES);
  }

  private boolean takes(int operands) {
    return switch (this) {
      case ADD -> operands > 0;
      case REMOVE -> true;
      case APPLY -> operands == 1;
      case LIST, ROLLBACK, CONFIRM -> operands == 0;
    };
  }

  /** Whether it goes by the list of one port, or of all others. */
  boolean ofOneList() {
    return this == ADD || this == REMOVE;
  }

  boolean writes() {
    return this != LIST && this != CONFIRM;
  }

  String word() {
    return word;
  }
}
