package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
  private static final int ERROR = 2;
  private static final int DONE = 3;
  private static final int NEWLINK = 16;
  private static final int MULTI = 2;
  private static final int INTERRUPTED = 0x10;
  private static final int SEQUENCE = 7;

  private static ByteBuffer message(int type, int flags, int sequence, int... payload) {
    ByteBuffer bytes = Captured.answer(new byte[16 + 4 * payload.length]);
    bytes.putInt(bytes.capacity()).putShort((short) type).putShort((short) flags).putInt(sequence);
    bytes.putInt(0);
    for (int word : payload) {
      bytes.putInt(word);
    }
    return bytes.position(0);
  }

  private static Answer answer(ByteBuffer... datagrams) {
    Answer answer = new Answer(SEQUENCE);
    for (ByteBuffer datagram : datagrams) {
      assertFalse(answer.complete());
      answer.add(datagram);
    }
    return answer;
  }

  @ParameterizedTest
  @EnumSource
  void isCompleteAtTheEndOfACapture(Captured captured) throws Exception {
    Answer answer = new Answer(Captured.SEQUENCE);
    answer.add(captured.links());
    assertTrue(answer.complete());
    assertFalse(answer.interrupted());
    assertEquals(0, answer.error());
    assertEquals(captured.shown().size(), answer.messages().size());
  }

  @Test
  void aListGoesOnUntilItIsDone() {
    ByteBuffer link = message(NEWLINK, MULTI, SEQUENCE, 1, 2);
    Answer list = answer(link, link, message(DONE, MULTI, SEQUENCE, 0));
    assertTrue(list.complete());
    assertEquals(2, list.messages().size());
    assertEquals(2, list.messages().get(1).payload().getInt(4));
  }

  @Test
  void oneMessageIsAWholeAnswer() {
    assertTrue(answer(message(88, 0, SEQUENCE, 0)).complete());
  }

  @Test
  void whatAnswersAnotherRequestIsPassedOver() {
    Answer list =
        answer(
            message(DONE, MULTI, SEQUENCE - 1, -5),
            message(NEWLINK, MULTI | INTERRUPTED, SEQUENCE + 1),
            message(DONE, MULTI, SEQUENCE, 0));
    assertEquals(List.of(), list.messages());
    assertFalse(list.interrupted());
    assertEquals(0, list.error());
  }

  @Test
  void anInterruptionCountsWhereverItIsSaid() {
    ByteBuffer link = message(NEWLINK, MULTI, SEQUENCE);
    ByteBuffer done = message(DONE, MULTI, SEQUENCE, 0);
    assertFalse(answer(link, done).interrupted());
    assertTrue(answer(message(NEWLINK, MULTI | INTERRUPTED, SEQUENCE), link, done).interrupted());
    assertTrue(answer(link, message(DONE, MULTI | INTERRUPTED, SEQUENCE, 0)).interrupted());
  }

  @Test
  void aRefusalHasItsErrno() {
    Answer refused = answer(message(ERROR, 0, SEQUENCE, -1, 0, 0, 0, 0));
    assertTrue(refused.complete());
    assertEquals(1, refused.error());
  }

  @Test
  void anEarlyEndHasItsErrno() {
    assertEquals(90, answer(message(DONE, MULTI, SEQUENCE, -90)).error());
    assertEquals(0, answer(message(DONE, MULTI, SEQUENCE)).error());
  }

  @Test
  void theLastMessageNeedsNoPadding() {
    ByteBuffer odd = Captured.answer(Arrays.copyOf(message(NEWLINK, 0, SEQUENCE).array(), 17));
    odd.putInt(0, 17);
    assertEquals(1, answer(odd).messages().get(0).payload().limit());
  }

  @Test
  void theNextMessageStartsAtAMultipleOfFour() {
    ByteBuffer odd = message(NEWLINK, MULTI, SEQUENCE, 1).putInt(0, 17);
    ByteBuffer done = message(DONE, MULTI, SEQUENCE, 0);
    byte[] both = Arrays.copyOf(odd.array(), 40);
    System.arraycopy(done.array(), 0, both, 20, 20);
    Answer list = answer(Captured.answer(both));
    assertEquals(1, list.messages().get(0).payload().limit());
    assertTrue(list.complete());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 21, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
  void refusesALengthThatCannotBe(int length) {
    ByteBuffer bytes = message(NEWLINK, MULTI, SEQUENCE, 1);
    bytes.putInt(0, length);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> answer(bytes));
    assertEquals("the kernel's answer has a message cut off", e.getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"WEB_6_1", "KINDS_6_18"})
  void refusesACaptureThatIsCutAnywhereInAMessage(Captured captured) throws Exception {
    byte[] whole = captured.links().array();
    int ends = 0;
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      try {
        Message.parseAll(Captured.answer(part));
        ends++;
      } catch (IllegalArgumentException e) {
        assertEquals("the kernel's answer has a message cut off", e.getMessage());
      }
    }
    // Nothing, and the end of each message but the last.
    assertEquals(Message.parseAll(captured.links()).size(), ends);
  }

  @ParameterizedTest
  @EnumSource(names = {"WEB_6_1", "KINDS_6_18"})
  void anyDamageIsParsedOrRefused(Captured captured) throws Exception {
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 4000; i++) {
      boolean links = random.nextBoolean();
      byte[] bytes = (links ? captured.links() : captured.addresses()).array().clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        bytes[random.nextInt(bytes.length)] = (byte) (random.nextInt(4) * 85);
      }
      try {
        List<Message> messages = Message.parseAll(Captured.answer(bytes));
        Map<Integer, ?> parsed = links ? Link.parseAll(messages) : IpAddresses.parseAll(messages);
        assertTrue(parsed.size() <= messages.size());
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().startsWith("the kernel's answer has "), e.toString());
        refused++;
      }
    }
    assertTrue(refused > 40, "" + refused);
  }

  @Test
  void refusesAMessageShorterThanItsHeader() {
    for (int words = 0; words < 4; words++) {
      Answer one = answer(message(NEWLINK, 0, SEQUENCE, new int[words]));
      assertThrows(IllegalArgumentException.class, () -> Link.parseAll(one.messages()));
    }
    for (int words = 0; words < 2; words++) {
      Answer one = answer(message(20, 0, SEQUENCE, new int[words]));
      assertThrows(IllegalArgumentException.class, () -> IpAddresses.parseAll(one.messages()));
    }
  }
}
