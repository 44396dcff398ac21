package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.proc.Procfs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds containers by what users call them, in every engine of this host.
 *
 * <p>A reference is a pid ({@code 4711}), a name or the start of an id ({@code web}, {@code
 * 0a1b2c}), or one of these with the engine before it ({@code docker:web}, {@code podman:web},
 * {@code containerd:default/web}, {@code cri:pod/container}, {@code cri:namespace/pod/container},
 * {@code cri:pod}). Immutable; engines are asked anew each time.
 *
 * <p>Privilege: that of the engines' own commands.
 */
public final class ContainerResolver {
  private final List<FirstOf> engines;
  private final Proof proof;

  /**
   * Containers that run, and what could not be asked.
   *
   * @param containers in no order
   * @param problems one for each engine that is there and could not be asked, and for each
   *     container whose process could not be proven
   * @param warnings one for each engine that did not answer but has files on disk that did instead:
   *     nothing is missing
   */
  public record Inventory(
      List<Container> containers,
      List<NamespaceException> problems,
      List<NamespaceException> warnings) {}

  /** For some engines; of one that two know, the first has the word. */
  ContainerResolver(List<FirstOf> engines, Procfs proc) {
    this.engines = List.copyOf(engines);
    this.proof = new Proof(proc);
  }

  /** For the engines of this host, as the environment names them. */
  public static ContainerResolver ofHost() {
    Map<String, String> environment = System.getenv();
    Endpoints endpoints = new Endpoints(environment, "");
    HostFiles files = HostFiles.HERE;
    Procfs proc = Procfs.HERE;
    String home = environment.getOrDefault("HOME", "");
    String runtime = environment.getOrDefault(Endpoints.RUNTIME, "");
    ContainersStorage storage = ContainersStorage.ofSystem(files);
    ContainersStorage usersStorage = ContainersStorage.ofUser(files, home, runtime);
    List<FirstOf> engines = new ArrayList<>();
    engines.addAll(
        endpoints.docker(
            DockerState.ofSystem(files, proc), DockerState.ofUser(files, proc, home, runtime)));
    engines.addAll(
        endpoints.podman(new PodmanState(storage, proc), new PodmanState(usersStorage, proc)));
    engines.add(new FirstOf(new ContainerdState(files, proc)));
    engines.add(new FirstOf(new CriState(files, storage, proc)));
    return new ContainerResolver(engines, proc);
  }

  /**
   * The one running container that a reference means.
   *
   * <p>Names and full ids come before starts of ids, in all engines together. Several that have the
   * same name are ambiguous, even if only one of them runs: the other may run next. Of several
   * whose ids start alike the one that runs is meant.
   *
   * @throws NamespaceException if there is none, or more than one; if it does not run, or its
   *     process cannot be proven to be its own; if an engine that may know it does not answer
   */
  public Container resolve(String reference) throws NamespaceException {
    ContainerRef ref = ContainerRef.parse(reference);
    if (ref.isPid()) {
      return proof.ofPid(ref.pid());
    }
    Search search = new Search(ref);
    for (FirstOf engine : engines) {
      if (ref.engine().isEmpty() || ref.engine().equals(engine.name())) {
        search.ask(engine);
      }
    }
    return proof.of(search.result());
  }

  /** All containers that run. One that ends meanwhile is none, and no problem either. */
  public Inventory running() {
    Census census = new Census(proof);
    for (FirstOf engine : engines) {
      census.add(engine);
    }
    return census.result();
  }

  /** Those of one engine: {@code docker}. */
  public Inventory running(String engine) {
    Census census = new Census(proof);
    for (FirstOf each : engines) {
      if (each.name().equals(engine)) {
        census.add(each);
      }
    }
    return census.result();
  }

  /** Starts to follow what happens to the containers of all engines; the caller closes it. */
  public ContainerEvents events() {
    return ContainerEvents.of(engines);
  }
}
