package io.github.jnstools.netns;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.Entries.Found;
import io.github.jnstools.sys.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A directory of named network namespaces, such as ip-netns(8) uses: {@code /run/netns}.
 *
 * <p>Entries are made and removed as a whole, under the lock that iproute2 takes: another process,
 * and who comes after a crash, sees the old entry or the new one with its owner mark; or the marked
 * file that was about to be mounted on, or was until just now, which the next run takes for its
 * own. Nothing that is not ours is replaced or removed, unless the caller insists, and then only a
 * link.
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
    UNCHANGED,
    /** It was there already, and was not made by us. */
    FOREIGN
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
    /**
     * And links of anybody, if this PID namespace is the first and so shows all processes; links to
     * other places than a process's, if its first process is in this mount namespace.
     */
    CERTAIN,
    /**
     * And links of anybody that lead nowhere as far as this PID namespace shows, and mounts of ours
     * whose process has ended: no other is seen in their namespaces.
     */
    VISIBLE
  }

  private static final int MODE = 0755;

  private final OsString path;
  private final Origin here;

  NetnsDirectory(OsString path, Origin here) {
    this.path = path;
    this.here = here;
  }

  /**
   * For a directory, which need not be there yet.
   *
   * @throws NamespaceException if {@code /proc} is of another PID namespace than the caller
   */
  public static NetnsDirectory at(OsString path) throws NamespaceException {
    if (path.toLatin1().isEmpty()) {
      throw new NamespaceException("open", "", "the directory's name is empty", null);
    }
    return new NetnsDirectory(path, Origin.here());
  }

  /** All entries, in the order of their names' bytes. */
  public List<NamedNetns> entries() throws NamespaceException {
    List<NamedNetns> entries = new ArrayList<>();
    try (Entries all = Entries.at(path, here)) {
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
    try (Entries all = Entries.at(path, here)) {
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
    try (Entries all = Entries.at(path, here)) {
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
          "open",
          all.context(entry.name()),
          entry.reason(),
          entry.owner().filter(OwnerMark::isContainer).isPresent()
              ? "if " + entry.owner().get().reference() + " runs again, link it anew"
              : "list shows what each entry is worth");
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
   * <p>An entry of ours for the same container, or for a process that is gone, is replaced; not a
   * mount, which keeps what it has until {@link #unlink}. Privilege: to write to the directory;
   * without CAP_SYS_ADMIN the owner mark is kept beside it.
   *
   * @param target the process
   * @param owner what the process is; its pid and start time are the target's
   * @param force replace also a link that is somebody else's
   * @throws NamespaceException if another entry has the name, or the process has ended; then
   *     nothing is left
   */
  public Change link(OsString name, Target target, OwnerMark owner, boolean force)
      throws NamespaceException {
    return make(name, target, owner, false, force);
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
    return make(name, target, owner, true, force);
  }

  private Change make(OsString name, Target target, OwnerMark owner, boolean mount, boolean force)
      throws NamespaceException {
    LinkName.require(name);
    try (Namespace net = target.namespace(NamespaceType.NET);
        LockedNetnsDirectory locked = lock(mount)) {
      return locked.make(name, target, net, owner, force);
    }
  }

  /**
   * Keeps others from changing it until that is closed, for several entries to be made. The
   * directory is made if it is not there.
   *
   * @param mount whether entries are made as {@link #attach} does; else as {@link #link} does
   */
  public LockedNetnsDirectory lock(boolean mount) throws NamespaceException {
    Directory made = Directory.make(path, MODE);
    return new LockedNetnsDirectory(Entries.locked(made, path, mount, here), mount);
  }

  /**
   * The name for a container's entry: that of {@link LinkName#of}, or of {@link LinkName#ofClash}
   * where something else has the first. A container that has the second keeps it: else two of one
   * name would change places when one of them is restarted.
   *
   * @param mount whether it is for {@link #attach}: a mount of ours has what it has for good
   * @param force whether a link that is somebody else's is in the way
   */
  public OsString nameFor(OwnerMark owner, boolean mount, boolean force) throws NamespaceException {
    try (Entries all = Entries.at(path, here)) {
      return all.nameFor(owner, mount, force);
    } catch (NamespaceException e) {
      requireAbsent(e);
      return LinkName.of(owner);
    }
  }

  /**
   * Removes an entry. Of a mount that is ours, the namespace ends unless something else holds it.
   *
   * @param force also a link that is somebody else's
   * @return what it was
   * @throws NamespaceException if there is none of this name, or it is not ours
   */
  public NamedNetns unlink(OsString name, boolean force) throws NamespaceException {
    try (Entries all = Entries.locked(path, here)) {
      Optional<Found> found = all.find(name);
      if (found.isPresent()) {
        NamedNetns entry = found.get().entry();
        Rules.requireOurs(entry, force, all.context(name));
        if (all.remove(found.get())) {
          return entry;
        }
      }
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
    throw new NamespaceException("unlink", path + "/" + name, "no such entry", null);
  }

  /**
   * Removes an entry of ours, unless another one has its name by now.
   *
   * @return whether it was removed
   */
  public boolean remove(NamedNetns entry) throws NamespaceException {
    try (Entries all = Entries.locked(path, here)) {
      Optional<Found> found = all.find(entry.name());
      if (found.isPresent() && found.get().entry().equals(entry)) {
        Rules.requireOurs(entry, false, all.context(entry.name()));
        return all.remove(found.get());
      }
    } catch (NamespaceException e) {
      requireAbsent(e);
    }
    return false;
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
    try (Entries all = dryRun ? Entries.at(path, here) : Entries.locked(path, here)) {
      for (OsString name : all.names()) {
        Optional<Found> found = all.find(name);
        if (found.isPresent() && Rules.isPrunable(found.get().entry(), reach, here)) {
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

  private static void prune(Entries all, Found found, boolean dryRun, List<Pruned> pruned) {
    try {
      if (dryRun || all.remove(found)) {
        pruned.add(new Pruned(found.entry(), Optional.empty()));
      }
    } catch (NamespaceException e) {
      pruned.add(new Pruned(found.entry(), Optional.of(e)));
    }
  }

  private void requireAbsent(NamespaceException e) throws NamespaceException {
    boolean directory = e.context().equals(path.toString());
    if (!e.is(Errno.ENOENT) || !directory) {
      throw e;
    }
  }
}
