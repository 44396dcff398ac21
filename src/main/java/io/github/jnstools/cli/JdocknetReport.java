package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import java.io.IOException;

/** Tells what failed, and remembers that something did. */
final class JdocknetReport {
  private final JdocknetCall call;
  private boolean failed;

  JdocknetReport(JdocknetCall call) {
    this.call = call;
  }

  /** That nobody is called so. */
  static NamespaceException unknown(String verb, String name) {
    return new NamespaceException(
        verb, name, "no running container of Docker is called so", "see jdocknet ls");
  }

  /** Tells what could not be done. */
  void failure(IOException e) {
    failed = true;
    if (e instanceof NamespaceException known) {
      call.console().failure(Jdocknet.NAME, known);
    } else {
      call.console().error(Jdocknet.NAME + ": " + e.getMessage());
    }
  }

  /** Whether something failed. */
  boolean failed() {
    return failed;
  }
}
