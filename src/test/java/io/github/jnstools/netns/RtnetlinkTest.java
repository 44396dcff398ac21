package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.sys.FakeKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RtnetlinkTest {
  private static final int ERROR = 2;
  private static final int DONE = 3;
  private static final int MULTI = 2;
  private static final int INTERRUPTED = 0x10;

  private FakeKernel kernel;
  private Rtnetlink rtnetlink;

  @BeforeEach
  void open() throws NamespaceException {
    kernel = new FakeKernel();
    rtnetlink = new Rtnetlink(kernel.socket(), "net:[5]");
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  /** A message with a number after its header. */
  private static ByteBuffer message(int type, int flags, int sequence, int number) {
    ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
    bytes.putInt(20).putShort((short) type).putShort((short) flags).putInt(sequence);
    return bytes.putInt(0).putInt(number);
  }

  @Test
  void asksForTheListOfInterfaces() throws Exception {
    kernel.answer(Captured.WEB_6_18.links());
    assertEquals(List.of(1, 2, 3), List.copyOf(rtnetlink.links().keySet()));
    Message request = Message.parseAll(kernel.request()).get(0);
    assertEquals(18, request.type());
    assertEquals(0x301, request.flags());
    assertEquals(1, request.sequence());
    assertEquals(16 + 8, request.payload().limit());
  }

  @Test
  void asksForTheListOfAddresses() throws Exception {
    kernel.answer(Captured.WEB_6_18.addresses());
    assertEquals(2, rtnetlink.addresses().size());
    assertEquals(22, Message.parseAll(kernel.request()).get(0).type());
  }

  @Test
  void asksAgainWhenTheListChangedMeanwhile() throws Exception {
    ByteBuffer interrupted = Captured.HOST_6_18.links();
    interrupted.putShort(6, (short) (MULTI | INTERRUPTED));
    kernel.answer(interrupted);
    kernel.answer(message(DONE, MULTI | INTERRUPTED, 2, 0));
    kernel.answer(message(DONE, MULTI, 3, 0));
    assertEquals(List.of(), List.copyOf(rtnetlink.links().keySet()));
    for (int sequence = 1; sequence <= 3; sequence++) {
      assertEquals(sequence, Message.parseAll(kernel.request()).get(0).sequence());
    }
    assertThrows(NamespaceException.class, kernel::request);
  }

  @Test
  void givesUpOnAListThatChangesAllTheTime() throws Exception {
    for (int sequence = 1; sequence <= 30; sequence++) {
      kernel.answer(message(DONE, MULTI | INTERRUPTED, sequence, 0));
    }
    NamespaceException e = assertThrows(NamespaceException.class, rtnetlink::links);
    assertEquals(
        "rtnetlink(RTM_GETLINK, net:[5]): it changes faster than the kernel lists it",
        e.getMessage());
    assertEquals(Optional.of("try again"), e.hint());
  }

  @Test
  void saysWhichRequestWasRefused() throws Exception {
    kernel.answer(message(ERROR, 0, 1, -1));
    NamespaceException e = assertThrows(NamespaceException.class, rtnetlink::addresses);
    assertEquals("rtnetlink(RTM_GETADDR, net:[5]): EPERM: Operation not permitted", e.getMessage());
    assertEquals(Optional.of(Errno.EPERM), e.errno());
  }

  @Test
  void anEarlyEndIsNoList() throws Exception {
    kernel.answer(message(DONE, MULTI, 1, -90));
    NamespaceException e = assertThrows(NamespaceException.class, rtnetlink::links);
    assertEquals(Optional.of(Errno.EMSGSIZE), e.errno());
  }

  @Test
  void saysToWhichRequestTheAnswerIsMalformed() throws Exception {
    byte[] whole = Captured.WEB_6_18.links().array();
    kernel.answer(ByteBuffer.wrap(Arrays.copyOf(whole, whole.length - 1)));
    NamespaceException e = assertThrows(NamespaceException.class, rtnetlink::links);
    assertEquals(
        "rtnetlink(RTM_GETLINK, net:[5]): the kernel's answer has a message cut off",
        e.getMessage());
    assertEquals(Optional.empty(), e.errno());
  }

  @Test
  void saysWhichListHasAMalformedEntry() throws Exception {
    kernel.answer(message(20, MULTI, 1, 0));
    kernel.answer(message(DONE, MULTI, 1, 0));
    NamespaceException e = assertThrows(NamespaceException.class, rtnetlink::addresses);
    assertEquals(
        "rtnetlink(RTM_GETADDR, net:[5]): the kernel's answer has a message without its header",
        e.getMessage());
  }

  @Test
  void doesNotWaitForAnEndThatIsMissing() throws Exception {
    kernel.answer(message(999, MULTI, 1, 0));
    NamespaceException e = assertThrows(NamespaceException.class, rtnetlink::links);
    assertEquals(Optional.of(Errno.EAGAIN), e.errno());
  }

  @Test
  void takesADatagramLargerThanUsual() throws Exception {
    byte[] whole = Captured.KINDS_6_1.links().array();
    byte[] padding = new byte[60000];
    ByteBuffer.wrap(padding).order(ByteOrder.nativeOrder()).putInt(padding.length);
    ByteBuffer larger = ByteBuffer.allocate(whole.length + padding.length);
    kernel.answer(larger.put(padding).put(whole));
    assertEquals(Captured.KINDS_6_1.shown().keySet(), rtnetlink.links().keySet());
  }
}
