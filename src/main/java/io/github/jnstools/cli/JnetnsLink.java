package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.container.ContainerResolver;
import io.github.jnstools.container.ContainerResolver.Inventory;

/** {@code jnetns link}. */
final class JnetnsLink {
  private final JnetnsCall call;

  JnetnsLink(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    boolean all = call.options().has("--all");
    boolean named = call.options().has("--name");
    if (all != call.operands().isEmpty()) {
      throw new UsageException("link takes containers, or --all");
    }
    if (named && (all || call.operands().size() > 1)) {
      throw new UsageException("--name is for one container");
    }
    Linker linker =
        new Linker(call.directory(), call.options().has("--bind"), call.options().has("--force"));
    Report report = new Report(call);
    if (all) {
      linkAll(linker, report);
    } else {
      OsString name = named ? OsString.ofLatin1(call.options().last("--name")) : null;
      for (String operand : call.operands()) {
        link(linker, operand, name, report);
      }
    }
    return report.end();
  }

  private void linkAll(Linker linker, Report report) throws NamespaceException {
    Inventory inventory = ContainerResolver.ofHost().running();
    report.unanswered(inventory);
    linker.linkAll(inventory.containers(), report);
  }

  private void link(Linker linker, String operand, OsString name, Report report) {
    try {
      report.add(linker.link(Containers.resolve(operand), name));
    } catch (NamespaceException e) {
      report.failure(e);
    }
  }
}
