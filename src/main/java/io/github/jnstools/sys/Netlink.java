package io.github.jnstools.sys;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * A netlink socket to rtnetlink(7) of the network namespace that the opening thread is in. Any
 * thread may use it afterwards, one at a time. Nobody but the kernel can answer on it.
 *
 * <p>Man: netlink(7).
 */
public final class Netlink implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int NETLINK_ROUTE = 0;
  private static final int SOL_SOCKET = 1;
  private static final int SO_NETNS_COOKIE = 71;
  private static final int MSG_PEEK = 2;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  // The kernel fills no more than this in one go, unless a single message needs it.
  private static final int USUAL = 32768;

  private final Fd fd;
  private final String context;
  private byte[] buffer = new byte[USUAL];

  /** Takes the descriptor over. */
  Netlink(Fd fd, String context) {
    this.fd = fd;
    this.context = context;
  }

  /**
   * Opens a socket.
   *
   * @param context the namespace that the calling thread is in, for a person
   */
  public static Netlink open(String context) throws NamespaceException {
    Fd fd =
        new Fd(
            Sys.check(
                "AF_NETLINK, " + context,
                "socket",
                AF_NETLINK,
                SOCK_RAW | SOCK_CLOEXEC,
                NETLINK_ROUTE));
    try {
      // Whoever has CAP_NET_ADMIN inside could send to a socket that is not connected.
      byte[] kernel = new byte[12];
      ByteBuffer.wrap(kernel).order(ByteOrder.nativeOrder()).putShort((short) AF_NETLINK);
      Sys.check("AF_NETLINK, " + context, "connect", fd.number(), kernel, kernel.length);
    } catch (NamespaceException e) {
      fd.close();
      throw e;
    }
    return new Netlink(fd, context);
  }

  /** Sends a request; the beginning of the answer is there when this returns. */
  public void send(byte[] request) throws NamespaceException {
    Sys.checkLong(context, "send", fd.number(), request, (long) request.length, 0);
  }

  /**
   * The next datagram of the answer, whole, in the native byte order.
   *
   * @throws NamespaceException EAGAIN if there is none: this does not wait, since the kernel has
   *     always answered already
   */
  public ByteBuffer receive() throws NamespaceException {
    int peek = MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC;
    int length = (int) Sys.checkLong(context, "recv", fd.number(), null, 0L, peek);
    if (length > buffer.length) {
      buffer = new byte[length];
    }
    length =
        (int)
            Sys.checkLong(context, "recv", fd.number(), buffer, (long) buffer.length, MSG_DONTWAIT);
    return ByteBuffer.wrap(Arrays.copyOf(buffer, length)).order(ByteOrder.nativeOrder());
  }

  /** The 64-bit id of the socket's network namespace; empty before Linux 5.14. */
  public OptionalLong namespaceUniqueId() throws NamespaceException {
    byte[] block = new byte[8];
    byte[] length = new byte[4];
    ByteBuffer.wrap(length).order(ByteOrder.nativeOrder()).putInt(block.length);
    try {
      Sys.check(
          context + ", SO_NETNS_COOKIE",
          "getsockopt",
          fd.number(),
          SOL_SOCKET,
          SO_NETNS_COOKIE,
          block,
          length);
    } catch (NamespaceException e) {
      if (e.is(Errno.ENOPROTOOPT)) {
        return OptionalLong.empty();
      }
      throw e;
    }
    return OptionalLong.of(ByteBuffer.wrap(block).order(ByteOrder.nativeOrder()).getLong());
  }

  @Override
  public void close() {
    fd.close();
  }
}
