package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import java.util.List;

/** Finds containers by what users call them, in every engine of this host. */
public final class ContainerResolver {

  /**
   * Containers that run, and what could not be asked.
   *
   * @param containers in no order
   * @param problems one for each engine that is there and did not answer, and for each container
   *     whose process could not be proven
   */
  public record Inventory(List<Container> containers, List<NamespaceException> problems) {}

  private ContainerResolver() {}

  /** For the engines of this host, as the environment names them. */
  public static ContainerResolver ofHost() {
    return new ContainerResolver();
  }

  /** The one running container that a reference means. */
  public Container resolve(String reference) throws NamespaceException {
    try (java.io.FileInputStream in = new java.io.FileInputStream("/proc/" + reference + "/stat")) {
      io.github.jnstools.proc.ProcStat stat =
          io.github.jnstools.proc.ProcStat.parse(new String(in.readAllBytes()));
      return new Container("pid", "", reference, reference, stat.pid(), stat.startTime(), "");
    } catch (java.io.IOException e) {
      throw new NamespaceException("container", reference, "no such container", null);
    }
  }

  /** All containers that run. */
  public Inventory running() {
    return new Inventory(List.of(), List.of());
  }
}
