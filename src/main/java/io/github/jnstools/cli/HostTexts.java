package io.github.jnstools.cli;

import java.io.IOException;
import java.util.Optional;

/** Where the texts about a host come from: the host itself, or files. */
interface HostTexts {

  /**
   * One text; empty where the host has no such thing.
   *
   * @throws IOException if it is there and could not be read, or if nobody can tell
   */
  Optional<String> read(HostText text) throws IOException;
}
