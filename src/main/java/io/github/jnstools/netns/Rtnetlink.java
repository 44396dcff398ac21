package io.github.jnstools.netns;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.NamespaceThread;
import io.github.jnstools.netns.NetnsView.Address;
import io.github.jnstools.sys.Netlink;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** Asks the kernel, by one socket, for what is in the socket's network namespace. */
final class Rtnetlink implements AutoCloseable {
  private static final int RTM_GETLINK = 18;
  private static final int RTM_GETADDR = 22;
  private static final int RTM_NEWNSID = 88;
  private static final int RTM_GETNSID = 90;
  private static final int IFLA_EXT_MASK = 29;
  private static final int RTEXT_FILTER_SKIP_STATS = 8;
  private static final int NETNSA_NSID = 1;
  private static final int NETNSA_FD = 3;
  private static final int TRIES = 20;
  private static final String HERE = "the caller's network namespace";

  private final Netlink socket;
  private final String namespace;
  private int sequence;

  /**
   * Takes the socket over.
   *
   * @param namespace the one that it was opened in, for a person
   */
  Rtnetlink(Netlink socket, String namespace) {
    this.socket = socket;
    this.namespace = namespace;
  }

  /** Opens a socket in the network namespace of the calling thread. */
  static Rtnetlink open() throws NamespaceException {
    return new Rtnetlink(Netlink.open(HERE), HERE);
  }

  /**
   * Opens a socket in a network namespace.
   *
   * @throws NamespaceException if it could not be joined, or the socket not be opened
   */
  static Rtnetlink open(Namespace namespace) throws NamespaceException, InterruptedException {
    Opening opening = new Opening(namespace.toString());
    try {
      return NamespaceThread.call(NamespaceSet.of(namespace), opening);
    } catch (InterruptedException e) {
      opening.abandon();
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NamespaceException ours) {
        throw ours;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** A caller that was interrupted never sees the socket, which nothing else would close. */
  private static final class Opening implements Callable<Rtnetlink> {
    private final String namespace;
    private Rtnetlink opened;
    private boolean abandoned;

    Opening(String namespace) {
      this.namespace = namespace;
    }

    @Override
    public synchronized Rtnetlink call() throws NamespaceException {
      if (!abandoned) {
        opened = new Rtnetlink(Netlink.open(namespace), namespace);
      }
      return opened;
    }

    synchronized void abandon() {
      abandoned = true;
      if (opened != null) {
        opened.close();
      }
    }
  }

  /** All interfaces, by their numbers. */
  Map<Integer, Link> links() throws NamespaceException {
    // struct ifinfomsg, all zeros, then one attribute
    byte[] wanted =
        Attributes.block(24)
            .position(16)
            .put(Attributes.ofNumber(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS))
            .array();
    String asked = "RTM_GETLINK, " + namespace;
    List<Message> messages = dump(RTM_GETLINK, wanted, asked);
    try {
      return Link.parseAll(messages);
    } catch (IllegalArgumentException e) {
      throw malformed(asked, e);
    }
  }

  /** All IP addresses, by the numbers of their interfaces. */
  Map<Integer, List<Address>> addresses() throws NamespaceException {
    String asked = "RTM_GETADDR, " + namespace;
    List<Message> messages = dump(RTM_GETADDR, new byte[8], asked);
    try {
      return IpAddresses.parseAll(messages);
    } catch (IllegalArgumentException e) {
      throw malformed(asked, e);
    }
  }

  /** The number by which the socket's namespace knows another one; empty if it has none. */
  OptionalInt nsid(Namespace other) throws NamespaceException {
    // struct rtgenmsg, all zeros, then one attribute
    byte[] which =
        Attributes.block(12)
            .position(4)
            .put(Attributes.ofNumber(NETNSA_FD, other.descriptor()))
            .array();
    String asked = "RTM_GETNSID, " + other;
    Answer answer = ask(Message.request(RTM_GETNSID, ++sequence, which), asked);
    try {
      for (Message message : answer.messages()) {
        if (message.type() == RTM_NEWNSID) {
          return nsid(message.attributes(1));
        }
      }
    } catch (IllegalArgumentException e) {
      throw malformed(asked, e);
    }
    return OptionalInt.empty();
  }

  private static OptionalInt nsid(Attributes attributes) {
    while (attributes.next()) {
      if (attributes.type() == NETNSA_NSID && attributes.number() >= 0) {
        return OptionalInt.of(attributes.number());
      }
    }
    return OptionalInt.empty();
  }

  /** The 64-bit id of the socket's namespace; empty if the kernel does not tell it. */
  OptionalLong uniqueId() throws NamespaceException {
    return socket.namespaceUniqueId();
  }

  private List<Message> dump(int type, byte[] wanted, String asked) throws NamespaceException {
    for (int i = 0; i < TRIES; i++) {
      Answer answer = ask(Message.dump(type, ++sequence, wanted), asked);
      if (!answer.interrupted()) {
        return answer.messages();
      }
    }
    throw new NamespaceException(
        "rtnetlink", asked, "it changes faster than the kernel lists it", "try again");
  }

  private Answer ask(byte[] request, String asked) throws NamespaceException {
    Answer answer = new Answer(sequence);
    socket.send(request);
    while (!answer.complete()) {
      try {
        answer.add(socket.receive());
      } catch (IllegalArgumentException e) {
        throw malformed(asked, e);
      }
    }
    if (answer.error() != 0) {
      throw new NamespaceException("rtnetlink", asked, answer.error());
    }
    return answer;
  }

  private static NamespaceException malformed(String asked, IllegalArgumentException e) {
    NamespaceException clear = new NamespaceException("rtnetlink", asked, e.getMessage(), null);
    clear.initCause(e);
    return clear;
  }

  @Override
  public void close() {
    socket.close();
  }
}
