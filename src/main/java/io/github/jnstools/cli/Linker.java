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
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.NetnsDirectory.Change;
import io.github.jnstools.netns.NetnsDirectory.Made;
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
    try (Target target = Containers.pin(container)) {
      if (isHost(target) && !force) {
        throw new NamespaceException(
            "link",
            container.reference(),
            "it is on the host's network",
            "a name for that is seldom meant; --force links it");
      }
      return link(name, target, Containers.mark(container));
    }
  }

  /**
   * Makes entries for containers, one for each network namespace. One whose network is another's
   * gets none, unless that other has none either.
   */
  void linkAll(List<Container> containers, Report report) throws NamespaceException {
    Map<String, Container> owners = new TreeMap<>();
    Map<String, Container> guests = new TreeMap<>();
    for (Container container : containers) {
      (Containers.isGuest(container) ? guests : owners).put(container.reference(), container);
    }
    Map<NamespaceId, OsString> linked = new HashMap<>();
    for (Container container : owners.values()) {
      linkOne(container, linked, report);
    }
    if (guests.isEmpty()) {
      return;
    }
    for (NamedNetns entry : directory.entries()) {
      if (entry.usable() && entry.owner().isPresent()) {
        linked.putIfAbsent(entry.id().get(), entry.name());
      }
    }
    for (Container container : guests.values()) {
      linkOne(container, linked, report);
    }
  }

  private void linkOne(Container container, Map<NamespaceId, OsString> linked, Report report) {
    OwnerMark owner = Containers.mark(container);
    try (Target target = Containers.pin(container)) {
      NamespaceId id = id(target);
      Outcome outcome = instead(id, owner, linked.get(id));
      if (outcome == null) {
        outcome = link(null, target, owner);
        linked.put(id, outcome.name());
      }
      report.add(outcome);
    } catch (NamespaceException e) {
      if (Containers.hasEnded(container)) {
        report.add(new Outcome(Action.SKIPPED, LinkName.of(owner), owner, "it has just ended"));
      } else {
        report.failure(e);
      }
    }
  }

  /**
   * Why a container gets no entry; null if it does.
   *
   * @param first the entry of its network namespace, or null
   */
  private Outcome instead(NamespaceId id, OwnerMark owner, OsString first)
      throws NamespaceException {
    boolean hosts = host.contains(id) && !force;
    if (!hosts && first == null) {
      return null;
    }
    OsString name = directory.nameFor(owner, bind, force);
    if (hosts) {
      return new Outcome(Action.SKIPPED, name, owner, "it is on the host's network");
    }
    return name.equals(first)
        ? null
        : new Outcome(Action.SHARED, name, owner, "its network namespace is " + first);
  }

  /**
   * Makes an entry.
   *
   * @param name null for the container's own
   */
  private Outcome link(OsString name, Target target, OwnerMark owner) throws NamespaceException {
    Made made = directory.make(name, target, owner, bind, force);
    Action action =
        switch (made.change()) {
          case CREATED -> bind ? Action.ATTACHED : Action.LINKED;
          case REPLACED -> Action.RELINKED;
          case UNCHANGED, FOREIGN -> Action.UNCHANGED;
        };
    String detail = "process " + owner.pid();
    if (made.change() == Change.FOREIGN) {
      detail += "; jnetns did not make it and leaves it alone";
    } else if (bind) {
      detail += "; the mount keeps its network namespace until jnetns unlink " + made.name();
    }
    return new Outcome(action, made.name(), owner, detail);
  }

  private boolean isHost(Target target) throws NamespaceException {
    return host.contains(id(target));
  }

  private static NamespaceId id(Target target) throws NamespaceException {
    try (Namespace net = target.namespace(NamespaceType.NET)) {
      return net.id();
    }
  }
}
