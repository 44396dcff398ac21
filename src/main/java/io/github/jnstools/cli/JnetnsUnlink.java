package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.cli.Outcome.Action;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.OwnerMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
    List<NamedNetns> entries = new ArrayList<>();
    for (NamedNetns entry : directory.entries()) {
      if (entry.owner().isPresent()) {
        entries.add(entry);
      }
    }
    OwnerMark container = marked(entries, Containers.text(operand));
    if (container == null) {
      container = Containers.mark(Containers.resolve(operand));
    }
    List<OsString> names = new ArrayList<>();
    for (NamedNetns entry : entries) {
      if (entry.owner().get().sameContainer(container)) {
        names.add(entry.name());
      }
    }
    if (names.isEmpty()) {
      throw new NamespaceException(
          "unlink", container.reference(), "nothing that jnetns made is for this container", null);
    }
    return names;
  }

  /** The container that entries say a reference means, running or not; null if none does. */
  private static OwnerMark marked(List<NamedNetns> entries, String reference)
      throws NamespaceException {
    Map<String, OwnerMark> called = new TreeMap<>();
    Map<String, OwnerMark> like = new TreeMap<>();
    for (NamedNetns entry : entries) {
      OwnerMark owner = entry.owner().get();
      if (owner.isCalled(reference)) {
        called.put(owner.engine() + ":" + owner.id(), owner);
      } else if (owner.hasIdLike(reference)) {
        like.put(owner.engine() + ":" + owner.id(), owner);
      }
    }
    Map<String, OwnerMark> meant = called.isEmpty() ? like : called;
    if (meant.size() > 1) {
      throw new NamespaceException(
          "unlink",
          OsString.of(reference).toString(),
          "it may be any of " + String.join(", ", meant.keySet()),
          "name one of these, or an entry");
    }
    return meant.isEmpty() ? null : meant.values().iterator().next();
  }
}
