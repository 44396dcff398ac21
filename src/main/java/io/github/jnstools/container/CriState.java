package io.github.jnstools.container;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What containerd and CRI-O keep on disk of Kubernetes' containers. A reference is {@code pod}, for
 * the sandbox, or {@code pod/container}, each with its Kubernetes namespace and a slash before it
 * or not; or an id, or the start of one.
 */
final class CriState implements Engine {
  /** The namespace of containerd that Kubernetes' containers are in. */
  static final String NAMESPACE = "k8s.io";

  /** CRI-O's socket is in it; the store itself may be Podman's alone. */
  private static final String CRIO = "/run/crio";

  private static final String CONTAINERD_KEY = "io.kubernetes.cri.";
  private static final String CRIO_KEY = "io.kubernetes.cri-o.";

  private final HostFiles files;
  private final ContainersStorage storage;
  private final Procfs proc;

  /** The containers of all daemons of a host. */
  CriState(HostFiles files, ContainersStorage storage, Procfs proc) {
    this.files = files;
    this.storage = storage;
    this.proc = proc;
  }

  @Override
  public String name() {
    return "cri";
  }

  @Override
  public String where() {
    return hasCrio() ? storage.where() : ContainerdTask.STATES.get(0);
  }

  @Override
  public boolean present() {
    for (String state : ContainerdTask.STATES) {
      if (ContainerdTask.present(files, state, NAMESPACE)) {
        return true;
      }
    }
    return hasCrio();
  }

  @Override
  public List<Known> find(String reference) throws IOException {
    Candidates<Known> candidates = new Candidates<>(reference);
    for (Known known : all()) {
      candidates.offer(known, known.id(), known.name(), known.scope() + "/" + known.name());
    }
    return withoutPredecessors(candidates.meant());
  }

  @Override
  public List<Known> running() throws IOException {
    List<Known> running = new ArrayList<>();
    for (Known known : all()) {
      if (known.pid() > 0) {
        running.add(known);
      }
    }
    return running;
  }

  /** A container that was started again leaves the one before it, under the same name. */
  private static List<Known> withoutPredecessors(List<Known> found) {
    List<Known> last = new ArrayList<>();
    for (Known one : found) {
      boolean replaced = false;
      for (Known other : found) {
        replaced |=
            one.pid() == 0
                && other.pid() > 0
                && other.scope().equals(one.scope())
                && other.name().equals(one.name());
      }
      if (!replaced) {
        last.add(one);
      }
    }
    return last;
  }

  private boolean hasCrio() {
    return files.present(CRIO);
  }

  private List<Known> all() throws IOException {
    List<Known> all = new ArrayList<>();
    for (String state : ContainerdTask.STATES) {
      List<ContainerdTask> tasks = ContainerdTask.list(files, state, NAMESPACE);
      for (ContainerdTask task : tasks) {
        if (!task.spec().annotation(CONTAINERD_KEY + "sandbox-name").isEmpty()) {
          all.add(known(task, tasks));
        }
      }
    }
    if (hasCrio()) {
      for (ContainersStorage.Entry entry : storage.entries()) {
        OciSpec spec = entry.isCrioS() ? storage.spec(entry) : null;
        if (spec != null) {
          all.add(known(entry, spec));
        }
      }
    }
    return all;
  }

  private Known known(ContainerdTask task, List<ContainerdTask> all) throws IOException {
    OciSpec spec = task.spec();
    String pod = spec.annotation(CONTAINERD_KEY + "sandbox-name");
    boolean sandbox = spec.annotation(CONTAINERD_KEY + "container-type").equals("sandbox");
    return known(
        task.id(),
        spec.annotation(CONTAINERD_KEY + "sandbox-namespace"),
        sandbox ? pod : pod + "/" + spec.annotation(CONTAINERD_KEY + "container-name"),
        task.process(files, proc),
        sandbox(spec, all).ownNetwork());
  }

  /** Its containers join the sandbox's network namespace even where that is the host's. */
  private static OciSpec sandbox(OciSpec spec, List<ContainerdTask> all) {
    String id = spec.annotation(CONTAINERD_KEY + "sandbox-id");
    for (ContainerdTask task : all) {
      if (task.id().equals(id)) {
        return task.spec();
      }
    }
    return spec;
  }

  private Known known(ContainersStorage.Entry entry, OciSpec spec) throws IOException {
    JsonObject labels = labels(spec);
    String pod = labels.getString("io.kubernetes.pod.name", "");
    boolean sandbox = spec.annotation(CRIO_KEY + "ContainerType").equals("sandbox");
    return known(
        entry.id(),
        labels.getString("io.kubernetes.pod.namespace", ""),
        sandbox ? pod : pod + "/" + labels.getString("io.kubernetes.container.name", ""),
        storage.process(entry, proc),
        spec.ownNetwork());
  }

  /** JSON in a text of the JSON. */
  private static JsonObject labels(OciSpec spec) {
    try {
      return JsonParser.object().from(spec.annotation(CRIO_KEY + "Labels"));
    } catch (JsonParserException | StackOverflowError e) {
      return new JsonObject();
    }
  }

  private Known known(
      String id, String scope, String name, InitProcess process, boolean ownNetwork) {
    return new Known(
        name(),
        scope,
        id,
        name,
        process.status(),
        process.pid(),
        process.recordedStart(),
        ownNetwork ? "pod" : "host");
  }
}
