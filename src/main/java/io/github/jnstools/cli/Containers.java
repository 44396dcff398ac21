package io.github.jnstools.cli;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.container.Container;
import io.github.jnstools.container.ContainerResolver;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.OwnerMark;
import java.nio.charset.StandardCharsets;

/** Containers as the command line names them. */
final class Containers {
  private Containers() {}

  /**
   * The container that an argument means.
   *
   * @param argument one character a byte
   */
  static Container resolve(String argument) throws NamespaceException {
    return ContainerResolver.ofHost().resolve(text(argument));
  }

  /**
   * A reference as engines have it.
   *
   * @param argument one character a byte
   */
  static String text(String argument) {
    byte[] bytes = argument.getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Pins a container's process; the caller closes it. */
  static Target pin(Container container) throws NamespaceException {
    return Target.of(container.pid(), container.startTime());
  }

  /** Whether a container's process has provably ended, or has begun to. */
  static boolean hasEnded(Container container) {
    try (Target target = pin(container)) {
      // Who exits gives its namespaces back before it is a zombie; an init waits for the others.
      target.namespace(NamespaceType.NET).close();
      return target.hasEnded();
    } catch (NamespaceException e) {
      // Without an errno it is a zombie, or another process has the pid.
      return e.errno().isEmpty() || e.is(Errno.ESRCH) || e.is(Errno.ENOENT);
    }
  }

  /** What an entry for a container says of it. */
  static OwnerMark mark(Container container) {
    return new OwnerMark(
        container.engine(),
        container.scope(),
        container.id(),
        container.name(),
        container.pid(),
        container.startTime());
  }

  /** Whether its network is that of another container or of its pod. */
  static boolean isGuest(Container container) {
    boolean inPod = container.engine().equals("cri") && container.name().indexOf('/') >= 0;
    return inPod || container.networkMode().startsWith("container:");
  }
}
