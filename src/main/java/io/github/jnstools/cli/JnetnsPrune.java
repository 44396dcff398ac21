package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.cli.Outcome.Action;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory.Pruned;
import io.github.jnstools.netns.NetnsDirectory.Reach;

/** {@code jnetns prune}. */
final class JnetnsPrune {
  private final JnetnsCall call;

  JnetnsPrune(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    if (!call.operands().isEmpty()) {
      throw new UsageException("prune takes no names; unlink does");
    }
    boolean dryRun = call.options().has("--dry-run");
    Report report = new Report(call);
    Reach reach = call.options().has("--force") ? Reach.VISIBLE : Reach.CERTAIN;
    for (Pruned pruned : call.directory().prune(reach, dryRun)) {
      add(report, pruned, dryRun ? Action.REMOVABLE : Action.REMOVED);
    }
    return report.end();
  }

  /** Tells of an entry that was removed, or not. */
  static void add(Report report, Pruned pruned, Action action) {
    NamedNetns entry = pruned.entry();
    if (pruned.failure().isPresent()) {
      report.failure(pruned.failure().get());
    } else {
      report.add(new Outcome(action, entry.name(), entry.owner().orElse(null), entry.reason()));
    }
  }
}
