package io.github.jnstools.container;

import com.grack.nanojson.JsonObject;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.proc.Procfs;
import java.util.ArrayList;
import java.util.List;

/**
 * A task of containerd's: a container that has been started, and whose exit nobody has collected.
 *
 * <p>{@code /run/containerd/io.containerd.runtime.v2.task/NAMESPACE/ID} is its bundle, which the
 * shim has written; the daemon need not run.
 *
 * @param bundle that directory
 * @param namespace of containerd
 * @param spec how it was started
 */
record ContainerdTask(String bundle, String namespace, String id, OciSpec spec) {
  /** Where the shim has runc keep its records, unless it is told otherwise. */
  static final String RUNC_ROOT = "/run/containerd/runc";

  private static final String INIT_PID = "/init.pid";
  private static final String TASKS = "/io.containerd.runtime.v2.task";

  /**
   * The state directories of the daemons that there may be: the system's, Docker's own, and k3s's.
   */
  static final List<String> STATES =
      List.of("/run/containerd", "/run/docker/containerd/daemon", "/run/k3s/containerd");

  /** Whether a daemon with this state directory has or had tasks in a namespace. */
  static boolean present(HostFiles files, String state, String namespace) {
    return files.present(state + TASKS + (namespace.isEmpty() ? "" : "/" + namespace));
  }

  /** The directory of a namespace's tasks, with the first daemon that has it; or null. */
  static String directory(HostFiles files, String namespace) {
    for (String state : STATES) {
      if (present(files, state, namespace)) {
        return state + TASKS + "/" + namespace + "/";
      }
    }
    return null;
  }

  /**
   * The pid of a task's init process, as its shim has noted it; 0 without such a task.
   *
   * @param directory see {@link #directory}; null for none
   */
  static int pid(HostFiles files, String directory, String id) throws NamespaceException {
    return directory == null ? 0 : files.pid(directory + id + INIT_PID);
  }

  /** The namespaces that have or had tasks. */
  static List<String> namespaces(HostFiles files, String state) throws NamespaceException {
    return files.list(state + TASKS);
  }

  /** The tasks of a namespace. */
  static List<ContainerdTask> list(HostFiles files, String state, String namespace)
      throws NamespaceException {
    List<ContainerdTask> tasks = new ArrayList<>();
    String directory = state + TASKS + "/" + namespace;
    for (String id : files.list(directory)) {
      ContainerdTask task = read(files, directory + "/" + id, namespace, id);
      if (task != null) {
        tasks.add(task);
      }
    }
    return tasks;
  }

  private static ContainerdTask read(HostFiles files, String bundle, String namespace, String id)
      throws NamespaceException {
    OciSpec spec = OciSpec.read(files, bundle + "/config.json");
    return spec == null ? null : new ContainerdTask(bundle, namespace, id, spec);
  }

  /** Its init process, if that is left. */
  InitProcess process(HostFiles files, Procfs proc) throws NamespaceException {
    int pid = files.pid(bundle + INIT_PID);
    if (pid == 0) {
      return InitProcess.of(proc, 0, null);
    }
    JsonObject options = files.object(bundle + "/options.json");
    String root = options == null ? "" : options.getString("root", "");
    String directory = (root.isEmpty() ? RUNC_ROOT : root) + "/" + namespace + "/" + id;
    return InitProcess.of(proc, pid, OciRecord.read(files, directory));
  }
}
