package io.github.jnstools.container;

import com.grack.nanojson.JsonObject;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a Docker daemon keeps on disk of its containers, whether it runs or not.
 *
 * <p>{@code /var/lib/docker/containers/ID/config.v2.json} has name, status and pid, as of the
 * daemon's last look; {@code /run/docker/runtime-runc/moby/ID} is the OCI runtime's own record.
 */
final class DockerState implements Engine {
  private static final String NO_TIME = "0001-01-01T00:00:00Z";

  private final HostFiles files;
  private final Procfs proc;
  private final String settings;
  private final String dataRoot;
  private final String execRoot;

  /** Both roots, as the daemon's settings have them. */
  private record Roots(String data, String exec) {
    String containers() {
      return data + "/containers/";
    }
  }

  /**
   * A daemon.
   *
   * @param settings its {@code daemon.json}, which may move the others
   * @param dataRoot where it keeps what is to last
   * @param execRoot where it keeps what ends with the boot
   */
  DockerState(HostFiles files, Procfs proc, String settings, String dataRoot, String execRoot) {
    this.files = files;
    this.proc = proc;
    this.settings = settings;
    this.dataRoot = dataRoot;
    this.execRoot = execRoot;
  }

  /** The system's. */
  static DockerState ofSystem(HostFiles files, Procfs proc) {
    return new DockerState(
        files, proc, "/etc/docker/daemon.json", "/var/lib/docker", "/run/docker");
  }

  /**
   * A user's own.
   *
   * @param home the user's home directory
   * @param runtime {@code $XDG_RUNTIME_DIR}
   */
  static DockerState ofUser(HostFiles files, Procfs proc, String home, String runtime) {
    return new DockerState(
        files,
        proc,
        home + "/.config/docker/daemon.json",
        home + "/.local/share/docker",
        runtime + "/docker");
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public String where() {
    try {
      return roots().data();
    } catch (IOException e) {
      return dataRoot;
    }
  }

  @Override
  public boolean present() {
    return files.present(where() + "/containers");
  }

  @Override
  public List<Known> find(String reference) throws IOException {
    Roots roots = roots();
    Candidates<JsonObject> candidates = new Candidates<>(reference);
    for (JsonObject config : configs(roots)) {
      candidates.offer(config, config.getString("ID"), called(config));
    }
    List<Known> found = new ArrayList<>();
    for (JsonObject config : candidates.meant()) {
      found.add(known(roots, config));
    }
    return found;
  }

  @Override
  public List<Known> running() throws IOException {
    Roots roots = roots();
    List<Known> running = new ArrayList<>();
    for (JsonObject config : configs(roots)) {
      if (state(config).getBoolean("Running", false)) {
        Known known = known(roots, config);
        if (known.pid() > 0) {
          running.add(known);
        }
      }
    }
    return running;
  }

  private Roots roots() throws IOException {
    JsonObject json = files.object(settings);
    return json == null
        ? new Roots(dataRoot, execRoot)
        : new Roots(json.getString("data-root", dataRoot), json.getString("exec-root", execRoot));
  }

  private List<JsonObject> configs(Roots roots) throws IOException {
    List<JsonObject> configs = new ArrayList<>();
    for (String id : files.list(roots.containers())) {
      JsonObject config = files.object(roots.containers() + id + "/config.v2.json");
      // A directory without it is of a container that is being made or removed.
      if (config != null && config.isString("ID")) {
        configs.add(config);
      }
    }
    return configs;
  }

  /** {@code /web} in the file. */
  private static String called(JsonObject config) {
    String name = config.getString("Name", "");
    return name.isEmpty() ? config.getString("ID") : name.substring(1);
  }

  private static JsonObject state(JsonObject config) {
    return config.getObject("State", new JsonObject());
  }

  private Known known(Roots roots, JsonObject config) throws IOException {
    String id = config.getString("ID");
    JsonObject state = state(config);
    JsonObject host = files.object(roots.containers() + id + "/hostconfig.json");
    if (host == null) {
      host = new JsonObject();
    }
    String runtime = roots.exec() + "/runtime-" + host.getString("Runtime", "runc");
    OciRecord record =
        OciRecord.readFirst(
            files, runtime + "/moby/" + id, ContainerdTask.RUNC_ROOT + "/moby/" + id);
    InitProcess process = InitProcess.of(proc, state.getInt("Pid", 0), record);
    return new Known(
        name(),
        "",
        id,
        called(config),
        status(state, process),
        process.pid(),
        process.recordedStart(),
        EngineApi.networkMode(host));
  }

  /** As the daemon puts its notes into one word, unless the process belies them. */
  private static String status(JsonObject state, InitProcess process) {
    if (process.lives()) {
      return state.getBoolean("Paused", false) ? "paused" : "running";
    }
    if (state.getBoolean("Restarting", false)) {
      return "restarting";
    }
    if (state.getBoolean("Dead", false)) {
      return "dead";
    }
    return state.getString("StartedAt", NO_TIME).equals(NO_TIME) ? "created" : "exited";
  }
}
