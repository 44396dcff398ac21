package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.Entries.Found;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.sys.Directory;
import io.github.jnstools.sys.Sys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A directory of named network namespaces, such as ip-netns(8) uses: {@code /run/netns}.
 *
 * <p>Entries are made and removed as a whole, under the lock that iproute2 takes: another process,
 * and who comes after a crash, sees the old entry or the new one with its owner mark. Nothing that
 * is not ours is replaced or removed, unless the caller insists, and then only a link.
 *
 * <p>Thread effect: none. Immutable; several threads may use it. Man: ip-netns(8).
 */
public final class NetnsDirectory {
  /** Where ip-netns(8) keeps them. */
  public static final OsString DEFAULT = OsString.ofLatin1("/run/netns");

  /** What making an entry did. */
  public enum Change {
    /** There was none of this name. */
    CREATED,
    /** The one of this name was replaced. */
    REPLACED,
    /** It was there already. */
    UNCHANGED
  }

  /**
   * An entry that was removed, or could have been.
   *
   * @param entry as it was
   * @param failure why it is still there
   */
  public record Pruned(NamedNetns entry, Optional<NamespaceException> failure) {}

  /** How far pruning goes. */
  public enum Reach {
    /** Entries of ours. */
    OURS,
    /** And links of anybody, if this PID namespace is the first and so shows all processes. */
    CERTAIN,
    /** And links of anybody that lead nowhere as far as this PID namespace shows. */
    VISIBLE
  }

  private static final String FILES = "/run/jnstools";
  private static final int MODE = 0755;

  private final OsString path;
  private final Origin here;

  private NetnsDirectory(OsString path, Origin here) {
    this.path = path;
    this.here = here;
  }

  /**
   * For a directory, which need not be there yet.
   *
   * @throws NamespaceException if {@code /proc} is of another PID namespace than the caller
   */
  public static NetnsDirectory at(OsString path) throws NamespaceException {
    return new NetnsDirectory(path, Origin.here());
  }

