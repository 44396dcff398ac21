package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.cli.AllowRecord.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** That somebody who still reaches this host says that what was written may stay. */
final class AllowConfirmation {
  private static final Path INPUT = Path.of("/proc/self/fd/0");
  private static final long LOOK = 100;

  private final AllowJournal journal;
  private final Console console;

  AllowConfirmation(AllowJournal journal, Console console) {
    this.journal = journal;
    this.console = console;
  }

  /** Confirms the last write. */
  int confirm() throws IOException {
    FileChannel lock = journal.lock();
    try {
      Optional<AllowRecord> record = journal.read();
      if (record.isEmpty() || record.get().state() != State.WAITS) {
        throw failure(record);
      }
      journal.write(record.get().with(State.KEPT, ""));
    } finally {
      lock.close();
    }
    return 0;
  }

  private static NamespaceException failure(Optional<AllowRecord> record) {
    String reason =
        switch (record.map(AllowRecord::state).orElse(State.KEPT)) {
          case REVERTED -> "too late: it was taken back";
          case LEFT -> "it was not taken back: " + record.get().note();
          case WAITS, KEPT -> "no write waits to be confirmed";
        };
    return new NamespaceException("allow", AllowAction.CONFIRM.word(), reason, null);
  }

  /** Says that a write waits; at a terminal, until somebody confirms it there or elsewhere. */
  int await(String id, int seconds) throws IOException {
    boolean terminal = isTerminal();
    console.error(
        Jdocknet.NAME
            + ": in "
            + seconds
            + " seconds it is taken back, unless "
            + (terminal ? "Enter is pressed here, or " : "")
            + "'jdocknet allow confirm' is run");
    if (!terminal) {
      return 0;
    }
    InputStream input = System.in;
    // What was typed before the rules were there confirms nothing.
    input.readNBytes(input.available());
    while (journal.waits(id)) {
      if (input.available() > 0) {
        return confirm();
      }
      if (!journal.isGuarded()) {
        break;
      }
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 1;
      }
    }
    Optional<AllowRecord> record = journal.read();
    if (record.isPresent() && record.get().state() != State.KEPT) {
      throw ended(record.get());
    }
    return 0;
  }

  private static NamespaceException ended(AllowRecord record) {
    return new NamespaceException(
        "allow",
        AllowAction.CONFIRM.word(),
        switch (record.state()) {
          case REVERTED -> "nobody confirmed it: it was taken back";
          case LEFT -> "nobody confirmed it, and it was not taken back: " + record.note();
          case WAITS, KEPT -> "the process has ended that would have taken it back: it stays";
        },
        null);
  }

  private static boolean isTerminal() throws IOException {
    String input = Files.readSymbolicLink(INPUT).toString();
    return input.startsWith("/dev/pts/")
        || input.startsWith("/dev/tty")
        || input.equals("/dev/console");
  }
}
