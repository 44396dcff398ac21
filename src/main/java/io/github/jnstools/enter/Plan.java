package io.github.jnstools.enter;

import io.github.jnstools.Hint;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.sys.Fd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The ordered steps of a launch, and the descriptors that they use.
 *
 * <p>A leading part may run in a thread of the JVM; the rest needs the stage. Immutable; closing it
 * closes the descriptors that making it has opened.
 */
public final class Plan implements AutoCloseable {
  private static final int HEADER = 6 * Long.BYTES;

  private final List<Step> steps;
  private final Fd proc;
  private final long blockedSignals;
  private final long ignoredSignals;
  private final List<Fd> opened;

  Plan(List<Step> steps, Fd proc, long blockedSignals, long ignoredSignals, List<Fd> opened) {
    this.steps = List.copyOf(steps);
    this.proc = proc;
    this.blockedSignals = blockedSignals;
    this.ignoredSignals = ignoredSignals;
    this.opened = List.copyOf(opened);
  }

  /**
   * Works out the steps for a command, and opens all that they need.
   *
   * @throws NamespaceException if something cannot be opened; nothing stays open then
   */
  public static Plan of(Command command) throws NamespaceException {
    return new Planner(command).plan();
  }

  /** The steps, one a line in strace's spelling. */
  public List<String> explain() {
    List<String> lines = new ArrayList<>();
    for (Step step : steps) {
      lines.add(step.label());
    }
    return lines;
  }

  /** How many steps, from the first, a thread may run. */
  int threadSteps() {
    int n = 0;
    while (n < steps.size() && steps.get(n).runsInThread()) {
      n++;
    }
    return n;
  }

  /**
   * Runs the leading steps in the calling thread, which is not to be used for anything else then.
   */
  void runInThread() throws NamespaceException {
    for (Step step : steps.subList(0, threadSteps())) {
      step.runInThread(proc.number());
    }
  }

  /** The steps that the stage is to run, with what it has to know before the first. */
  List<Step> stageSteps(int first, int report, String name) {
    List<Step> all = new ArrayList<>();
    all.add(Step.of(Step.Op.START, "start", name, report, proc.number(), OsString.ofLatin1(name)));
    all.add(
        Step.of(Step.Op.SIGNALS, "rt_sigprocmask", "SIG_SETMASK", blockedSignals, ignoredSignals));
    all.addAll(steps.subList(first, steps.size()));
    return all;
  }

  /** The descriptors that the steps from one on need, besides the plan's own. */
  List<Integer> descriptors(int first) {
    List<Integer> numbers = new ArrayList<>();
    numbers.add(proc.number());
    for (Step step : steps.subList(first, steps.size())) {
      if (step.descriptor() >= 0 && !numbers.contains(step.descriptor())) {
        numbers.add(step.descriptor());
      }
    }
    return numbers;
  }

  /** The steps in the wire form, each followed by the hints for its errors. */
  static byte[] encode(List<Step> steps) {
    List<byte[]> records = new ArrayList<>();
    int size = 0;
    for (Step step : steps) {
      size += add(records, step);
      for (Hint hint : Hint.of(step.operation(), step.context())) {
        OsString text = OsString.ofLatin1(hint.text());
        size += add(records, Step.of(Step.Op.HINT, "", "", hint.errno().number(), 0, text));
      }
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (byte[] record : records) {
      all.put(record);
    }
    return all.array();
  }

  private static int add(List<byte[]> records, Step step) {
    byte[] record = encode(step);
    records.add(record);
    return record.length;
  }

  private static byte[] encode(Step step) {
    List<byte[]> texts = new ArrayList<>();
    texts.add(step.label().getBytes(StandardCharsets.UTF_8));
    for (OsString string : step.strings()) {
      texts.add(string.bytes());
    }
    int length = 0;
    for (byte[] text : texts) {
      length += text.length + 1;
    }
    int padded = (length + 7) / 8 * 8;
    ByteBuffer record = ByteBuffer.allocate(HEADER + padded).order(ByteOrder.nativeOrder());
    record.putLong(step.op().ordinal());
    record.putLong(step.a()).putLong(step.b()).putLong(step.c()).putLong(step.d());
    record.putLong(padded);
    for (byte[] text : texts) {
      record.put(text).put((byte) 0);
    }
    return record.array();
  }

  @Override
  public void close() {
    for (Fd fd : opened) {
      fd.close();
    }
  }
}
