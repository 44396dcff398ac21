package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Proc;
import io.github.jnstools.proc.ProcStat;
import java.io.IOException;
import java.util.List;

/** Compares what an engine's files say of containers with what {@code /proc} does. */
final class OnDisk {
  private OnDisk() {}

  /** The one that a reference means. */
  static Known find(Engine engine, String reference) throws IOException {
    List<Known> found = engine.find(reference);
    assertEquals(1, found.size(), reference + ": " + found);
    return found.get(0);
  }

  /** Fails unless that is of this process, and the record of its start is true. */
  static void assertRuns(long pid, Known known) throws IOException {
    assertEquals(pid, known.pid(), known.toString());
    assertEquals(
        ProcStat.parse(Proc.text(pid, "stat")).startTime(),
        known.recordedStart().orElseThrow(),
        known.toString());
    assertEquals("running", known.status());
    assertTrue(Proc.text(pid, "cgroup").contains(known.id()), known.toString());
  }

  /** The ids of those that run. */
  static List<String> running(Engine engine) throws IOException {
    return engine.running().stream().map(Known::id).sorted().toList();
  }
}
