package io.github.jnstools.container;

import java.io.IOException;
import java.util.List;

/** One place where containers are known: an engine's socket, or what it keeps on disk. */
interface Engine {

  /** {@code docker}, {@code podman}, {@code containerd}, {@code cri}. */
  String name();

  /** Where it is asked, for a person: {@code /run/docker.sock}. */
  String where();

  /** Whether there is anything to ask. */
  boolean present();

  /**
   * The containers that a reference of a user may mean, running or not: exact names and full ids
   * first; prefixes of ids only where nothing is exact.
   *
   * @throws IOException if the engine does not answer, or may not be asked
   */
  List<Known> find(String reference) throws IOException;

  /** All containers that run. */
  List<Known> running() throws IOException;
}
