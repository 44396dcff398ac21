package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A containerd of the test's own, at its usual places: the sandbox has file systems of its own
 * there. Its containers have a busybox root file system. Closing it removes its containers and
 * files, and ends it.
 */
public final class ContainerdEngine implements AutoCloseable {
  private static final String SETTINGS =
      """
      version = 2
      disabled_plugins = ["io.containerd.grpc.v1.cri"]
      """;

  private final Path directory;
  private final Path root;
  private final Daemon containerd;
  private final String cgroupParent;
  private final List<Task> tasks = new ArrayList<>();

  private record Task(String namespace, String id) {}

  private ContainerdEngine(Path directory) throws IOException {
    this.directory = directory;
    this.root = Container.fill(Files.createDirectory(directory.resolve("root")));
    this.cgroupParent = "jnstools-test-" + directory.getFileName();
    Path settings = Files.writeString(directory.resolve("config.toml"), SETTINGS);
    this.containerd =
        new Daemon(
            directory.resolve("log"),
            () -> ctr("version").succeeded(),
            List.of("containerd", "--config=" + settings));
  }

  /** Starts one and waits until it answers. */
  public static ContainerdEngine start() throws IOException, InterruptedException {
    ContainerdEngine engine =
        new ContainerdEngine(Files.createTempDirectory(Path.of("/run"), "containerd-engine"));
    try {
      engine.containerd.start();
      return engine;
    } catch (Throwable e) {
      engine.close();
      throw e;
    }
  }

  /** Runs ctr(8) against it. */
  public Run ctr(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ctr"));
    command.addAll(List.of(arguments));
    return Run.of(command.toArray(new String[0]));
  }

  /** Starts a container that sleeps, with options of ctr run; returns the pid of its process. */
  public long start(String namespace, String id, String... options)
      throws IOException, InterruptedException {
    return start(namespace, id, List.of("/bin/sleep", "1000"), options);
  }

  /** Starts a container with a command of its own. */
  public long start(String namespace, String id, List<String> program, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("-n", namespace, "run", "-d", "--rootfs"));
    arguments.addAll(List.of("--cgroup", "/" + cgroupParent + "/" + namespace + "-" + id));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of(root.toString(), id));
    arguments.addAll(program);
    tasks.add(new Task(namespace, id));
    ctr(arguments.toArray(new String[0])).mustSucceed();
    return Long.parseLong(task(namespace, id)[1]);
  }

  /** What containerd says of a task: its id, pid and status. */
  public String[] task(String namespace, String id) throws IOException, InterruptedException {
    for (String line : ctr("-n", namespace, "tasks", "ls").mustSucceed().out().split("\n")) {
      String[] fields = line.split(" +");
      if (fields[0].equals(id)) {
        return fields;
      }
    }
    throw new AssertionError("no task " + namespace + "/" + id);
  }

  /** Ends the daemon by SIGKILL; the containers go on. */
  public void crash() {
    containerd.crash();
  }

  /** Starts the daemon again and waits until it answers. */
  public void startAgain() throws IOException, InterruptedException {
    containerd.start();
  }

  @Override
  public void close() throws IOException {
    try {
      if (!tasks.isEmpty() && !containerd.runs()) {
        startAgain();
      }
      for (Task task : tasks) {
        ctr("-n", task.namespace(), "tasks", "rm", "-f", task.id());
        ctr("-n", task.namespace(), "containers", "rm", task.id());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      containerd.stop();
    }
    Leftovers.removeGroups(cgroupParent);
    Leftovers.remove(
        "/run/containerd", "/var/lib/containerd", "/opt/containerd", directory.toString());
  }
}
