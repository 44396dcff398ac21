package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;

/** {@code jnetns exec}. */
final class JnetnsExec {
  private final JnetnsCall call;

  JnetnsExec(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    throw new UsageException("not yet " + call.operands());
  }
}
