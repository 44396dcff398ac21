package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.container.Container;
import io.github.jnstools.container.ContainerResolver;
import io.github.jnstools.container.ContainerResolver.Inventory;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.netns.HostLinks;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.NetnsView;
import io.github.jnstools.netns.Processes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the host runs at one moment, to tell of each network namespace what is in it. */
final class NetnsSurvey implements AutoCloseable {
  private final NetnsDirectory directory;
  private final Report report;
  private final HostLinks host;
  private final Processes processes;
  private final List<Container> containers;
  private final Map<NamespaceId, NetnsDetails> seen = new HashMap<>();

  /**
   * Looks around. What cannot be asked is told to the report and left out.
   *
   * @throws NamespaceException if the host's own interfaces or processes cannot be listed
   */
  NetnsSurvey(JnetnsCall call, NetnsDirectory directory, Report report) throws NamespaceException {
    this.directory = directory;
    this.report = report;
    Inventory inventory = ContainerResolver.ofHost().running();
    report.unanswered(inventory);
    this.containers = inventory.containers();
    this.processes = Processes.all();
    this.host = HostLinks.open();
  }

  /** Of an entry, or of what has its name by now; empty if nothing has. */
  Optional<NetnsDetails> of(NamedNetns entry) throws NamespaceException {
    NamedNetns judged = judged(entry);
    if (!entry.usable()) {
      return Optional.of(
          new NetnsDetails(
              Optional.of(judged),
              entry.id(),
              Optional.empty(),
              entry.id().isPresent() ? processes.in(entry.id().get()) : List.of(),
              List.of(),
              Optional.empty()));
    }
    NetnsDetails details = seen.get(entry.id().get());
    if (details == null) {
      try (Namespace namespace = directory.open(entry.name())) {
        details = of(namespace);
      } catch (NamespaceException e) {
        Optional<NamedNetns> now = directory.entry(entry.name());
        if (!now.equals(Optional.of(entry))) {
          return now.isPresent() ? of(now.get()) : Optional.empty();
        }
        report.failure(e);
        details = unseen(entry.id().get());
      }
    }
    return Optional.of(
        new NetnsDetails(
            Optional.of(judged),
            details.id(),
            details.owner(),
            details.pids(),
            details.containers(),
            details.view()));
  }

  /** Of a network namespace, by whatever name. */
  NetnsDetails of(Namespace namespace) {
    NetnsDetails bare = unseen(namespace.id());
    NetnsDetails details =
        new NetnsDetails(
            Optional.empty(),
            bare.id(),
            owner(namespace),
            bare.pids(),
            bare.containers(),
            view(namespace));
    seen.put(namespace.id(), details);
    return details;
  }

  private NetnsDetails unseen(NamespaceId id) {
    List<Container> inside = new ArrayList<>();
    for (Container container : containers) {
      Optional<NamespaceId> theirs = processes.of(container.pid());
      if (theirs.isPresent() && theirs.get().equals(id)) {
        inside.add(container);
      }
    }
    return new NetnsDetails(
        Optional.empty(),
        Optional.of(id),
        Optional.empty(),
        processes.in(id),
        inside,
        Optional.empty());
  }

  private Optional<NetnsView> view(Namespace namespace) {
    try {
      return Optional.of(NetnsView.of(namespace, host));
    } catch (NamespaceException e) {
      report.failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** An outer user namespace is not shown to who is inside of another one. */
  private static Optional<NamespaceId> owner(Namespace namespace) {
    try (Namespace owner = namespace.owner()) {
      return Optional.of(owner.id());
    } catch (NamespaceException e) {
      return Optional.empty();
    }
  }

  private NamedNetns judged(NamedNetns entry) {
    for (Container container : containers) {
      boolean theirs =
          entry.owner().isPresent()
              && entry.owner().get().sameContainer(Containers.mark(container));
      if (theirs) {
        return entry.against(container.pid(), container.startTime());
      }
    }
    return entry;
  }

  @Override
  public void close() {
    host.close();
  }
}
