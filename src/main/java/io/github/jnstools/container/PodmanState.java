package io.github.jnstools.container;

import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What Podman, which has no daemon, keeps on disk of its containers. */
final class PodmanState implements Engine {
  private static final String OWN_NETWORK = "/run/netns/netns-";

  private final ContainersStorage storage;
  private final Procfs proc;

  /** The containers of a store. */
  PodmanState(ContainersStorage storage, Procfs proc) {
    this.storage = storage;
    this.proc = proc;
  }

  @Override
  public String name() {
    return "podman";
  }

  @Override
  public String where() {
    return storage.where();
  }

  @Override
  public boolean present() {
    return storage.present();
  }

  @Override
  public List<Known> find(String reference) throws IOException {
    Candidates<ContainersStorage.Entry> candidates = new Candidates<>(reference);
    List<ContainersStorage.Entry> entries = entries();
    for (ContainersStorage.Entry entry : entries) {
      candidates.offer(entry, entry.id(), entry.name());
    }
    List<Known> found = new ArrayList<>();
    for (ContainersStorage.Entry entry : candidates.meant()) {
      found.add(known(entry, entries));
    }
    return found;
  }

  @Override
  public List<Known> running() throws IOException {
    List<Known> running = new ArrayList<>();
    List<ContainersStorage.Entry> entries = entries();
    for (ContainersStorage.Entry entry : entries) {
      Known known = known(entry, entries);
      if (known.pid() > 0) {
        running.add(known);
      }
    }
    return running;
  }

  private List<ContainersStorage.Entry> entries() throws IOException {
    List<ContainersStorage.Entry> entries = new ArrayList<>();
    for (ContainersStorage.Entry entry : storage.entries()) {
      if (entry.isPodmans()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private Known known(ContainersStorage.Entry entry, List<ContainersStorage.Entry> all)
      throws IOException {
    OciSpec spec = storage.spec(entry);
    InitProcess process = storage.process(entry, proc);
    return new Known(
        name(),
        "",
        entry.id(),
        entry.name(),
        // Only its start leaves a configuration.
        spec == null ? "created" : process.status(),
        process.pid(),
        process.recordedStart(),
        spec == null ? "" : networkMode(spec, all));
  }

  private String networkMode(OciSpec spec, List<ContainersStorage.Entry> all) throws IOException {
    if (!spec.ownNetwork()) {
      return "host";
    }
    String path = spec.networkPath();
    if (path.isEmpty()) {
      return "none";
    }
    if (path.startsWith(OWN_NETWORK)) {
      return "bridge";
    }
    int other = spec.networkProcess();
    for (ContainersStorage.Entry entry : all) {
      if (other > 0 && storage.pid(entry) == other) {
        return "container:" + entry.id();
      }
    }
    // A user's networks are made in a directory of his, in one of several ways.
    return path.contains("/netns/netns-") ? "" : "ns:" + path;
  }
}
