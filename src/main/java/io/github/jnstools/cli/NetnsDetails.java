package io.github.jnstools.cli;

import io.github.jnstools.NamespaceId;
import io.github.jnstools.container.Container;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsView;
import java.util.List;
import java.util.Optional;

/**
 * All that is told of one network namespace, or of an entry that is none.
 *
 * @param entry what names it; empty for one without a name
 * @param id which it is; empty if it could not be opened
 * @param owner the inode of the user namespace that owns it, if the caller may know
 * @param pids the processes in it
 * @param containers those in it
 * @param view what it contains; empty if it could not be looked into
 */
record NetnsDetails(
    Optional<NamedNetns> entry,
    Optional<NamespaceId> id,
    Optional<NamespaceId> owner,
    List<Integer> pids,
    List<Container> containers,
    Optional<NetnsView> view) {

  /** How the engine networks the first of its containers that has a network of its own. */
  String networkMode() {
    for (Container container : containers) {
      if (!Containers.isGuest(container)) {
        return container.networkMode();
      }
    }
    return containers.isEmpty() ? "" : containers.get(0).networkMode();
  }
}
