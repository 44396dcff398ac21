package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;

/**
 * The answers to questions that cannot be answered, so that each run of a trace goes another way:
 * first all are no, at last all are yes.
 */
final class Choices {
  private final List<Boolean> answers = new ArrayList<>();
  private final List<Step> questions = new ArrayList<>();
  private int next;

  /** Answers a question: whether this step is taken. */
  boolean choose(Step question) {
    if (next == answers.size()) {
      answers.add(false);
      questions.add(question);
    }
    return answers.get(next++);
  }

  /** What was asked in this run. */
  List<Step> questions() {
    return List.copyOf(questions.subList(0, next));
  }

  /** Makes the next run another one; false if there is none. */
  boolean advance() {
    int last = answers.size() - 1;
    while (last >= 0 && answers.get(last)) {
      answers.remove(last);
      questions.remove(last);
      last--;
    }
    next = 0;
    if (last < 0) {
      return false;
    }
    answers.set(last, true);
    return true;
  }

  /** The question whose answer makes this run differ from the one before. */
  Step changed() {
    return questions.get(questions.size() - 1);
  }
}
