package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.Errno;
import io.github.jnstools.Hint;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Step.Op;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {

  /** A step as the stage reads it. */
  private record Wire(long op, long a, long b, long c, long d, List<String> strings) {}

  private static List<Wire> decode(byte[] bytes) {
    List<Wire> records = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    while (in.hasRemaining()) {
      long[] numbers = new long[6];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = in.getLong();
      }
      assertEquals(0, numbers[5] % 8);
      byte[] text = new byte[(int) numbers[5]];
      in.get(text);
      assertEquals(0, text[text.length - 1]);
      String all = new String(text, StandardCharsets.ISO_8859_1);
      List<String> strings = new ArrayList<>(List.of(all.split("\0", -1)));
      records.add(new Wire(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], strings));
    }
    return records;
  }

  @Test
  void hasAWireFormOfSixNumbersAndTexts() {
    byte[] expected =
        ByteBuffer.allocate(6 * 8 + 16)
            .order(ByteOrder.nativeOrder())
            .putLong(Op.CAPSET.ordinal())
            .putLong(-1)
            .putLong(Long.MIN_VALUE)
            .putLong(3)
            .putLong(4)
            .putLong(16)
            .put("op(ctx)\0a\0\0".getBytes(StandardCharsets.US_ASCII))
            .array();
    List<OsString> strings = List.of(OsString.of("a"), OsString.of(""));
    Step step = new Step(Op.CAPSET, -1, Long.MIN_VALUE, 3, 4, strings, "op", "ctx");
    assertArrayEquals(expected, Plan.encode(List.of(step)));
  }

  @Test
  void padsEachRecordToEightBytes() {
    for (int length = 0; length < 17; length++) {
      Step step = Step.of(Op.CHDIR, "c", "x", 0, 0, OsString.of("y".repeat(length)));
      byte[] bytes = Plan.encode(List.of(step, step));
      assertEquals(2 * (48 + (5 + length + 1 + 7) / 8 * 8), bytes.length);
      List<Wire> records = decode(bytes);
      assertEquals(records.get(0), records.get(1));
      assertEquals(List.of("c(x)", "y".repeat(length)), records.get(0).strings().subList(0, 2));
    }
  }

  @Test
  void keepsBytesOfStringsAndShowsLabelsInUtf8() {
    OsString odd = OsString.ofBytes((byte) 0xff, (byte) 0xc3, (byte) 0xa9);
    Step step = Step.of(Op.CHDIR, "chdir", odd.toString(), 0, 0, odd);
    Wire record = decode(Plan.encode(List.of(step))).get(0);
    assertEquals(
        List.of("chdir(\\xff\u00c3\u00a9)", "\u00ff\u00c3\u00a9"), record.strings().subList(0, 2));
  }

  @Test
  void sendsTheHintsOfAStepAfterIt() {
    Step mount = Step.of(Op.MOUNT, "mount", "proc, /proc, proc", 0, 0);
    Step exec = Step.of(Op.EXEC, "exec", "top", 1, 0, OsString.of("top"), OsString.of("top"));
    List<Wire> records = decode(Plan.encode(List.of(mount, exec)));
    List<Hint> hints = new ArrayList<>(Hint.of("mount", "proc, /proc, proc"));
    assertEquals(2, hints.size());
    hints.addAll(Hint.of("exec", "top"));
    assertEquals(2 + hints.size(), records.size());
    assertEquals(Op.MOUNT.ordinal(), records.get(0).op());
    assertEquals(Op.EXEC.ordinal(), records.get(3).op());
    List<Wire> sent = new ArrayList<>(records.subList(1, 3));
    sent.addAll(records.subList(4, records.size()));
    for (int i = 0; i < sent.size(); i++) {
      assertEquals(Op.HINT.ordinal(), sent.get(i).op());
      assertEquals(hints.get(i).errno().number(), sent.get(i).a());
      assertEquals(hints.get(i).text(), sent.get(i).strings().get(1));
    }
    assertEquals(Errno.ENOENT.number(), sent.get(2).a());
  }

  @Test
  void isEmptyForNoSteps() {
    assertEquals(0, Plan.encode(List.of()).length);
  }

  @Test
  void tellsTheStageItsReportItsProcAndTheSignals() throws Exception {
    Command command = Command.of("true").withIgnoredSignals(0x1001);
    try (Plan plan = Plan.of(command)) {
      List<Step> steps = plan.stageSteps(0, 9, "jnsenter");
      Step start = steps.get(0);
      assertEquals(Op.START, start.op());
      assertEquals(9, start.a());
      assertEquals(plan.descriptors(0).get(0), (int) start.b());
      assertEquals(List.of(OsString.of("jnsenter")), start.strings());
      Step signals = steps.get(1);
      assertEquals(Op.SIGNALS, signals.op());
      assertEquals(0x1001, signals.b());
      assertEquals(plan.explain().size() + 2, steps.size());
      assertEquals(
          plan.explain(), steps.subList(2, steps.size()).stream().map(Step::label).toList());
    }
  }

  @Test
  void sendsTheStageOnlyTheStepsFromOneOn() throws Exception {
    try (Namespace uts = Namespace.ofThread(io.github.jnstools.NamespaceType.UTS);
        Plan plan = Plan.of(Command.of("true").withNamespaces(NamespaceSet.of(uts)))) {
      assertEquals(2, plan.threadSteps());
      List<Step> rest = plan.stageSteps(plan.threadSteps(), -1, "jnsenter");
      assertEquals(List.of(Op.START, Op.SIGNALS, Op.EXEC), rest.stream().map(Step::op).toList());
      assertTrue(plan.descriptors(0).contains(uts.descriptor()));
      assertEquals(1, plan.descriptors(plan.threadSteps()).size());
    }
  }
}
