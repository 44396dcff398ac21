package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ends or stops a command between two of its system calls, by strace(1). */
public final class Strace implements AutoCloseable {
  private static final String STOPPED = "--- stopped by SIGSTOP ---";

  /**
   * What changes files, mounts or locks, or says so. Not open(2), of which the JVM makes hundreds:
   * a file that it makes is there before the next of these.
   */
  private static final String CHANGES =
      "mkdir,mkdirat,rmdir,unlink,unlinkat,link,linkat,symlink,symlinkat,mknod,mknodat,rename"
          + ",renameat,renameat2,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,truncate"
          + ",ftruncate,setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,mount"
          + ",umount2,open_tree,move_mount,mount_setattr,flock,write";

  private static final Pattern CALL = Pattern.compile("(\\d+) +([a-z_0-9]+)\\(.*");

  private final Path log;
  private final String tool;
  private final String changes;

  private Strace(Path log, String tool, String changes) {
    this.log = log;
    this.tool = tool;
    this.changes = changes;
  }

  /** One, for one run of {@code jnetns} after the other. */
  public static Strace make() throws IOException {
    return of(Tools.JNETNS, CHANGES);
  }

  /** One, for one run of {@code jdocknet} after the other, between changes of its own files. */
  public static Strace ofJdocknet() throws IOException {
    return of(Tools.JDOCKNET, "mkdir,rename");
  }

  private static Strace of(String tool, String changes) throws IOException {
    return new Strace(Files.createTempFile("jnstools-strace", ""), tool, changes);
  }

  private List<String> command(
      List<String> selection, String step, String signal, String slow, String... rest) {
    String[] call = (step + "#1").split("#");
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", log.toString()));
    if (call[1].equals("1") && slow == null) {
      command.add("--seccomp-bpf"); // faster, but then strace 6.1 does not count
    }
    command.addAll(selection);
    command.addAll(List.of("-e", "inject=" + call[0] + ":signal=" + signal + ":when=" + call[1]));
    if (slow == null) {
      command.addAll(List.of("-e", "trace=" + call[0]));
    } else {
      command.addAll(List.of("-e", "trace=" + call[0] + "," + slow));
      command.addAll(List.of("-e", "inject=" + slow + ":delay_enter=2000000"));
    }
    command.add(tool);
    command.addAll(Arrays.asList(rest));
    return command;
  }

  /**
   * Runs the command to its end, and tells each system call that has changed something, and which
   * one of these in its thread: {@code mkdir#1, mkdir#2, flock#1}.
   */
  public List<String> changes(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "--seccomp-bpf"));
    command.addAll(List.of("-o", log.toString(), "-e", "trace=" + changes, tool));
    command.addAll(Arrays.asList(arguments));
    Run.of("", Map.of(), command).mustSucceed();
    Map<String, Integer> counts = new HashMap<>();
    Set<String> steps = new LinkedHashSet<>();
    for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
      Matcher call = CALL.matcher(line);
      if (call.matches()) {
        steps.add(
            call.group(2) + "#" + counts.merge(call.group(1) + call.group(2), 1, Integer::sum));
      }
    }
    return List.copyOf(steps);
  }

  /**
   * Runs the command until it is killed.
   *
   * @param step the system call that is not made any more, and which one of these: {@code write#2}
   */
  public Run killBefore(String step, String... arguments) throws Exception {
    return Run.of("", Map.of(), command(List.of(), step, "KILL", null, arguments));
  }

  /**
   * Starts the command, and waits until it is stopped.
   *
   * @param step the last system call that is made, and which one of these: {@code write#2}
   */
  public Running stopAfter(String step, String... arguments) throws Exception {
    return stopped(command(List.of(), step, "STOP", null, arguments));
  }

  /** Does so where only calls count that have to do with one file. */
  public Running stopAfter(Path file, String step, String... arguments) throws Exception {
    return stopped(command(List.of("-P", file.toString()), step, "STOP", null, arguments));
  }

  /** Does so, and has another of its calls take two seconds, once it goes on. */
  public Running stopAfterAndDelay(String step, String slow, String... arguments) throws Exception {
    return stopped(command(List.of(), step, "STOP", slow, arguments));
  }

  private Running stopped(List<String> command) throws Exception {
    Running running = Running.start(Map.of(), command);
    try {
      Poll.until(
          () -> "a stop of " + running,
          () -> {
            if (!running.lives()) {
              throw new AssertionError("has not stopped: " + running);
            }
            return Files.readString(log).contains(STOPPED);
          });
      return running;
    } catch (Throwable e) {
      running.close();
      throw e;
    }
  }

  /** Lets the command that is stopped go on. */
  public void goOn() throws Exception {
    signal("CONT");
  }

  /** Sends a signal to the command that was stopped. */
  public void signal(String name) throws Exception {
    for (String line : Files.readAllLines(log)) {
      if (line.endsWith(STOPPED)) {
        Run.of("kill", "-" + name, line.split(" ")[0]).mustSucceed();
        return;
      }
    }
    throw new AssertionError("nothing is stopped");
  }

  @Override
  public void close() throws IOException {
    Files.delete(log);
  }
}
