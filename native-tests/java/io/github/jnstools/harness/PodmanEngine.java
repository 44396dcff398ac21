package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Podman, which has no daemon, at the places where it usually keeps its things: the sandbox has
 * file systems of its own there. Closing this removes its containers and files.
 */
public final class PodmanEngine implements AutoCloseable {
  private static final Path NETNS = Path.of("/run/netns");

  private final Path directory;
  private final Daemon service;
  private final String cgroupParent;
  private final List<String> containers = new ArrayList<>();
  private final List<String> pods = new ArrayList<>();
  private final boolean hadNetns = Files.exists(NETNS);

  private PodmanEngine(Path directory) {
    this.directory = directory;
    this.cgroupParent = "jnstools-test-" + directory.getFileName();
    this.service =
        new Daemon(
            directory.resolve("log"),
            () -> Run.of("podman", "--remote", "info").succeeded(),
            command("system", "service", "--time=0"));
  }

  /** One without containers. */
  public static PodmanEngine open() throws IOException {
    return new PodmanEngine(Files.createTempDirectory(Path.of("/run"), "podman-engine"));
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of("podman", "--cgroup-manager=cgroupfs"));
    // Podman's favourite, crun, does not run where both versions of cgroups have controllers.
    if (Files.exists(Path.of("/sys/fs/cgroup/unified"))) {
      command.add("--runtime=runc");
    }
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs podman(1). */
  public Run run(String... arguments) throws IOException, InterruptedException {
    return Run.of(command(arguments).toArray(new String[0]));
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
        new ArrayList<>(
            List.of("run", "-d", "--cgroups=no-conmon", "--cgroup-parent", "/" + cgroupParent));
    arguments.addAll(List.of(rest));
    String id = run(arguments.toArray(new String[0])).mustSucceed().out().strip();
    containers.add(id);
    return id;
  }

  /** Makes a pod, for the containers to be started with it; its own container needs an image. */
  public void makePod(String name, String image) throws IOException, InterruptedException {
    pods.add(name);
    run(
            "pod",
            "create",
            "--name=" + name,
            "--cgroup-parent=/" + cgroupParent,
            "--infra-image=" + image,
            "--infra-command=/bin/top")
        .mustSucceed();
  }

  /** What podman inspect says about a container. */
  public String inspect(String container, String format) throws IOException, InterruptedException {
    return run("inspect", "-f", format, container).mustSucceed().out().strip();
  }

  /** The pid of a container's first process. */
  public long pid(String container) throws IOException, InterruptedException {
    return Long.parseLong(inspect(container, "{{.State.Pid}}"));
  }

  /** Starts the service on its socket, {@code /run/podman/podman.sock}. */
  public void startService() throws IOException, InterruptedException {
    service.start();
  }

  /** Ends the service; the containers go on. */
  public void stopService() {
    service.stop();
  }

  /**
   * Each container's monitor runs podman once more when the container has ended, which makes the
   * directories anew if they are gone by then.
   */
  private static void awaitCleanup() throws IOException {
    try {
      Poll.until(
          () -> "the end of podman's monitors",
          () -> Proc.running("conmon").isEmpty() && Proc.running("podman").isEmpty());
    } catch (IOException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      for (int i = containers.size() - 1; i >= 0; i--) {
        run("rm", "-f", "-t", "0", containers.get(i));
      }
      for (String pod : pods) {
        run("pod", "rm", "-f", "-t", "0", pod);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      service.stop();
    }
    awaitCleanup();
    // Its network program leaves its chains, empty.
    Leftovers.removeRules("NETAVARK");
    Leftovers.removeGroups(cgroupParent);
    Leftovers.remove(
        "/run/containers",
        "/run/libpod",
        "/run/podman",
        "/run/crun",
        "/run/runc",
        "/var/lib/containers",
        "/var/lib/cni",
        "/etc/containers/networks",
        directory.toString());
    if (!hadNetns && Files.exists(NETNS)) {
      // Its first network namespace made the directory a mount of its own.
      Leftovers.unmount(NETNS.toString());
      Files.delete(NETNS);
    }
  }
}
