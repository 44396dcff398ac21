package io.github.jnstools.container;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.proc.Procfs;
import java.util.ArrayList;
import java.util.List;

/**
 * The store that Podman and CRI-O share, see containers-storage.conf(5).
 *
 * <p>{@code /var/lib/containers/storage/overlay-containers} lists the containers, {@code
 * /run/containers/storage/overlay-containers/ID/userdata/pidfile} is of one that has been started
 * since boot; {@code overlay} is the storage driver's name.
 */
final class ContainersStorage {
  private static final String SUFFIX = "-containers";

  private final HostFiles files;
  private final String settings;
  private final String graphRoot;
  private final String runRoot;
  private final String runtimeRoot;

  /**
   * One container of the store.
   *
   * @param keptIn the directory of what its engine keeps of it
   * @param runsIn the directory of what ends with the boot
   * @param name the first of its names, or its id
   * @param metadata what its engine has noted of it
   */
  record Entry(String keptIn, String runsIn, String id, String name, JsonObject metadata) {

    /** Podman notes its own name of a container; CRI-O, that of Kubernetes, too. */
    boolean isPodmans() {
      return metadata.isString("name") && !isCrioS();
    }

    /** Whether it is CRI-O's. */
    boolean isCrioS() {
      return metadata.isString("metadata-name");
    }
  }

  /**
   * A store.
   *
   * @param settings its {@code storage.conf}, which may move the next two
   * @param graphRoot where it keeps what is to last
   * @param runRoot where it keeps what ends with the boot
   * @param runtimeRoot where the OCI runtimes keep theirs
   */
  ContainersStorage(
      HostFiles files, String settings, String graphRoot, String runRoot, String runtimeRoot) {
    this.files = files;
    this.settings = settings;
    this.graphRoot = graphRoot;
    this.runRoot = runRoot;
    this.runtimeRoot = runtimeRoot;
  }

  /** The system's. */
  static ContainersStorage ofSystem(HostFiles files) {
    return new ContainersStorage(
        files,
        "/etc/containers/storage.conf",
        "/var/lib/containers/storage",
        "/run/containers/storage",
        "/run");
  }

  /**
   * A user's own.
   *
   * @param home the user's home directory
   * @param runtime {@code $XDG_RUNTIME_DIR}
   */
  static ContainersStorage ofUser(HostFiles files, String home, String runtime) {
    return new ContainersStorage(
        files,
        home + "/.config/containers/storage.conf",
        home + "/.local/share/containers/storage",
        runtime + "/containers",
        runtime);
  }

  /** Where it is, for a person. */
  String where() {
    try {
      return setting("graphroot", graphRoot);
    } catch (NamespaceException e) {
      return graphRoot;
    }
  }

  boolean present() {
    return files.present(where());
  }

  /** All containers. */
  List<Entry> entries() throws NamespaceException {
    List<Entry> entries = new ArrayList<>();
    String graph = setting("graphroot", graphRoot);
    String run = setting("runroot", runRoot);
    for (String driver : files.list(graph)) {
      if (driver.endsWith(SUFFIX)) {
        String kept = graph + "/" + driver + "/";
        String runs = run + "/" + driver + "/";
        add(entries, kept, runs, kept + "containers.json");
        // Containers that are not to outlive a crash; in a transient store, all of them.
        add(entries, kept, runs, kept + "volatile-containers.json");
        add(entries, kept, runs, runs + "volatile-containers.json");
      }
    }
    return entries;
  }

  private void add(List<Entry> entries, String kept, String runs, String path)
      throws NamespaceException {
    JsonArray list = files.array(path);
    for (int i = 0; list != null && i < list.size(); i++) {
      JsonObject container = list.getObject(i, new JsonObject());
      String id = container.getString("id", "");
      if (!id.isEmpty()) {
        String name = container.getArray("names", new JsonArray()).getString(0, id);
        String userdata = id + "/userdata";
        entries.add(new Entry(kept + userdata, runs + userdata, id, name, metadata(container)));
      }
    }
  }

  /** JSON in a text of the JSON; each engine has its own, and other tools have none. */
  private static JsonObject metadata(JsonObject container) {
    try {
      return JsonParser.object().from(container.getString("metadata", ""));
    } catch (JsonParserException | StackOverflowError e) {
      return new JsonObject();
    }
  }

  /** The pid that a container's init process had when it was started last since boot, or 0. */
  int pid(Entry entry) throws NamespaceException {
    return files.pid(entry.runsIn() + "/pidfile");
  }

  /** Its init process, if that is left. */
  InitProcess process(Entry entry, Procfs proc) throws NamespaceException {
    int pid = pid(entry);
    if (pid == 0) {
      return InitProcess.of(proc, 0, null);
    }
    OciRecord record =
        OciRecord.readFirst(
            files, runtimeRoot + "/crun/" + entry.id(), runtimeRoot + "/runc/" + entry.id());
    return InitProcess.of(proc, pid, record);
  }

  /** How it was started last, or null: Podman leaves it in the one place, CRI-O in both. */
  OciSpec spec(Entry entry) throws NamespaceException {
    return OciSpec.read(files, entry.keptIn() + "/config.json");
  }

  /** A line of the settings: {@code graphroot = "/var/lib/containers/storage"}. */
  private String setting(String key, String otherwise) throws NamespaceException {
    String text = files.text(settings);
    if (text != null) {
      for (String line : text.split("\n")) {
        int equals = line.indexOf('=');
        int open = line.indexOf('"', equals);
        int close = line.indexOf('"', open + 1);
        if (equals > 0 && line.substring(0, equals).strip().equals(key) && close > open + 1) {
          return line.substring(open + 1, close);
        }
      }
    }
    return otherwise;
  }
}
