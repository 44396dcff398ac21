package io.github.jnstools.container;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Docker daemon. Without a version in its paths a daemon takes its own newest, so that none is
 * too old for it.
 */
final class DockerApi extends EngineApi {

  /** The daemon that listens at a path. */
  DockerApi(String socket) {
    this(socket, PATIENCE);
  }

  DockerApi(String socket, Duration patience) {
    super("docker", socket, "", patience);
  }

  /** The list has no pids, so each one is asked for. */
  @Override
  public List<Known> running() throws IOException {
    try (UnixHttp http = connect()) {
      List<String> inspections = new ArrayList<>();
      for (JsonObject container : listed(http.get("/containers/json"))) {
        inspections.add(inspection(container.getString("Id")));
      }
      List<Known> running = new ArrayList<>();
      for (Known known : inspect(http, inspections)) {
        // One that waits for its restart is listed, too.
        if (known.pid() > 0) {
          running.add(known);
        }
      }
      return running;
    }
  }

  /** Health checks make some events a second that nobody here wants. */
  @Override
  String eventFilter() {
    return ",\"event\":[\"start\",\"die\",\"rename\",\"destroy\"]";
  }
}
