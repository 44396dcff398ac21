package io.github.jnstools.firewall;

import io.github.jnstools.firewall.DockerContainer.Endpoint;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a Docker engine has: its networks, its containers, its settings.
 *
 * @param networks in the order of their creation
 * @param containers in the order of their start
 * @param settings what the rules depend on besides
 */
public record DockerInventory(
    List<DockerNetwork> networks, List<DockerContainer> containers, DockerSettings settings) {
  private static final String SHARED = "container:";
  private static final int SHORT_ID = 12;

  /** Sorted, since the engine lists both in no useful order. */
  public DockerInventory {
    networks =
        networks.stream()
            .sorted(Comparator.comparing(DockerNetwork::created).thenComparing(DockerNetwork::name))
            .toList();
    containers =
        containers.stream()
            .sorted(
                Comparator.comparing(DockerContainer::started).thenComparing(DockerContainer::name))
            .toList();
  }

  /**
   * What an inventory is read from, each as the command prints it; empty text where there is none.
   *
   * @param networks {@code docker network inspect}: an array
   * @param containers {@code docker inspect} of containers: an array
   * @param version {@code docker version --format json}
   * @param info {@code docker info --format json}
   * @param daemonJson {@code /etc/docker/daemon.json}
   * @param sysctl {@code sysctl}: lines of {@code net.ipv4.ip_forward = 1}
   */
  public record Sources(
      String networks,
      String containers,
      String version,
      String info,
      String daemonJson,
      String sysctl) {}

  /**
   * Reads an inventory.
   *
   * @throws MalformedException if one of the sources is not what the engine prints
   */
  public static DockerInventory parse(Sources sources) throws MalformedException {
    return new DockerInventory(
        NetworkInspect.parse(sources.networks()),
        ContainerInspect.parse(sources.containers()),
        SettingsReader.parse(sources));
  }

  /** The network of an id. */
  public Optional<DockerNetwork> network(String id) {
    return networks.stream().filter(network -> network.id().equals(id)).findFirst();
  }

  /**
   * The running container of a name, of an id, or of the start of an id that no other one has.
   *
   * @param reference {@code web}, {@code 4f7e}
   */
  public Optional<DockerContainer> container(String reference) {
    List<DockerContainer> running = containers.stream().filter(DockerContainer::isRunning).toList();
    Optional<DockerContainer> named =
        running.stream().filter(container -> container.name().equals(reference)).findFirst();
    List<DockerContainer> started =
        running.stream().filter(container -> container.id().startsWith(reference)).toList();
    boolean one = started.size() == 1 && reference.matches("[0-9a-f]+");
    return named.isPresent() || !one ? named : Optional.of(started.get(0));
  }

  /**
   * The network mode of a container as people call it, another container by its name.
   *
   * @return {@code bridge}, {@code host}, {@code container:web}; of one that is gone, the start of
   *     its id
   */
  public String networkMode(DockerContainer container) {
    String mode = container.networkMode();
    if (!mode.startsWith(SHARED)) {
      return mode;
    }
    String id = mode.substring(SHARED.length());
    String shown = id.substring(0, Math.min(id.length(), SHORT_ID));
    return SHARED + container(id).map(DockerContainer::name).orElse(shown);
  }

  /** Those networks of a container that Docker writes rules for. */
  List<Endpoint> bridged(DockerContainer container) {
    return container.addressed().stream()
        .filter(each -> network(each.networkId()).stream().anyMatch(DockerNetwork::isBridge))
        .toList();
  }

  /** The networks that Docker writes rules for, in the order of their creation. */
  List<DockerNetwork> bridges() {
    return networks.stream().filter(DockerNetwork::isBridge).toList();
  }
}
