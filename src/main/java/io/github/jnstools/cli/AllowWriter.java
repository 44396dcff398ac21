package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.cli.AllowRecord.State;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.UserChain;
import io.github.jnstools.firewall.UserChainPlan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Writes chains on this host, so that they can be taken back: what was there is recorded before,
 * and so is the process started that takes it back by itself.
 */
final class AllowWriter {
  static final String AUTO_REVERT = "--auto-revert";

  private static final int A_DAY = 86_400;

  private final JdocknetCall call;
  private final AllowAction action;
  private final Optional<Integer> seconds;

  AllowWriter(JdocknetCall call, AllowAction action) throws UsageException {
    this.call = call;
    this.action = action;
    this.seconds =
        call.has(AUTO_REVERT)
            ? Optional.of(
                (int)
                    Numbers.parse(call.options().last(AUTO_REVERT), "number of seconds", 1, A_DAY))
            : Optional.empty();
  }

  /** Whether it is taken back unless somebody confirms it. */
  boolean takesBack() {
    return seconds.isPresent();
  }

  /**
   * Writes them, if all is as it was when they were planned.
   *
   * @return the id of what was written
   */
  String write(UserChainPlan plan, SortedMap<IpFamily, UserChain> chains)
      throws IOException, UsageException {
    AllowJournal journal = AllowJournal.ofHere();
    FileChannel lock = journal.lock();
    try {
      if (action != AllowAction.ROLLBACK && journal.waits()) {
        throw new NamespaceException(
            "allow",
            action.word(),
            "an earlier write waits to be confirmed",
            "run 'jdocknet allow confirm', or 'jdocknet allow rollback'");
      }
      requireUnchanged(plan, chains);
      UserChains.test(chains);
      Optional<AllowRecord> earlier = journal.read();
      State state = takesBack() ? State.WAITS : State.KEPT;
      AllowRecord record = AllowRecord.of(state, earlier, plan, chains);
      journal.write(record);
      if (takesBack()) {
        guard(journal, record, earlier);
      }
      UserChains.write(chains);
      return record.id();
    } finally {
      lock.close();
    }
  }

  private void guard(AllowJournal journal, AllowRecord record, Optional<AllowRecord> earlier)
      throws IOException {
    try {
      AllowGuard.start(record.id(), seconds.orElseThrow());
    } catch (IOException e) {
      journal.write(earlier.orElse(record.reverted().with(State.KEPT, "")));
      throw e;
    }
  }

  /** What somebody wrote into the chain since it was read would be lost. */
  private void requireUnchanged(UserChainPlan plan, SortedMap<IpFamily, UserChain> chains)
      throws IOException, UsageException {
    for (Map.Entry<IpFamily, UserChain> each : chains.entrySet()) {
      IpFamily family = each.getKey();
      if (!plan.before(family).isSameAs(UserChains.read(call.host(), family))) {
        throw new NamespaceException(
            "allow",
            UserChain.place(family),
            "somebody else has changed the chain meanwhile; nothing was written",
            "try again");
      }
    }
  }

  /** Waits for somebody to confirm it, if somebody can. */
  int await(String id) throws IOException {
    return new AllowConfirmation(AllowJournal.ofHere(), call.console())
        .await(id, seconds.orElseThrow());
  }
}
