package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Docker engine of the test's own, at the places where Docker is usually found: the sandbox has
 * file systems of its own there. It uses the system's containerd if that runs, as Docker's own
 * packages have it, or else one of its own. Closing it removes its containers, networks and files,
 * and ends it and its containerd.
 */
public final class DockerEngine implements AutoCloseable {
  private static final Path SOCKET = Path.of("/run/docker.sock");
  private static final Path CONTAINERD = Path.of("/run/containerd");
  private static final String HOST = "unix://" + SOCKET;
  private static final List<String> FORWARDING =
      List.of("ipv4/ip_forward", "ipv6/conf/all/forwarding", "ipv6/conf/default/forwarding");

  private final Path directory;
  private final Daemon dockerd;
  private final String cgroupParent;
  private final boolean hadContainerd = Files.exists(CONTAINERD);

  private DockerEngine(Path directory, String... options) {
    this.directory = directory;
    this.cgroupParent = "jnstools-test-" + directory.getFileName();
    List<String> command =
        new ArrayList<>(
            List.of(
                "dockerd",
                "--host=" + HOST,
                "--storage-driver=overlay2",
                "--cgroup-parent=/" + cgroupParent));
    command.addAll(List.of(options));
    this.dockerd = new Daemon(directory.resolve("log"), () -> run("info").succeeded(), command);
  }

  /** Starts one and waits until it answers; a later one ends what containers it finds. */
  public static DockerEngine start() throws IOException, InterruptedException {
    return startDaemon();
  }

  /**
   * The same with the image busybox.
   *
   * @param root an empty directory
   * @param options of dockerd
   */
  public static DockerEngine withBusybox(Path root, String... options) throws Exception {
    DockerEngine engine = startDaemon(options);
    try {
      engine.load(Container.fill(root), "busybox");
      return engine;
    } catch (Throwable e) {
      engine.close();
      throw e;
    }
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param options of dockerd; {@code --live-restore} lets its containers survive it
   */
  public static DockerEngine startDaemon(String... options)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(Path.of("/run"), "engine");
    DockerEngine engine = new DockerEngine(directory, options);
    try {
      engine.dockerd.start();
      return engine;
    } catch (Throwable e) {
      engine.close();
      throw e;
    }
  }

  /** Where it listens. */
  public Path socket() {
    return SOCKET;
  }

  /** Runs docker(1) against it. */
  public Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return Run.of("", Map.of("DOCKER_HOST", HOST), command);
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
    List<String> arguments = new ArrayList<>(List.of("run", "-d"));
    arguments.addAll(List.of(rest));
    return run(arguments.toArray(new String[0])).mustSucceed().out().strip();
  }

  /** Starts a container of the image busybox that does nothing. Returns its id. */
  public String sleeper(String name, String network, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--name", name, "--network", network));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("busybox", "/bin/sleep", "1000"));
    return start(arguments.toArray(new String[0]));
  }

  /** What docker inspect says about a container. */
  public String inspect(String container, String format) throws IOException, InterruptedException {
    return run("inspect", "-f", format, container).mustSucceed().out().strip();
  }

  /** The pid of a container's first process. */
  public long pid(String container) throws IOException, InterruptedException {
    return Long.parseLong(inspect(container, "{{.State.Pid}}"));
  }

  /** Ends the daemon, and its containerd with it, by SIGKILL; the containers go on. */
  public void crash() {
    dockerd.crash();
  }

  /** Starts the daemon again and waits until it answers. */
  public void startAgain() throws IOException, InterruptedException {
    dockerd.start();
  }

  /**
   * Ends the daemon, and with it the containers unless with --live-restore, and starts it again.
   */
  public void restart() throws IOException, InterruptedException {
    dockerd.stop();
    dockerd.start();
  }

  /**
   * An engine leaves its rules behind, and forwarding switched on; they would puzzle a later one,
   * which lets FORWARD drop only where it switches forwarding on itself.
   */
  private static void removeRules() throws IOException {
    try {
      for (String iptables : List.of("iptables", "ip6tables")) {
        for (String table : List.of("filter", "nat", "raw")) {
          Run.of(iptables, "-t", table, "-F").mustSucceed();
          Run.of(iptables, "-t", table, "-X").mustSucceed();
        }
        Run.of(iptables, "-P", "FORWARD", "ACCEPT").mustSucceed();
      }
      for (String forwarding : FORWARDING) {
        Files.writeString(Path.of("/proc/sys/net", forwarding), "0\n");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (!dockerd.runs()) {
        startAgain();
      }
      for (String container : run("ps", "-aq").mustSucceed().out().lines().toList()) {
        run("rm", "-f", container);
      }
      run("network", "prune", "-f");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      dockerd.stop();
    }
    removeRules();
    Leftovers.removeGroups(cgroupParent);
    Leftovers.remove("/run/docker", "/var/lib/docker", directory.toString());
    if (!hadContainerd) {
      // It was made in vain, in case that the system's containerd is to be used.
      Leftovers.remove(CONTAINERD.toString());
    }
  }
}
