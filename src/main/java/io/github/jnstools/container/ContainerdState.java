package io.github.jnstools.container;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What containerd's shims keep on disk of its tasks. A reference is a name, an id or the start of
 * one, in any namespace or in the one before a slash: {@code default/web}.
 */
final class ContainerdState implements Engine {
  /** Those of other engines, which know more of their containers. */
  private static final List<String> OTHERS = List.of("moby", CriState.NAMESPACE);

  private final HostFiles files;
  private final Procfs proc;

  /** The tasks of all daemons of a host. */
  ContainerdState(HostFiles files, Procfs proc) {
    this.files = files;
    this.proc = proc;
  }

  @Override
  public String name() {
    return "containerd";
  }

  @Override
  public String where() {
    return ContainerdTask.STATES.get(0);
  }

  @Override
  public boolean present() {
    for (String state : ContainerdTask.STATES) {
      if (ContainerdTask.present(files, state, "")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<Known> find(String reference) throws IOException {
    int slash = reference.indexOf('/');
    String name = reference.substring(slash + 1);
    List<ContainerdTask> tasks = tasks(slash < 0 ? "" : reference.substring(0, slash));
    Candidates<ContainerdTask> candidates = new Candidates<>(name);
    for (ContainerdTask task : tasks) {
      candidates.offer(task, task.id(), called(task));
    }
    List<Known> found = new ArrayList<>();
    for (ContainerdTask task : candidates.meant()) {
      found.add(known(task, tasks));
    }
    return found;
  }

  @Override
  public List<Known> running() throws IOException {
    List<Known> running = new ArrayList<>();
    List<ContainerdTask> tasks = tasks("");
    for (ContainerdTask task : tasks) {
      Known known = known(task, tasks);
      if (known.pid() > 0) {
        running.add(known);
      }
    }
    return running;
  }

  /** The tasks of one namespace, or, of "", of all but those of other engines. */
  private List<ContainerdTask> tasks(String only) throws IOException {
    List<ContainerdTask> tasks = new ArrayList<>();
    for (String state : ContainerdTask.STATES) {
      for (String namespace : ContainerdTask.namespaces(files, state)) {
        if (only.isEmpty() ? !OTHERS.contains(namespace) : namespace.equals(only)) {
          tasks.addAll(ContainerdTask.list(files, state, namespace));
        }
      }
    }
    return tasks;
  }

  /** containerd has ids only; nerdctl gives names. */
  private static String called(ContainerdTask task) {
    String name = task.spec().annotation("nerdctl/name");
    return name.isEmpty() ? task.id() : name;
  }

  private Known known(ContainerdTask task, List<ContainerdTask> all) throws IOException {
    InitProcess process = task.process(files, proc);
    return new Known(
        name(),
        task.namespace(),
        task.id(),
        called(task),
        process.status(),
        process.pid(),
        process.recordedStart(),
        networkMode(task.spec(), all));
  }

  private String networkMode(OciSpec spec, List<ContainerdTask> all) throws IOException {
    if (!spec.ownNetwork()) {
      return "host";
    }
    if (spec.networkPath().isEmpty()) {
      // Without a hook of nerdctl's, its client may have connected it, or not.
      return nerdctlNetwork(spec);
    }
    int other = spec.networkProcess();
    for (ContainerdTask task : all) {
      if (other > 0 && files.pid(task.bundle() + "/init.pid") == other) {
        return "container:" + task.id();
      }
    }
    return "ns:" + spec.networkPath();
  }

  /** {@code ["bridge"]} in the annotation. */
  private static String nerdctlNetwork(OciSpec spec) {
    try {
      JsonArray networks = JsonParser.array().from(spec.annotation("nerdctl/networks"));
      return networks.getString(0, "");
    } catch (JsonParserException | StackOverflowError e) {
      return "";
    }
  }
}
