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
   * What making an entry means where this is.
   *
   * @param net the namespace it is to lead to
   * @param mount whether it is to be a mount; else a link
   * @param context the entry, for messages
   * @throws NamespaceException if it may not be replaced
   */
  static Change change(
      Optional<Found> before,
      OwnerMark owner,
      NamespaceId net,
      boolean mount,
      boolean force,
      String context)
      throws NamespaceException {
    if (before.isEmpty()) {
      return Change.CREATED;
    }
    NamedNetns entry = before.get().entry();
    boolean same = entry.usable() && entry.id().get().equals(net);
    // A mount serves as a link, too.
    if (!same || mount && !isMount(entry)) {
      return replaced(entry, owner, mount, force, context);
    }
    if (!isOurs(entry)) {
      return Change.FOREIGN;
    }
    boolean serves = !mount && isMount(entry) && isOf(entry, owner);
    return serves || entry.owner().get().equals(owner)
        ? Change.UNCHANGED
        : replaced(entry, owner, mount, force, context);
  }

  private static Change replaced(
      NamedNetns entry, OwnerMark owner, boolean mount, boolean force, String context)
      throws NamespaceException {
    boolean link = entry.kind() == Kind.LINK;
    boolean given =
        link || isMount(entry) && (isOf(entry, owner) || isOurs(entry) && isDead(entry));
    if (mayReplace(entry, owner, mount) || given && force) {
      return Change.REPLACED;
    }
    throw new NamespaceException(
        "link",
        context,
        whose(entry, owner),
        given ? "give another with --name, or --force" : "give another with --name");
  }

  private static String whose(NamedNetns entry, OwnerMark owner) {
    if (isMount(entry) && isOf(entry, owner)) {
      return "a mount has this name, to keep the network namespace of process "
          + entry.owner().get().pid();
    }
    if (isOurs(entry)) {
      return "the name is that of " + entry.owner().get().reference();
    }
    String kind = entry.kind() == Kind.LINK ? "a link" : "a file or mount";
    return entry.state() == State.FOREIGN && !entry.reason().isEmpty()
        ? kind + " has this name, and " + entry.reason()
        : kind + " that jnetns did not make has this name";
  }

  /**
   * Whether an entry makes way for a container's: it is ours, and for the same container or for
   * nothing that lives. A mount is there to keep what it has: it makes way only for another of its
   * container.
   *
   * @param mount whether that is to be a mount
   */
  private static boolean mayReplace(NamedNetns entry, OwnerMark owner, boolean mount) {
    boolean same = isOf(entry, owner) && entry.state() != State.UNREADABLE;
    return isMount(entry) ? mount && same : same || isOurs(entry) && isDead(entry);
  }

  /** Whether a container's entry can have the name that another entry has. */
  static boolean isFree(NamedNetns entry, OwnerMark owner, boolean mount, boolean force) {
    boolean foreignLink = !isOurs(entry) && entry.kind() == Kind.LINK;
    boolean serves =
        isOf(entry, owner) && entry.owner().get().sameProcess(owner) && entry.state() == State.LIVE;
    return serves || mayReplace(entry, owner, mount) || foreignLink && force;
  }

  static boolean isOf(NamedNetns entry, OwnerMark owner) {
    return isOurs(entry) && entry.owner().get().sameContainer(owner);
  }

  private static boolean isOurs(NamedNetns entry) {
    return entry.owner().isPresent();
  }

  private static boolean isMount(NamedNetns entry) {
    return entry.kind() == Kind.BIND;
  }

  /** Refuses to remove what is not ours, unless it is a link. */
  static void requireOurs(NamedNetns entry, boolean force, String context)
      throws NamespaceException {
    boolean link = entry.kind() == Kind.LINK;
    if (!isOurs(entry) && !(link && force)) {
      throw new NamespaceException(
          "unlink",
          context,
          entry.state() == State.FOREIGN && !entry.reason().isEmpty()
              ? entry.reason()
              : "it was not made by jnetns",
          link ? "remove the link with --force" : "see ip netns delete");
    }
  }

  /** Whether an entry is so dead that it may be removed unasked. */
  static boolean isPrunable(NamedNetns entry, Reach reach, Origin here) throws NamespaceException {
    if (isOurs(entry)) {
      // What else uses the namespace of a mount, a socket or a thread, cannot be seen.
      return isDead(entry) && (!isMount(entry) || reach == Reach.VISIBLE);
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
