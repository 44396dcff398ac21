package io.github.jnstools.netns;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.netns.NetnsView.Peer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The interfaces of the caller's own network namespace, listed once: where the other ends of
 * containers' interfaces are looked for. Any thread may use it; whoever opened it closes it.
 *
 * <p>An interface that came later is not seen.
 */
public final class HostLinks implements AutoCloseable {
  private final Rtnetlink socket;
  private final Map<Integer, Link> links;

  private HostLinks(Rtnetlink socket, Map<Integer, Link> links) {
    this.socket = socket;
    this.links = links;
  }

  /** Lists the interfaces of the network namespace that the calling thread is in. */
  public static HostLinks open() throws NamespaceException {
    Rtnetlink socket = Rtnetlink.open();
    try {
      return new HostLinks(socket, socket.links());
    } catch (NamespaceException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * The number by which this network namespace knows another one; empty if it has given none.
   *
   * <p>Man: ip-netns(8), under set.
   */
  public synchronized OptionalInt nsid(Namespace other) throws NamespaceException {
    return socket.nsid(other);
  }

  /** The other end, here, of an interface of the namespace with this number. */
  Optional<Peer> peer(Link inside, OptionalInt nsid) {
    Link here = links.get(inside.peerIndex());
    if (here == null || nsid.isEmpty() || !here.isPeerOf(inside, nsid.getAsInt())) {
      return Optional.empty();
    }
    Link master = links.get(here.masterIndex());
    return Optional.of(
        new Peer(
            here.name(),
            here.index(),
            master == null ? Optional.empty() : Optional.of(master.name())));
  }

  @Override
  public void close() {
    socket.close();
  }
}
