package io.github.jnstools.netns;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.Entries.Found;
import io.github.jnstools.netns.NetnsDirectory.Change;
import java.util.Optional;

/**
 * A directory of named network namespaces that nobody else changes meanwhile, nor this process in
 * another way: ip-netns(8) and other handles wait until it is closed.
 *
 * <p>Thread effect: none. Used by one thread.
 */
public final class LockedNetnsDirectory implements AutoCloseable {
  private final Entries all;
  private final boolean mount;

  /** Takes the entries over. */
  LockedNetnsDirectory(Entries all, boolean mount) {
    this.all = all;
    this.mount = mount;
  }

  /** See {@link NetnsDirectory#nameFor}. */
  public OsString nameFor(OwnerMark owner, boolean force) throws NamespaceException {
    return all.nameFor(owner, mount, force);
  }

  /**
   * Makes an entry, as {@link NetnsDirectory#attach} or {@link NetnsDirectory#link} does.
   *
   * @param target the process
   * @param net its network namespace
   * @param owner what the process is; its pid and start time are the target's
   * @param force replace also a link that is somebody else's
   */
  public Change make(OsString name, Target target, Namespace net, OwnerMark owner, boolean force)
      throws NamespaceException {
    LinkName.require(name);
    Optional<Found> before = all.find(name);
    Change change = Rules.change(before, owner, net.id(), mount, force, all.context(name));
    if (change == Change.CREATED || change == Change.REPLACED) {
      NewEntry entry = all.make(name, before, target, net, owner);
      if (mount) {
        entry.mount();
      } else {
        entry.link();
      }
    }
    return change;
  }

  @Override
  public void close() {
    all.close();
  }
}
