package io.github.jnstools.container;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** An engine that is asked over its socket: what the interfaces of Docker and Podman share. */
abstract sealed class EngineApi implements Engine permits DockerApi, PodmanApi {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final String socket;
  private final String prefix;
  private final Duration patience;

  /**
   * An engine.
   *
   * @param prefix of all that is asked for
   * @param patience how long a daemon may be silent
   */
  EngineApi(String name, String socket, String prefix, Duration patience) {
    this.name = name;
    this.socket = socket;
    this.prefix = prefix;
    this.patience = patience;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String where() {
    return socket;
  }

  /** A socket in a directory that may not be searched is there. */
  @Override
  public final boolean present() {
    return !Files.notExists(Path.of(socket));
  }

  /** A connection; the caller closes it. */
  final UnixHttp connect() {
    return new UnixHttp(socket, patience);
  }

  @Override
  public final List<Known> find(String reference) throws IOException {
    try (UnixHttp http = connect()) {
      Reply reply = http.get(inspection(reference));
      if (reply.status() == 200) {
        return List.of(known(reply));
      }
      if (isUnknown(reply)) {
        return List.of();
      }
      // The start of several ids: each daemon says so in its own way, and names none of them.
      List<String> candidates = new ArrayList<>();
      for (JsonObject one : listed(http.get(prefix + "/containers/json?all=true"))) {
        String id = one.getString("Id");
        if (id.startsWith(reference)) {
          candidates.add(inspection(id));
        }
      }
      List<Known> found = inspect(http, candidates);
      if (found.isEmpty()) {
        throw reply.unexpected();
      }
      return found;
    }
  }

  /** Podman says 404 of the start of several ids, too; a redirection is of a path like "..". */
  private static boolean isUnknown(Reply reply) {
    String cause = reply.said("cause");
    return reply.status() / 100 == 3
        || reply.status() == 404 && (cause.isEmpty() || cause.equals("no such container"));
  }

  final String inspection(String reference) {
    return prefix + "/containers/" + UnixHttp.encode(reference) + "/json";
  }

  /** What a list has, each with its full id. */
  static List<JsonObject> listed(Reply list) throws IOException {
    List<JsonObject> listed = new ArrayList<>();
    JsonArray containers = list.array();
    for (int i = 0; i < containers.size(); i++) {
      JsonObject container = containers.getObject(i);
      if (container == null || container.getString("Id") == null) {
        throw list.lacks("Id");
      }
      listed.add(container);
    }
    return listed;
  }

  /** Those that are still there. */
  final List<Known> inspect(UnixHttp http, List<String> inspections) throws IOException {
    List<Known> known = new ArrayList<>();
    for (Reply reply : http.getAll(inspections)) {
      if (!isUnknown(reply)) {
        known.add(known(reply));
      }
    }
    return known;
  }

  private Known known(Reply reply) throws IOException {
    JsonObject json = reply.object();
    String id = json.getString("Id");
    JsonObject state = json.getObject("State");
    if (id == null || state == null) {
      throw reply.lacks(id == null ? "Id" : "State");
    }
    String called = json.getString("Name", id);
    return new Known(
        name,
        "",
        id,
        called.startsWith("/") ? called.substring(1) : called,
        state.getString("Status", ""),
        state.getInt("Pid"),
        OptionalLong.empty(),
        networkMode(json.getObject("HostConfig", new JsonObject())));
  }

  /** Docker before 26 keeps the word that its command was given. */
  static String networkMode(JsonObject hostConfig) {
    String mode = hostConfig.getString("NetworkMode", "");
    return mode.equals("default") ? "bridge" : mode;
  }

  /**
   * What to ask for to be told what happens to containers.
   *
   * @param since when to start, in milliseconds since 1970; what happened since then comes first
   */
  final String events(long since) {
    long rest = since % 1000;
    return prefix
        + "/events?stream=true&filters="
        + UnixHttp.encode("{\"type\":[\"container\"]" + eventFilter() + "}")
        + "&since="
        + since / 1000
        + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".")
        + rest;
  }

  /** More of the filter, starting with a comma. */
  abstract String eventFilter();
}
