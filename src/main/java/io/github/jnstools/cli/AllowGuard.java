package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.cli.AllowRecord.Changed;
import io.github.jnstools.cli.AllowRecord.State;
import io.github.jnstools.enter.Environment;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.UserChain;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A process that takes back what {@code jdocknet allow} wrote, unless somebody confirms it in time.
 * It has a session of its own, so that it outlives the terminal, the connection and the command; it
 * is there before the rules are written, and asks nobody but the programs of iptables.
 */
final class AllowGuard {
  private static final String READY = "ready";
  private static final Duration LOOK = Duration.ofMillis(100);

  private final AllowJournal journal;
  private final HostTexts host;
  private final String id;

  AllowGuard(AllowJournal journal, HostTexts host, String id) {
    this.journal = journal;
    this.host = host;
    this.id = id;
  }

  /** Starts one for a write that has been recorded, and waits until it is ready. */
  static void start(String id, int seconds) throws IOException {
    List<String> command = ownCommand();
    command.addAll(List.of(AllowGuard.class.getName(), id, Integer.toString(seconds)));
    String said = SystemTool.require("setsid", "install util-linux").start(command);
    if (!said.equals(READY)) {
      throw new NamespaceException(
          "start",
          "the process that takes it back",
          said.isEmpty() ? "it ended at once" : said,
          null);
    }
  }

  /** Java and its options, as the launcher has started this process. */
  private static List<String> ownCommand() throws IOException {
    List<String> command = new ArrayList<>();
    for (OsString word : Environment.parse(Files.readAllBytes(Path.of("/proc/self/cmdline")))) {
      String text = Containers.text(word.toLatin1());
      if (text.equals(Main.class.getName())) {
        return command;
      }
      command.add(text);
    }
    throw new NamespaceException(
        "start", "the process that takes it back", "not run by the launcher", null);
  }

  /** The arguments are the id of a write and how many seconds it waits. */
  public static void main(String[] arguments) {
    Console console = Main.console();
    int status = 1;
    try {
      AllowJournal journal = AllowJournal.ofHere();
      FileChannel guard = journal.guard();
      console.print(READY + "\n");
      new AllowGuard(journal, new LiveHost(), arguments[0])
          .run(Duration.ofSeconds(Integer.parseInt(arguments[1])));
      guard.close();
      status = 0;
    } catch (IOException e) {
      console.error(e.getMessage());
    }
    Runtime.getRuntime().halt(status);
  }

  /** Waits for somebody to confirm it, and takes it back if nobody does. */
  void run(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (journal.waits(id)) {
      if (System.nanoTime() - deadline >= 0) {
        takeBack();
        return;
      }
      try {
        Thread.sleep(LOOK.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void takeBack() throws IOException {
    // Whoever writes now has begun before, and has not come to an end.
    FileChannel lock = journal.lock();
    try {
      if (journal.waits(id)) {
        AllowRecord record = journal.read().orElseThrow();
        try {
          journal.write(takenBack(record));
        } catch (IOException e) {
          journal.write(record.with(State.LEFT, e.getMessage()));
        }
      }
    } finally {
      lock.close();
    }
  }

  private AllowRecord takenBack(AllowRecord record) throws IOException {
    SortedMap<IpFamily, UserChain> back = new TreeMap<>();
    List<String> left = new ArrayList<>();
    for (Changed chain : record.chains()) {
      Optional<UserChain> now = UserChains.read(host, chain.family());
      if (chain.isDone(now)) {
        back.put(chain.family(), chain.before());
      } else if (!chain.isUndone(now)) {
        left.add(UserChain.place(chain.family()));
      }
    }
    UserChains.test(back);
    UserChains.write(back);
    return left.isEmpty()
        ? record.reverted()
        : record.with(
            State.LEFT, "somebody else has changed it meanwhile: " + String.join(", ", left));
  }
}
