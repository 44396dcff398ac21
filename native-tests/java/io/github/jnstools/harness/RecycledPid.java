package io.github.jnstools.harness;

import io.github.jnstools.enter.Child;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Launcher;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One pid that several processes have, one after the other. The kernel gives a process the number
 * that follows the last one given, and that can be set.
 */
public final class RecycledPid implements AutoCloseable {
  private static final int KILL = 9;
  private static final Path LAST = Path.of("/proc/sys/kernel/ns_last_pid");
  private static final String[] SLEEP = {"sleep", "1000000"};

  private final String[] elsewhere;
  private final String net;
  // Not a java.lang.Process: the JDK mixes up processes that have one pid in quick succession.
  private Child process;
  private long pid;

  /** Strangers are in the network and UTS namespaces of this container. */
  public RecycledPid(Container container) throws IOException {
    String ns = "/proc/" + container.pid() + "/ns/";
    elsewhere =
        new String[] {
          Tools.NSENTER, "--net=" + ns + "net", "--uts=" + ns + "uts", "sleep", "1000000"
        };
    net = Proc.ns(container.pid(), "net");
  }

  /** Starts a first process, in this JVM's namespaces. */
  public int first() throws IOException {
    process = start(SLEEP);
    pid = process.pid();
    return (int) pid;
  }

  /** Ends the process; its pid then belongs to one elsewhere. */
  public void stranger() throws Exception {
    replace(elsewhere);
    Poll.until("a stranger elsewhere", () -> Proc.ns(pid, "net").equals(net));
  }

  /** Ends the process; its pid then belongs to one elsewhere, or to one here. */
  public void strangerOrHome(boolean stranger) throws Exception {
    if (stranger) {
      stranger();
    } else {
      replace(SLEEP);
    }
  }

  private void replace(String[] command) throws Exception {
    end();
    Poll.until(
        "pid " + pid + " again",
        () -> {
          Files.writeString(LAST, Long.toString(pid - 1));
          process = start(command);
          if (process.pid() == pid) {
            return true;
          }
          end();
          return false;
        });
  }

  private static Child start(String[] command) throws IOException {
    String[] arguments = Arrays.copyOfRange(command, 1, command.length);
    return Launcher.launch(Command.of(command[0], arguments));
  }

  /** When the process that has the pid now was started, in clock ticks since boot. */
  public long startTime() throws IOException {
    String stat = Proc.text(pid, "stat");
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }

  /** Ends the process that has the pid now. */
  public void end() throws IOException {
    if (process == null) {
      return;
    }
    try (Child ending = process) {
      process = null;
      ending.signal(KILL);
      ending.waitFor();
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  @Override
  public void close() throws IOException {
    end();
  }
}
