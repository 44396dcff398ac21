package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;

/** {@code jnetns list}. */
final class JnetnsList {
  private final JnetnsCall call;

  JnetnsList(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    throw new UsageException("not yet " + call.operands());
  }
}
