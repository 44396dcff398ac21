package io.github.jnstools.harness;

import io.github.jnstools.enter.Child;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Launcher;
import io.github.jnstools.netns.OwnerMark;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/** A process that sleeps in a network namespace of its own. Closing it ends it. */
public final class Sleeper implements AutoCloseable {
  private static final int KILL = 9;

  private final Child process;
  private final int pid;
  private final long startTime;
  private boolean ended;

  private Sleeper(Child process) throws IOException {
    this.process = process;
    this.pid = process.pid();
    this.startTime = startTime(pid);
  }

  /** Starts one. */
  public static Sleeper start() throws Exception {
    return start("unshare", "--net");
  }

  /** Starts one by a command that becomes another program, and that in another namespace. */
  public static Sleeper start(String... how) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(how).subList(1, how.length));
    arguments.addAll(List.of("sleep", "1000000"));
    Command command = Command.of(how[0], arguments.toArray(new String[0]));
    Sleeper sleeper = new Sleeper(Launcher.launch(command));
    Poll.until(
        "sleep of " + String.join(" ", how),
        () -> Proc.text(sleeper.pid, "comm").equals("sleep\n"));
    return sleeper;
  }

  /** When the process of a pid was started, in clock ticks since boot. */
  public static long startTime(long pid) throws IOException {
    String stat = Proc.text(pid, "stat");
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }

  /** Its pid. */
  public int pid() {
    return pid;
  }

  /** When it was started, in clock ticks since boot. */
  public long startTime() {
    return startTime;
  }

  /** Where a link to its network namespace leads. */
  public String file() {
    return "/proc/" + pid + "/ns/net";
  }

  /** Its network namespace: {@code net:[4026532411]}. */
  public String net() throws IOException {
    return Proc.ns(pid, "net");
  }

  /** What an entry says that was made for it as for a container. */
  public OwnerMark owner(String name) {
    return new OwnerMark("docker", "", "id-of-" + name, name, pid, startTime);
  }

  /** Ends it; its parent has seen that. */
  public void end() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    try (process) {
      process.signal(KILL);
      process.waitFor();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  @Override
  public void close() throws IOException {
    end();
  }
}