  /** All entries, in the order of their names' bytes. */
  public List<NamedNetns> entries() throws NamespaceException {
    List<NamedNetns> entries = new ArrayList<>();
    try (Entries all = open(Directory.at(path))) {
      for (OsString name : all.names()) {
        Optional<Found> found = all.find(name);
        if (found.isPresent()) {
          entries.add(found.get().entry());
        }
      }
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
    return entries;
  }

  /** The entry of this name. */
  public Optional<NamedNetns> entry(OsString name) throws NamespaceException {
    try (Entries all = open(Directory.at(path))) {
      Optional<Found> found = all.find(name);
      return found.isPresent() ? Optional.of(found.get().entry()) : Optional.empty();
    } catch (NamespaceException e) {
      requireAbsent(e);
      return Optional.empty();
    }
  }

  /**
   * The entry of this name, which must be there.
   *
   * @throws NamespaceException if it is not
   */
  public NamedNetns require(OsString name) throws NamespaceException {
    Optional<NamedNetns> entry = entry(name);
    if (entry.isPresent()) {
      return entry.get();
    }
    throw new NamespaceException("open", path + "/" + name, "no such network namespace", null);
  }

  /**
   * Opens a network namespace by its name; the caller closes it.
   *
   * @throws NamespaceException if there is none of this name, or it does not lead where it should
   */
  public Namespace open(OsString name) throws NamespaceException {
    try (Entries all = open(Directory.at(path))) {
      Optional<Found> found = all.find(name);
      if (found.isPresent()) {
        return open(all, found.get().entry());
      }
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
    throw new NamespaceException("open", path + "/" + name, "no such network namespace", null);
  }

  private static Namespace open(Entries all, NamedNetns entry) throws NamespaceException {
    if (!entry.usable()) {
      throw new NamespaceException(
          "open", all.context(entry.name()), entry.reason(), "list shows what each entry is worth");
    }
    Namespace namespace = all.open(entry);
    if (namespace.id().equals(entry.id().get())) {
      return namespace;
    }
    namespace.close();
    throw new NamespaceException(
        "open", all.context(entry.name()), "it was changed at this moment", "try again");
  }

  /**
   * Links a name to a process's network namespace: {@code NAME -> /proc/PID/ns/net}. The link does
   * not keep the namespace alive.
   *
   * <p>An entry of ours for the same container, or for a process that is gone, is replaced.
   * Privilege: to write to the directory; without CAP_SYS_ADMIN the owner mark is kept beside it.
   *
   * @param target the process
   * @param owner what the process is; its pid and start time are the target's
   * @param force replace also a link that is somebody else's
   * @throws NamespaceException if another entry has the name, or the process has ended; then
   *     nothing is left
   */
  public Change link(OsString name, Target target, OwnerMark owner, boolean force)
      throws NamespaceException {
    LinkName.require(name);
    try (Namespace net = target.namespace(NamespaceType.NET);
        Entries all = open(Directory.make(path, MODE))) {
      all.lock();
      Optional<Found> before = all.find(name);
      Change change = linkChange(before, owner, net.id(), force, all.context(name));
      if (change != Change.UNCHANGED) {
        boolean rename = makeWay(all, before);
        all.placeLink(name, rename, target, net, owner);
      }
      return change;
    }
  }

  /**
   * Mounts a process's network namespace on a name, as {@code ip netns attach} does: it lives until
   * that is unmounted, even when all of its processes have ended.
   *
   * <p>The directory becomes a mount of its own, with shared propagation. Privilege: CAP_SYS_ADMIN.
   *
   * @see #link
   */
  public Change attach(OsString name, Target target, OwnerMark owner, boolean force)
      throws NamespaceException {
    LinkName.require(name);
    try (Namespace net = target.namespace(NamespaceType.NET);
        Entries locked = open(Directory.make(path, MODE))) {
      locked.lock();
      share();
      // The mount made by that covers the directory that is locked.
      try (Entries all = open(Directory.at(path))) {
        Optional<Found> before = all.find(name);
        Change change = attachChange(before, owner, net.id(), force, all.context(name));
        if (change != Change.UNCHANGED) {
          boolean rename = makeWay(all, before);
          all.placeMount(name, rename, target, net, owner);
        }
        return change;
      }
    }
  }

  /** Lets mounts in the directory reach other mount namespaces, as iproute2 does. */
  private void share() throws NamespaceException {
    String where = path.toString();
    try {
      Sys.mount("", where, "none", Sys.MS_SHARED | Sys.MS_REC, where + ", MS_SHARED|MS_REC");
    } catch (NamespaceException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      String context = where + ", " + where + ", MS_BIND|MS_REC";
      Sys.mount(where, where, "none", Sys.MS_BIND | Sys.MS_REC, context);
      Sys.mount("", where, "none", Sys.MS_SHARED | Sys.MS_REC, where + ", MS_SHARED|MS_REC");
    }
  }

  /**
   * The name for a container's entry: that of {@link LinkName#of}, or of {@link LinkName#ofClash}
   * where something else has the first.
   */
  public OsString nameFor(OwnerMark owner) throws NamespaceException {
    OsString first = LinkName.of(owner);
    Optional<NamedNetns> entry = entry(first);
    return entry.isEmpty() || mayReplace(entry.get(), owner) ? first : LinkName.ofClash(owner);
  }

  /** What is mounted cannot be renamed over; returns whether the entry there can. */
  private static boolean makeWay(Entries all, Optional<Found> before) throws NamespaceException {
    if (before.isEmpty()) {
      return false;
    }
    if (before.get().entry().kind() != Kind.BIND) {
      return true;
    }
    all.remove(before.get());
    return false;
  }

  private static Change linkChange(
      Optional<Found> before, OwnerMark owner, NamespaceId net, boolean force, String context)
      throws NamespaceException {
    if (before.isEmpty()) {
      return Change.CREATED;
    }
    NamedNetns entry = before.get().entry();
    boolean same = entry.usable() && entry.id().get().equals(net);
    boolean recorded = entry.owner().isEmpty() || entry.owner().get().equals(owner);
    if (same && recorded) {
      return Change.UNCHANGED;
    }
    return replaced(entry, owner, force, context);
  }

  private static Change attachChange(
      Optional<Found> before, OwnerMark owner, NamespaceId net, boolean force, String context)
      throws NamespaceException {
    if (before.isPresent() && before.get().entry().kind() == Kind.LINK) {
      return replaced(before.get().entry(), owner, force, context);
    }
    return linkChange(before, owner, net, force, context);
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
  private static boolean mayReplace(NamedNetns entry, OwnerMark owner) {
    return entry.owner().isPresent()
        && (isDead(entry)
            || entry.owner().get().sameContainer(owner) && entry.state() != State.UNREADABLE);
  }

  private static boolean isDead(NamedNetns entry) {
    return entry.state() == State.STALE || entry.state() == State.STRANGER;
  }

  /**
   * Removes an entry. Of a mount that is ours, the namespace ends unless something else holds it.
   *
   * @param force also a link that is somebody else's
   * @return what it was
   * @throws NamespaceException if there is none of this name, or it is not ours
   */
  public NamedNetns unlink(OsString name, boolean force) throws NamespaceException {
    try (Entries all = open(Directory.at(path))) {
      all.lock();
      Optional<Found> found = all.find(name);
      if (found.isPresent()) {
        NamedNetns entry = found.get().entry();
        requireOurs(entry, force, all.context(name));
        if (all.remove(found.get())) {
          return entry;
        }
      }
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
    throw new NamespaceException("unlink", path + "/" + name, "no such entry", null);
  }

  private static void requireOurs(NamedNetns entry, boolean force, String context)
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

  /**
   * Removes what is provably dead: entries of ours whose process has ended, whether its pid is used
   * again or not, and links of others that lead nowhere.
   *
   * @param reach whether links of others are removed, too
   * @param dryRun change nothing
   * @return what was removed, or would be
   */
  public List<Pruned> prune(Reach reach, boolean dryRun) throws NamespaceException {
    List<Pruned> pruned = new ArrayList<>();
    try (Entries all = open(Directory.at(path))) {
      all.lock();
      for (OsString name : all.names()) {
        Optional<Found> found = all.find(name);
        if (found.isPresent() && isPrunable(found.get().entry(), reach)) {
          prune(all, found.get(), dryRun, pruned);
        }
      }
      if (!dryRun) {
        all.forgetLostMarks();
      }
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
    return pruned;
  }

  private boolean isPrunable(NamedNetns entry, Reach reach) {
    if (entry.owner().isPresent()) {
      return isDead(entry);
    }
    boolean dangling = entry.kind() == Kind.LINK && entry.state() == State.STALE;
    return switch (reach) {
      case OURS -> false;
      case CERTAIN -> dangling && here.seesAllProcesses();
      case VISIBLE -> dangling;
    };
  }

  private static void prune(Entries all, Found found, boolean dryRun, List<Pruned> pruned) {
    try {
      if (dryRun || all.remove(found)) {
        pruned.add(new Pruned(found.entry(), Optional.empty()));
      }
    } catch (NamespaceException e) {
      pruned.add(new Pruned(found.entry(), Optional.of(e)));
    }
  }

  private Entries open(Directory directory) throws NamespaceException {
    return Entries.of(directory, FILES, here);
  }

  private void requireAbsent(NamespaceException e) throws NamespaceException {
    boolean directory = e.context().equals(path.toString());
    if (!e.is(Errno.ENOENT) || !directory) {
      throw e;
    }
  }
}
