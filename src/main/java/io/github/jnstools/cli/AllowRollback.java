package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.cli.AllowRecord.Changed;
import io.github.jnstools.firewall.DockerFirewall;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.UserChain;
import io.github.jnstools.firewall.UserChainPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds out what has to be written to take the last write back. */
final class AllowRollback {
  private final DockerFirewall firewall;
  private final boolean force;

  AllowRollback(DockerFirewall firewall, boolean force) {
    this.firewall = firewall;
    this.force = force;
  }

  /**
   * The chains as they were before the last write that was carried out.
   *
   * @throws NamespaceException if there is none, or if others have changed what it wrote
   */
  UserChainPlan plan(Optional<AllowRecord> record) throws NamespaceException {
    List<Changed> write = record.map(last -> last.standing(firewall.rules())).orElse(List.of());
    if (write.isEmpty()) {
      throw new NamespaceException(
          "allow", AllowAction.ROLLBACK.word(), "there is no write to take back", null);
    }
    return plan(write);
  }

  private UserChainPlan plan(List<Changed> write) throws NamespaceException {
    List<String> changed = new ArrayList<>();
    SortedMap<IpFamily, UserChain> wanted = new TreeMap<>();
    for (Changed chain : write) {
      Optional<UserChain> now = UserChain.of(firewall.rules(), chain.family());
      if (now.isEmpty()) {
        throw new NamespaceException(
            "allow", UserChain.place(chain.family()), "the chain is gone", "start Docker");
      }
      if (!chain.isDone(now) && !chain.isUndone(now)) {
        changed.add(UserChain.place(chain.family()));
      }
      wanted.put(chain.family(), chain.before());
    }
    if (!changed.isEmpty() && !force) {
      throw new NamespaceException(
          "allow",
          String.join(", ", changed),
          "somebody else has changed the chain since the last write",
          "look at it with --force --dry-run; --force takes back their change, too");
    }
    return new UserChainPlan(firewall, wanted);
  }
}
