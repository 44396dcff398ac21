package io.github.jnstools.cli;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.cli.Outcome.Action;
import io.github.jnstools.container.Container;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.LinkName;
import io.github.jnstools.netns.LockedNetnsDirectory;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.NetnsDirectory.Change;
import io.github.jnstools.netns.OwnerMark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes entries for containers: one for each network namespace, and none for the host's. */
final class Linker {
  private static final OsString FIRST_PROCESS = OsString.ofLatin1("/proc/1/ns/net");

  private final NetnsDirectory directory;
  private final boolean bind;
  private final boolean force;
  private final List<NamespaceId> host = new ArrayList<>();

  /**
   * For a directory.
   *
   * @param bind mount instead of linking
   * @param force replace links that are not ours, and link the host's network namespace
   */
  Linker(NetnsDirectory directory, boolean bind, boolean force) throws NamespaceException {
    this.directory = directory;
    this.bind = bind;
    this.force = force;
    try (Namespace own = Namespace.ofThread(NamespaceType.NET)) {
      host.add(own.id());
    }
    try (Namespace first = Namespace.at(NamespaceType.NET, FIRST_PROCESS)) {
      host.add(first.id());
    } catch (NamespaceException e) {
      if (!e.is(Errno.EACCES)) {
        throw e;
      }
    }
  }

  /**
   * Makes the entry for one container that the user named.
   *
   * @param name null for the container's own
   */
  Outcome link(Container container, OsString name) throws NamespaceException {
    if (name != null) {
      LinkName.require(name);
    }
    try (Target target = Containers.pin(container);
        Namespace net = target.namespace(NamespaceType.NET)) {
      if (host.contains(net.id()) && !force) {
        throw new NamespaceException(
            "link",
            container.reference(),
            "it is on the host's network",
            "a name for that is seldom meant; --force links it");
      }
      OwnerMark owner = Containers.mark(container);
      try (LockedNetnsDirectory locked = directory.lock(bind)) {
        OsString chosen = name == null ? locked.nameFor(owner, force) : name;
        return outcome(chosen, owner, locked.make(chosen, target, net, owner, force));
      }
    }
  }

  /**
   * Makes entries for containers, one for each network namespace. One whose network is another's
   * gets none, unless that other has none either.
   */
  void linkAll(List<Container> containers, Report report) throws NamespaceException {
    if (containers.isEmpty()) {
      return;
    }
    Map<String, Container> owners = new TreeMap<>();
    Map<String, Container> guests = new TreeMap<>();
    for (Container container : containers) {
      (Containers.isGuest(container) ? guests : owners).put(container.reference(), container);
    }
    List<Outcome> outcomes = new ArrayList<>();
    List<NamespaceException> failures = new ArrayList<>();
    try (LockedNetnsDirectory locked = directory.lock(bind)) {
      Round round = new Round(locked, outcomes, failures);
      for (Container container : owners.values()) {
        round.link(container);
      }
      if (!guests.isEmpty()) {
        round.noteEntries();
      }
      for (Container container : guests.values()) {
        round.link(container);
      }
    } finally {
      // Not before others may go on: whoever reads this may take his time.
      for (Outcome outcome : outcomes) {
        report.add(outcome);
      }
      for (NamespaceException failure : failures) {
        report.failure(failure);
      }
    }
  }

  private Outcome outcome(OsString name, OwnerMark owner, Change change) {
    Action action =
        switch (change) {
          case CREATED -> bind ? Action.ATTACHED : Action.LINKED;
          case REPLACED -> Action.RELINKED;
          case UNCHANGED, FOREIGN -> Action.UNCHANGED;
        };
    String detail = "process " + owner.pid();
    if (change == Change.FOREIGN) {
      detail += "; jnetns did not make it and leaves it alone";
    } else if (bind) {
      detail += "; the mount keeps its network namespace until jnetns unlink " + name;
    }
    return new Outcome(action, name, owner, detail);
  }

  /** Many containers at once: which network namespaces have an entry already. */
  private final class Round {
    private final LockedNetnsDirectory locked;
    private final List<Outcome> outcomes;
    private final List<NamespaceException> failures;
    private final Map<NamespaceId, OsString> linked = new HashMap<>();

    Round(LockedNetnsDirectory locked, List<Outcome> outcomes, List<NamespaceException> failures) {
      this.locked = locked;
      this.outcomes = outcomes;
      this.failures = failures;
    }

    /** Takes account of the entries that are there. */
    void noteEntries() throws NamespaceException {
      for (NamedNetns entry : directory.entries()) {
        if (entry.usable() && entry.owner().isPresent()) {
          linked.putIfAbsent(entry.id().get(), entry.name());
        }
      }
    }

    void link(Container container) {
      OwnerMark owner = Containers.mark(container);
      try (Target target = Containers.pin(container);
          Namespace net = target.namespace(NamespaceType.NET)) {
        OsString name = locked.nameFor(owner, force);
        OsString first = linked.get(net.id());
        if (host.contains(net.id()) && !force) {
          outcomes.add(new Outcome(Action.SKIPPED, name, owner, "it is on the host's network"));
        } else if (first != null && !first.equals(name)) {
          String detail = "its network namespace is " + first;
          outcomes.add(new Outcome(Action.SHARED, name, owner, detail));
        } else {
          outcomes.add(outcome(name, owner, locked.make(name, target, net, owner, force)));
          linked.put(net.id(), name);
        }
      } catch (NamespaceException e) {
        if (Containers.hasEnded(container)) {
          outcomes.add(new Outcome(Action.SKIPPED, LinkName.of(owner), owner, "it has just ended"));
        } else {
          failures.add(e);
        }
      }
    }
  }
}
