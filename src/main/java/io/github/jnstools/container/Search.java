package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import java.util.ArrayList;
import java.util.List;

/** One question to some engines, and what comes of the answers. */
final class Search {
  /** So many candidates are shown. */
  private static final int SHOWN = 8;

  private final ContainerRef ref;
  private final List<Known> exact = new ArrayList<>();
  private final List<Known> byPrefix = new ArrayList<>();
  private final List<NamespaceException> problems = new ArrayList<>();
  private final List<NamespaceException> silent = new ArrayList<>();
  private final List<String> answered = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();

  Search(ContainerRef ref) {
    this.ref = ref;
  }

  void ask(FirstOf engine) {
    String shown = engine.name() + " (" + engine.where() + ")";
    if (!engine.present()) {
      absent.add(shown);
      return;
    }
    FirstOf.Answer answer = engine.find(ref.name());
    problems.addAll(answer.problems());
    if (answer.answered()) {
      answered.add(shown);
    } else {
      silent.addAll(answer.problems());
    }
    for (Known known : answer.known()) {
      add(ref.isExact(known) ? exact : byPrefix, known);
    }
  }

  /**
   * Docker's containers are containerd's, too: the same one counts once. Of containerd's, two may
   * have one id, in two namespaces.
   */
  private static void add(List<Known> candidates, Known known) {
    for (Known other : candidates) {
      boolean samePid = other.pid() > 0 && other.pid() == known.pid();
      boolean sameId = other.id().equals(known.id()) && !other.engine().equals(known.engine());
      if (samePid || sameId) {
        return;
      }
    }
    candidates.add(known);
  }

  /** The one that is meant. */
  Known result() throws NamespaceException {
    List<Known> candidates = exact.isEmpty() ? runningOf(byPrefix) : exact;
    boolean one = candidates.size() == 1;
    if (one && (silent.isEmpty() || candidates.get(0).id().equals(ref.name()))) {
      return candidates.get(0);
    }
    if (one) {
      throw refused(
          "another may have this name, too; no answer: " + silent.get(0).getMessage(),
          "name this one: " + reference(candidates.get(0), candidates));
    }
    throw candidates.isEmpty() ? unknown() : ambiguous(candidates);
  }

  /** Those that run; all, if none does. */
  private static List<Known> runningOf(List<Known> candidates) {
    List<Known> running = new ArrayList<>();
    for (Known known : candidates) {
      if (known.pid() > 0) {
        running.add(known);
      }
    }
    return running.isEmpty() ? candidates : running;
  }

  private NamespaceException ambiguous(List<Known> candidates) {
    StringBuilder list = new StringBuilder();
    for (Known known : candidates.subList(0, Math.min(SHOWN, candidates.size()))) {
      list.append(list.length() == 0 ? "" : ", ").append(reference(known, candidates));
    }
    if (candidates.size() > SHOWN) {
      list.append(" and ").append(candidates.size() - SHOWN).append(" more");
    }
    return refused("it may be any of " + list, "name one of these");
  }

  /** What names this one and none of the others. */
  private static String reference(Known known, List<Known> candidates) {
    boolean unique = true;
    for (Known other : candidates) {
      unique &= other == known || !shortest(other).equals(shortest(known));
    }
    String reference = unique ? shortest(known) : known.engine() + ":" + known.id();
    return ContainerRef.shown(reference);
  }

  private static String shortest(Known known) {
    return known.scope().isEmpty()
        ? known.engine() + ":" + known.name()
        : known.engine() + ":" + known.scope() + "/" + known.name();
  }

  private NamespaceException unknown() {
    if (answered.isEmpty() && problems.size() == 1) {
      return problems.get(0);
    }
    if (answered.isEmpty() && problems.isEmpty()) {
      return refused(
          "there is no engine to ask; looked for " + String.join("; ", absent),
          "start the engine, or name the container's process by its pid");
    }
    StringBuilder reason = new StringBuilder("no such container");
    if (!answered.isEmpty()) {
      reason.append("; asked ").append(String.join("; ", answered));
    }
    String hint = "list the containers, with those that do not run";
    for (NamespaceException problem : problems) {
      reason.append("; no answer: ").append(problem.getMessage());
      hint = problem.hint().isPresent() ? problem.hint().get() : hint;
    }
    return refused(reason.toString(), hint);
  }

  private NamespaceException refused(String reason, String hint) {
    return new NamespaceException("container", ContainerRef.shown(ref.text()), reason, hint);
  }
}
