package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;

/** {@code jnetns show}. */
final class JnetnsShow {
  private final JnetnsCall call;

  JnetnsShow(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    throw new UsageException("not yet " + call.operands());
  }
}
