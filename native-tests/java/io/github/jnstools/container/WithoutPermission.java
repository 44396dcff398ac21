package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.proc.Procfs;
import java.nio.file.Path;
import java.util.List;

/** Asks an engine at a socket, or a proc file system, and prints the failure and its hint. */
final class WithoutPermission {
  private WithoutPermission() {}

  /** Arguments: the engine's name and a reference, or {@code pid} and a pid; a path. */
  public static void main(String[] arguments) {
    String path = arguments[2];
    Engine engine = arguments[0].equals("podman") ? new PodmanApi(path) : new DockerApi(path);
    ContainerResolver resolver =
        new ContainerResolver(List.of(new FirstOf(engine)), new Procfs(Path.of(path)));
    try {
      System.out.println(resolver.resolve(arguments[1]));
    } catch (NamespaceException e) {
      System.out.println(e.getMessage() + "\n" + e.hint().orElse("no hint"));
    }
  }
}
