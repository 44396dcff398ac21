package io.github.jnstools.firewall;

/**
 * What a connection is asked for.
 *
 * @param kind what that is
 * @param name of the network, or of the container
 * @param port of a container {@code 80/tcp}, of a published one {@code 0.0.0.0:8080->80/tcp}; empty
 *     of a network
 */
public record Aim(Kind kind, String name, String port) {

  /** What may be asked for. */
  public enum Kind {
    /** Some container on a network, by a port that it does not publish. */
    NETWORK,
    /** A container by its own address. */
    CONTAINER,
    /** A container by a port of this host. */
    PUBLISHED
  }

  /** A network. */
  public static Aim of(DockerNetwork network) {
    return new Aim(Kind.NETWORK, network.name(), "");
  }

  static Aim of(DockerContainer container, DockerContainer.AskedPort port) {
    return new Aim(Kind.CONTAINER, container.name(), port.number() + "/" + port.protocol());
  }

  /** A published port of a container. */
  static Aim of(DockerContainer container, PublishedPort port) {
    return new Aim(Kind.PUBLISHED, container.name(), port.toString());
  }

  /** {@code net1}, {@code web:80/tcp}, {@code 0.0.0.0:8080->80/tcp (web)}. */
  @Override
  public String toString() {
    return switch (kind) {
      case NETWORK -> name;
      case CONTAINER -> name + ":" + port;
      case PUBLISHED -> port + " (" + name + ")";
    };
  }
}
