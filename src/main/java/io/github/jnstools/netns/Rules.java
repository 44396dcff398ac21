package io.github.jnstools.netns;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.netns.Entries.Found;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory.Change;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import java.util.Optional;

/** What may be done to an entry. Does nothing itself. */
final class Rules {
  private Rules() {}

  /**
   * What making a link means where this is.
   *
   * @param net the namespace it is to lead to
   * @param context the entry, for messages
   * @throws NamespaceException if it may not be replaced
   */
  static Change link(
      Optional<Found> before, OwnerMark owner, NamespaceId net, boolean force, String context)
      throws NamespaceException {
    if (before.isEmpty()) {
      return Change.CREATED;
    }
    NamedNetns entry = before.get().entry();
    boolean same = entry.usable() && entry.id().get().equals(net);
    boolean recorded = entry.owner().isEmpty() || entry.owner().get().equals(owner);
    return same && recorded ? Change.UNCHANGED : replaced(entry, owner, force, context);
  }

  /** What making a mount means there: unlike a link, which does not mind a mount of the same. */
  static Change attach(
      Optional<Found> before, OwnerMark owner, NamespaceId net, boolean force, String context)
      throws NamespaceException {
    boolean link = before.isPresent() && before.get().entry().kind() == Kind.LINK;
    return link
        ? replaced(before.get().entry(), owner, force, context)
        : link(before, owner, net, force, context);
  }

  private static Change replaced(NamedNetns entry, OwnerMark owner, boolean force, String context)
      throws NamespaceException {
    boolean link = entry.kind() == Kind.LINK;
    if (mayReplace(entry, owner) || link && force) {
      return Change.REPLACED;
    }
    String whose =
        entry.owner().isPresent()
            ? "the name is that of " + entry.owner().get().reference()
            : (link ? "a link" : "a file or mount") + " that jnetns did not make has this name";
    throw new NamespaceException(
        "link",
        context,
        whose,
        link ? "give another with --name, or --force" : "give another with --name");
  }

  /** Whether an entry is ours, and for the same container or for nothing that lives. */
  static boolean mayReplace(NamedNetns entry, OwnerMark owner) {
    return entry.owner().isPresent()
        && (isDead(entry)
            || entry.owner().get().sameContainer(owner) && entry.state() != State.UNREADABLE);
  }

  /** Refuses to remove what is not ours, unless it is a link. */
  static void requireOurs(NamedNetns entry, boolean force, String context)
      throws NamespaceException {
    boolean link = entry.kind() == Kind.LINK;
    if (entry.owner().isEmpty() && !(link && force)) {
      throw new NamespaceException(
          "unlink",
          context,
          "it was not made by jnetns",
          link ? "remove the link with --force" : "see ip netns delete");
    }
  }

  /** Whether an entry is so dead that it may be removed unasked. */
  static boolean isPrunable(NamedNetns entry, Reach reach, Origin here) throws NamespaceException {
    if (entry.owner().isPresent()) {
      return isDead(entry);
    }
    boolean dangling = entry.kind() == Kind.LINK && entry.state() == State.STALE;
    return switch (reach) {
      case OURS -> false;
      case CERTAIN -> dangling && here.seesAllProcesses() && leadsNowhere(entry);
      case VISIBLE -> dangling;
    };
  }

  /** A path may lead somewhere in the mount namespace of who made the link. */
  private static boolean leadsNowhere(NamedNetns entry) throws NamespaceException {
    boolean process = Examiner.pid(entry.target().orElseThrow().toLatin1()) > 0;
    return process || Origin.seesFirstMounts();
  }

  private static boolean isDead(NamedNetns entry) {
    return entry.state() == State.STALE || entry.state() == State.STRANGER;
  }
}
