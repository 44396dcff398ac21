package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Docker engine of the test's own, on the sandbox's file systems. Closing it removes its
 * containers and ends it and its containerd.
 */
public final class Engine implements AutoCloseable {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private final Path directory;
  private Process dockerd;
  private final String cgroupParent;
  private final List<String> containers = new ArrayList<>();

  private Engine(Path directory) {
    this.directory = directory;
    this.cgroupParent = "jnstools-test-" + directory.getFileName();
  }

  /** Starts one and waits until it answers. */
  public static Engine start() throws Exception {
    Path directory = Files.createTempDirectory(Path.of("/run"), "engine");
    Engine engine = new Engine(directory);
    engine.startDaemon();
    return engine;
  }

  private void startDaemon() throws Exception {
    Path data = Files.createDirectories(Path.of("/var/lib/docker", "" + directory.getFileName()));
    ProcessBuilder builder =
        new ProcessBuilder(
            "dockerd",
            "--host=unix://" + socket(),
            "--data-root=" + data,
            "--exec-root=" + directory.resolve("exec"),
            "--pidfile=" + directory.resolve("pid"),
            "--storage-driver=overlay2");
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    dockerd = builder.start();
    try {
      Poll.until(
          () -> "an answer of dockerd:\n" + log(),
          () -> {
            if (!dockerd.isAlive()) {
              throw new AssertionError("dockerd has ended:\n" + log());
            }
            return run("info").succeeded();
          });
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /** Ends the daemon, and with it the containers, and starts it again. */
  public void restart() throws Exception {
    endDaemon();
    startDaemon();
  }

  /** Where it listens. */
  public Path socket() {
    return directory.resolve("socket");
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Runs docker(1) against it. */
  public Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return Run.of("", Map.of("DOCKER_HOST", "unix://" + socket()), command);
  }

  /** Makes an image of a directory. */
  public void load(Path root, String image) throws IOException, InterruptedException {
    Path archive = directory.resolve("image.tar");
    Run.of("tar", "-C", root.toString(), "-cf", archive.toString(), ".").mustSucceed();
    run("import", archive.toString(), image).mustSucceed();
    Files.delete(archive);
  }

  /** Starts a container; options, image, command. Returns its id. */
  public String start(String... rest) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("run", "-d", "--cgroup-parent", "/" + cgroupParent));
    arguments.addAll(List.of(rest));
    String id = run(arguments.toArray(new String[0])).mustSucceed().out().strip();
    containers.add(id);
    return id;
  }

  /** What docker inspect says about a container. */
  public String inspect(String container, String format) throws IOException, InterruptedException {
    return run("inspect", "-f", format, container).mustSucceed().out().strip();
  }

  /** The pid of a container's first process. */
  public long pid(String container) throws IOException, InterruptedException {
    return Long.parseLong(inspect(container, "{{.State.Pid}}"));
  }

  @Override
  public void close() throws IOException {
    try {
      for (String container : containers) {
        run("rm", "-f", container);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    endDaemon();
    removeGroups();
  }

  private void endDaemon() {
    List<ProcessHandle> children = dockerd.descendants().toList();
    dockerd.destroy();
    try {
      if (!dockerd.waitFor(60 * Long.getLong("jnstools.slow", 1), TimeUnit.SECONDS)) {
        dockerd.destroyForcibly().onExit().join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      dockerd.destroyForcibly();
    }
    for (ProcessHandle child : children) {
      child.destroyForcibly();
      child.onExit().join();
    }
  }

  /** The engine leaves the groups above its containers'; those of cgroup v1 are the host's too. */
  private void removeGroups() throws IOException {
    for (Path hierarchy : Proc.list(CGROUPS)) {
      Path parent = hierarchy.resolve(cgroupParent);
      if (Files.isDirectory(parent)) {
        try (Stream<Path> groups = Files.walk(parent)) {
          for (Path group :
              groups.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
            try {
              Files.delete(group);
            } catch (FileSystemException e) {
              throw new IOException("a group is in use: " + group, e);
            }
          }
        }
      }
    }
  }
}
