package io.github.jnstools.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.harness.RootTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

@RootTest
class NetlinkRootTest {
  private static final int RTM_GETLINK = 18;
  private static final int RTM_GETNSID = 90;

  /** The addresses of rtnetlink sockets. */
  private static Set<Integer> ports() throws IOException {
    Set<Integer> ports = new HashSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/netlink"))) {
      // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
      String[] fields = line.split(" +");
      if (fields[1].equals("0")) {
        ports.add(Integer.parseUnsignedInt(fields[2]));
      }
    }
    return ports;
  }

  private static byte[] request(int type) {
    ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
    return bytes.putInt(32).putShort((short) type).putShort((short) 0x301).putInt(5).array();
  }

  @Test
  void nobodyButTheKernelCanAnswer() throws Exception {
    Set<Integer> before = ports();
    try (Netlink socket = Netlink.open("here")) {
      socket.send(request(RTM_GETNSID));
      socket.receive();
      Set<Integer> ports = ports();
      ports.removeAll(before);
      assertEquals(1, ports.size());
      try (Fd other = new Fd(Libc.callInt("socket", 16, 3, 0))) {
        byte[] address =
            ByteBuffer.allocate(12)
                .order(ByteOrder.nativeOrder())
                .putInt(16)
                .putInt(ports.iterator().next())
                .array();
        byte[] answer = request(16);
        long sent =
            Libc.callLong(
                "sendto", other.number(), answer, (long) answer.length, 0, address, address.length);
        assertEquals(-1, sent);
        assertEquals(Optional.of(Errno.ECONNREFUSED), Errno.of(Libc.errno()));
      }
      assertThrows(NamespaceException.class, socket::receive);
    }
  }

  @Test
  void aDatagramIsReceivedWhole() throws Exception {
    try (Netlink socket = Netlink.open("here")) {
      socket.send(request(RTM_GETLINK));
      ByteBuffer datagram = socket.receive();
      int end = 0;
      while (end < datagram.limit()) {
        assertEquals(5, datagram.getInt(end + 8));
        end += datagram.getInt(end) + 3 & ~3;
      }
      assertEquals(datagram.limit(), end);
    }
  }

  @Test
  void doesNotWaitForWhatTheKernelHasNotSaid() throws Exception {
    try (Netlink socket = Netlink.open("here")) {
      NamespaceException e = assertThrows(NamespaceException.class, socket::receive);
      assertEquals(Optional.of(Errno.EAGAIN), e.errno());
      assertEquals("recv(here): EAGAIN: Resource temporarily unavailable", e.getMessage());
    }
  }
}
