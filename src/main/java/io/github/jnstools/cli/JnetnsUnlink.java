package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.cli.Outcome.Action;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.OwnerMark;
import java.util.ArrayList;
import java.util.List;

/** {@code jnetns unlink}. */
final class JnetnsUnlink {
  private final JnetnsCall call;
  private final boolean force;

  JnetnsUnlink(JnetnsCall call) {
    this.call = call;
    this.force = call.options().has("--force");
  }

  int run() throws NamespaceException, UsageException {
    boolean all = call.options().has("--all");
    if (all != call.operands().isEmpty()) {
      throw new UsageException("unlink takes names or containers, or --all");
    }
    NetnsDirectory directory = call.directory();
    List<OsString> names = new ArrayList<>();
    Report report = new Report(call);
    if (all) {
      addOurs(directory, names);
    }
    for (String operand : call.operands()) {
      try {
        names.addAll(named(directory, operand));
      } catch (NamespaceException e) {
        report.failure(e);
      }
    }
    for (OsString name : names) {
      try {
        NamedNetns entry = directory.unlink(name, force);
        report.add(new Outcome(Action.REMOVED, name, entry.owner().orElse(null), ""));
      } catch (NamespaceException e) {
        report.failure(e);
      }
    }
    return report.end();
  }

  private static void addOurs(NetnsDirectory directory, List<OsString> names)
      throws NamespaceException {
    for (NamedNetns entry : directory.entries()) {
      if (entry.owner().isPresent()) {
        names.add(entry.name());
      }
    }
  }

  /** The entry of this name; if there is none, those of the container of this name. */
  private List<OsString> named(NetnsDirectory directory, String operand) throws NamespaceException {
    if (call.isName(directory, operand)) {
      return List.of(OsString.ofLatin1(operand));
    }
    OwnerMark container = Containers.mark(Containers.resolve(operand));
    List<OsString> names = new ArrayList<>();
    for (NamedNetns entry : directory.entries()) {
      if (entry.owner().isPresent() && entry.owner().get().sameContainer(container)) {
        names.add(entry.name());
      }
    }
    if (names.isEmpty()) {
      throw new NamespaceException(
          "unlink", container.reference(), "nothing that jnetns made is for this container", null);
    }
    return names;
  }
}
