package io.github.jnstools.container;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A Docker daemon. Without a version in its paths a daemon takes its own newest, so that none is
 * too old for it.
 */
final class DockerApi extends EngineApi {

  private final HostFiles files;

  /** The daemon that listens at a path. */
  DockerApi(String socket) {
    this(socket, PATIENCE, HostFiles.HERE);
  }

  DockerApi(String socket, Duration patience, HostFiles files) {
    super("docker", socket, "", patience);
    this.files = files;
  }

  /**
   * The list has no pids, and to ask for each container costs 1 ms at the start of a JVM. What its
   * shim has written costs a tenth of that; only who has moved that is asked.
   */
  @Override
  public List<Known> running() throws IOException {
    try (UnixHttp http = connect()) {
      List<Known> running = new ArrayList<>();
      List<String> inspections = new ArrayList<>();
      String tasks = ContainerdTask.directory(files, "moby");
      for (JsonObject container : listed(http.get("/containers/json"))) {
        String id = container.getString("Id");
        int pid = ContainerdTask.pid(files, tasks, id);
        if (pid > 0) {
          running.add(known(container, id, pid));
        } else {
          inspections.add(inspection(id));
        }
      }
      for (Known known : inspect(http, inspections)) {
        // One that waits for its restart is listed, too.
        if (known.pid() > 0) {
          running.add(known);
        }
      }
      return running;
    }
  }

  /** All that the daemon has; what goes meanwhile is left out. */
  DockerHost.Answers everything() throws IOException {
    try (UnixHttp http = connect()) {
      List<String> networks = new ArrayList<>();
      for (JsonObject network : listed(http.get("/networks"))) {
        networks.add("/networks/" + UnixHttp.encode(network.getString("Id")));
      }
      List<String> containers = new ArrayList<>();
      for (JsonObject container : listed(http.get("/containers/json"))) {
        containers.add(inspection(container.getString("Id")));
      }
      return new DockerHost.Answers(
          array(http.getAll(networks)),
          array(http.getAll(containers)),
          "{\"Server\":" + http.get("/version").json() + "}",
          http.get("/info").json());
    }
  }

  private static String array(List<Reply> replies) throws NamespaceException {
    List<String> there = new ArrayList<>();
    for (Reply reply : replies) {
      if (reply.status() != 404) {
        there.add(reply.json());
      }
    }
    return "[" + String.join(",", there) + "]";
  }

  private Known known(JsonObject listed, String id, int pid) {
    JsonObject host = listed.getObject("HostConfig", new JsonObject());
    return new Known(
        name(),
        "",
        id,
        called(listed.getArray("Names", new JsonArray()), id),
        listed.getString("State", ""),
        pid,
        OptionalLong.empty(),
        networkMode(host));
  }

  /** Each --link of another container adds {@code /other/alias}. */
  private static String called(JsonArray names, String id) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.getString(i, "");
      if (name.startsWith("/") && name.indexOf('/', 1) < 0) {
        return name.substring(1);
      }
    }
    return id;
  }

  /** Health checks make some events a second that nobody here wants. */
  @Override
  String eventFilter() {
    return ",\"event\":[\"start\",\"die\",\"rename\",\"destroy\"]";
  }
}
