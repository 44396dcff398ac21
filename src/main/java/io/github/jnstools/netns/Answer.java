package io.github.jnstools.netns;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What the kernel has answered to one request so far: one message, or a list in many parts. */
final class Answer {
  private static final int ERROR = 2;
  private static final int DONE = 3;
  private static final int NLM_F_MULTI = 2;
  private static final int NLM_F_DUMP_INTR = 0x10;

  private final int sequence;
  private final List<Message> messages = new ArrayList<>();
  private boolean complete;
  private boolean interrupted;
  private int error;

  /**
   * Nothing yet.
   *
   * @param sequence the number of the request; what answers another one is passed over
   */
  Answer(int sequence) {
    this.sequence = sequence;
  }

  /**
   * Takes one datagram in, which the answer keeps.
   *
   * @throws IllegalArgumentException if it is not made of whole messages
   */
  void add(ByteBuffer datagram) {
    for (Message message : Message.parseAll(datagram)) {
      if (message.sequence() == sequence) {
        add(message);
      }
    }
  }

  private void add(Message message) {
    complete |= message.type() == DONE || (message.flags() & NLM_F_MULTI) == 0;
    interrupted |= (message.flags() & NLM_F_DUMP_INTR) != 0;
    if (message.type() == ERROR || message.type() == DONE) {
      error = message.error();
    } else {
      messages.add(message);
    }
  }

  /** Whether the kernel has nothing to add. */
  boolean complete() {
    return complete;
  }

  /**
   * Whether something changed between two parts of the list, which may then lack some entries and
   * have others twice.
   */
  boolean interrupted() {
    return interrupted;
  }

  /** The errno with which the kernel refused, or ended early; 0 if it did not. */
  int error() {
    return error;
  }

  /** The parts. */
  List<Message> messages() {
    return messages;
  }
}
