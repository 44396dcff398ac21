package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One pid that several processes have, one after the other. The kernel gives a process the number
 * that follows the last one given, and that can be set.
 */
public final class RecycledPid implements AutoCloseable {
  private static final Path LAST = Path.of("/proc/sys/kernel/ns_last_pid");
  private static final List<String> SLEEP = List.of("sleep", "1000000");

  private final List<String> elsewhere;
  private final String net;
  private Process process;
  private long pid;

  /** Strangers are in the network and UTS namespaces of this container. */
  public RecycledPid(Container container) throws IOException {
    String ns = "/proc/" + container.pid() + "/ns/";
    elsewhere =
        List.of(Tools.NSENTER, "--net=" + ns + "net", "--uts=" + ns + "uts", "sleep", "1000000");
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

  private void replace(List<String> command) throws Exception {
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

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).start();
  }

  /** When the process that has the pid now was started, in clock ticks since boot. */
  public long startTime() throws IOException {
    String stat = Proc.text(pid, "stat");
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }

  /** Ends the process that has the pid now. */
  public void end() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    end();
  }
}
