package io.github.jnstools.container;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;

/**
 * Where this user's docker(1) and podman(1) would look for their daemons.
 *
 * <p>Only sockets of this machine serve: a pid is a number of one kernel.
 */
final class Endpoints {
  /** The variable with the directory of the user's own sockets. */
  static final String RUNTIME = "XDG_RUNTIME_DIR";

  private static final String UNIX = "unix://";

  private final Map<String, String> environment;
  private final String root;

  /**
   * For an environment.
   *
   * @param root before {@code /run} and {@code /var/run}; "" but in tests
   */
  Endpoints(Map<String, String> environment, String root) {
    this.environment = environment;
    this.root = root;
  }

  /**
   * Docker's daemons: the one that the user's settings name, or else the system's and the user's
   * own.
   *
   * @param systems what to ask where the system's daemon is down
   * @param users what to ask where the user's own is down
   */
  List<FirstOf> docker(Engine systems, Engine users) {
    String system = root + "/run/docker.sock";
    // Once two directories, and in some containers still.
    String old = root + "/var/run/docker.sock";
    String host = variable("DOCKER_HOST");
    if (host.isEmpty()) {
      try {
        host = contextHost();
      } catch (IOException e) {
        String hint = "mend Docker's settings, or set DOCKER_HOST=" + UNIX + system;
        return List.of(new FirstOf(new Unusable("docker", "context", e.getMessage(), hint)));
      }
    }
    if (host.isEmpty()) {
      boolean moved = !new File(system).exists() && new File(old).exists();
      FirstOf systemsOwn = new FirstOf(new DockerApi(moved ? old : system), systems);
      return withUsers("docker", systemsOwn, "/docker.sock", users);
    }
    Engine named = named("docker", host, "DOCKER_HOST");
    if (named.where().equals(system) || named.where().equals(old)) {
      return List.of(new FirstOf(named, systems));
    }
    return List.of(isUsers(named, "/docker.sock") ? new FirstOf(named, users) : new FirstOf(named));
  }

  /**
   * Podman's services: the one that the user's settings name, or else the system's and the user's
   * own.
   *
   * @param systems what to ask where the system's service is not there, as is usual
   * @param users what to ask where the user's own is not there
   */
  List<FirstOf> podman(Engine systems, Engine users) {
    String system = root + "/run/podman/podman.sock";
    String host = variable("CONTAINER_HOST");
    if (host.isEmpty()) {
      FirstOf systemsOwn = new FirstOf(new PodmanApi(system), systems);
      return withUsers("podman", systemsOwn, "/podman/podman.sock", users);
    }
    Engine named = named("podman", host, "CONTAINER_HOST");
    if (named.where().equals(system)) {
      return List.of(new FirstOf(named, systems));
    }
    boolean own = isUsers(named, "/podman/podman.sock");
    return List.of(own ? new FirstOf(named, users) : new FirstOf(named));
  }

  private boolean isUsers(Engine named, String socket) {
    return named.where().equals(variable(RUNTIME) + socket);
  }

  private List<FirstOf> withUsers(String engine, FirstOf system, String socket, Engine users) {
    String own = variable(RUNTIME);
    if (own.isEmpty() || system.where().startsWith(own + socket)) {
      return List.of(system);
    }
    return List.of(system, new FirstOf(named(engine, UNIX + own + socket, RUNTIME), users));
  }

  private static Engine named(String engine, String host, String variable) {
    String shown = ContainerRef.shown(host);
    if (!host.startsWith(UNIX)) {
      return new Unusable(
          engine,
          shown,
          "no socket of this machine, and the pids of another mean nothing here",
          "run this where the engine is, or set " + variable + "=" + UNIX + "PATH");
    }
    String path = host.substring(UNIX.length());
    try {
      Path.of(path);
    } catch (InvalidPathException e) {
      return new Unusable(engine, shown, "not a path in this locale", "use a locale of UTF-8");
    }
    return engine.equals("docker") ? new DockerApi(path) : new PodmanApi(path);
  }

  /** The endpoint of the context that is in use; "" for the default one's. */
  private String contextHost() throws IOException {
    String directory = variable("DOCKER_CONFIG");
    if (directory.isEmpty()) {
      directory = variable("HOME") + "/.docker";
    }
    String name = variable("DOCKER_CONTEXT");
    File config = new File(directory, "config.json");
    if (name.isEmpty() && !Files.notExists(config.toPath())) {
      name = json(config).getString("currentContext", "");
    }
    if (name.isEmpty() || name.equals("default")) {
      return "";
    }
    File meta = new File(directory, "contexts/meta/" + sha256(name) + "/meta.json");
    JsonObject endpoints = json(meta).getObject("Endpoints", new JsonObject());
    String host = endpoints.getObject("docker", new JsonObject()).getString("Host", "");
    if (host.isEmpty()) {
      throw new IOException(meta + ": no Endpoints.docker.Host");
    }
    return host;
  }

  private static JsonObject json(File file) throws IOException {
    try (FileInputStream in = new FileInputStream(file)) {
      return JsonParser.object().from(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (JsonParserException | StackOverflowError e) {
      throw new IOException(file + ": not the JSON that was expected", e);
    }
  }

  private static String sha256(String text) {
    byte[] digest;
    try {
      digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    StringBuilder hex = new StringBuilder();
    for (byte b : digest) {
      hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return hex.toString();
  }

  private String variable(String name) {
    String value = environment.get(name);
    return value == null ? "" : value;
  }
}
