package io.github.jnstools.sys;

import io.github.jnstools.NamespaceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The other side of a netlink socket: it answers what it is told to, before it is asked. */
public final class FakeKernel implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;

  private final Netlink socket;
  private final Netlink kernels;

  /** A pair of connected sockets that keep the limits of messages, as netlink does. */
  public FakeKernel() throws NamespaceException {
    byte[] block = new byte[8];
    Sys.check("", "socketpair", AF_UNIX, SOCK_SEQPACKET, 0, block);
    ByteBuffer fds = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
    socket = new Netlink(new Fd(fds.getInt(0)), "a fake");
    kernels = new Netlink(new Fd(fds.getInt(4)), "the kernel's");
  }

  /** The socket whose requests go nowhere. */
  public Netlink socket() {
    return socket;
  }

  /** Puts one datagram where the socket receives. */
  public void answer(ByteBuffer datagram) throws NamespaceException {
    kernels.send(datagram.array());
  }

  /** The next request that was sent by the socket. */
  public ByteBuffer request() throws NamespaceException {
    return kernels.receive();
  }

  @Override
  public void close() {
    socket.close();
    kernels.close();
  }
}
