package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.container.ContainerResolver.Inventory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts the containers that engines say run, each once and as far as it is proven. */
final class Census {
  // Docker tells of an end when it has taken the network down: 70 ms later, a second if many end at
  // once, or some seconds where the machine has much else to do.
  private static final int ROUNDS = 8;
  private static final long FIRST_PAUSE = 20;

  private final Proof proof;
  private final List<Container> containers = new ArrayList<>();
  private final List<NamespaceException> problems = new ArrayList<>();
  private final List<NamespaceException> warnings = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<Integer> pids = new HashSet<>();

  Census(Proof proof) {
    this.proof = proof;
  }

  /** Adds those of an engine that are not another's already. */
  void add(FirstOf engine) {
    FirstOf.Answer answer = engine.running();
    (answer.answered() ? warnings : problems).addAll(answer.problems());
    List<Known> doubtful = new ArrayList<>();
    List<String> told = new ArrayList<>();
    for (Known known : answer.known()) {
      // Docker's are containerd's, too; but of those two may have one id, in two namespaces.
      if (!pids.contains(known.pid()) && !ids.contains(known.id())) {
        told.add(known.id());
        add(known, engine, doubtful, 0);
      }
    }
    ids.addAll(told);
    long pause = FIRST_PAUSE;
    for (int round = 1; !doubtful.isEmpty(); round++) {
      int now = sleep(pause) ? round : ROUNDS;
      List<Known> still = new ArrayList<>();
      for (Known known : doubtful) {
        add(known, engine, still, now);
      }
      doubtful = still;
      pause *= 2;
    }
  }

  private void add(Known known, FirstOf engine, List<Known> doubtful, int round) {
    try {
      containers.add(proof.of(known));
      pids.add(known.pid());
    } catch (NamespaceException e) {
      FirstOf.Answer answer = engine.find(known.id());
      if (!answer.answered()) {
        problems.add(e);
      }
      for (Known now : answer.known()) {
        boolean same = now.id().equals(known.id()) && now.scope().equals(known.scope());
        if (same && Proof.runs(now)) {
          if (isFinal(now, round)) {
            problems.add(e);
          } else {
            doubtful.add(now);
          }
        }
      }
    }
  }

  /** A process that goes on living is not about to be told as ended. */
  private boolean isFinal(Known known, int round) {
    return round == ROUNDS || round > 0 && proof.lives(known);
  }

  /** Returns false if it was interrupted. */
  private static boolean sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What has been counted. */
  Inventory result() {
    return new Inventory(containers, problems, warnings);
  }
}
