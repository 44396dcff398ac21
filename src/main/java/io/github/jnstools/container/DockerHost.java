package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The Docker daemon of this host, asked for all that it has. Immutable; it is asked anew each time.
 *
 * <p>Privilege: that of docker(1).
 */
public final class DockerHost {
  private final List<FirstOf> engines;

  /**
   * What a daemon answered, as JSON.
   *
   * @param networks as {@code docker network inspect} prints them: an array
   * @param containers those that run, as {@code docker inspect} prints them: an array
   * @param version as {@code docker version --format json} prints it, without the client's
   * @param info as {@code docker info --format json} prints it
   */
  public record Answers(String networks, String containers, String version, String info) {}

  /** For the daemons that this user's docker(1) would ask, the first that is there. */
  DockerHost(List<FirstOf> engines) {
    this.engines = List.copyOf(engines);
  }

  /** For the daemon of this host, as the environment names it. */
  public static DockerHost ofHost() {
    Map<String, String> environment = System.getenv();
    String home = environment.getOrDefault("HOME", "");
    String runtime = environment.getOrDefault(Endpoints.RUNTIME, "");
    HostFiles files = HostFiles.HERE;
    return new DockerHost(
        new Endpoints(environment, "")
            .docker(
                DockerState.ofSystem(files, Procfs.HERE),
                DockerState.ofUser(files, Procfs.HERE, home, runtime)));
  }

  /**
   * Asks for everything.
   *
   * @throws NamespaceException if no daemon is there, or it does not answer; if it is that of
   *     another machine
   */
  public Answers ask() throws IOException {
    for (FirstOf engine : engines) {
      Engine place = engine.first();
      if (place.present()) {
        return ask(place);
      }
    }
    throw new NamespaceException(
        "connect",
        engines.get(0).first().where(),
        "no Docker daemon is there",
        "start it, or set DOCKER_HOST=unix://PATH");
  }

  private static Answers ask(Engine place) throws IOException {
    if (place instanceof DockerApi api) {
      return api.everything();
    }
    // One that cannot serve here says why to whatever it is asked.
    place.running();
    throw new IllegalStateException("no daemon: " + place.where());
  }
}
