package io.github.jnstools.container;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Podman's service. Its own part of the interface has only paths with a version, and takes any from
 * 4 on; the other part, which imitates Docker's, lists no pids.
 */
final class PodmanApi extends EngineApi {
  private static final String PREFIX = "/v4.0.0/libpod";

  /** The service that listens at a path. */
  PodmanApi(String socket) {
    this(socket, PATIENCE);
  }

  PodmanApi(String socket, Duration patience) {
    super("podman", socket, PREFIX, patience);
  }

  @Override
  public List<Known> running() throws IOException {
    try (UnixHttp http = connect()) {
      List<Known> running = new ArrayList<>();
      String list = PREFIX + "/containers/json?all=true&namespace=true";
      for (JsonObject container : listed(http.get(list))) {
        Known known = known(container);
        if (known.pid() > 0) {
          running.add(known);
        }
      }
      return running;
    }
  }

  private Known known(JsonObject container) {
    String id = container.getString("Id");
    // The mode is not in the list, but a single network tells as much.
    JsonArray networks = container.getArray("Networks", new JsonArray());
    return new Known(
        name(),
        "",
        id,
        container.getArray("Names", new JsonArray()).getString(0, id),
        container.getString("State", ""),
        container.getInt("Pid"),
        OptionalLong.empty(),
        networks.size() == 1 ? networks.getString(0, "") : "");
  }

  /** The words for events have changed between versions: all of them are taken. */
  @Override
  String eventFilter() {
    return "";
  }
}
