package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;

/** {@code jnetns watch}. */
final class JnetnsWatch {
  private final JnetnsCall call;

  JnetnsWatch(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    throw new UsageException("not yet " + call.operands());
  }
}
