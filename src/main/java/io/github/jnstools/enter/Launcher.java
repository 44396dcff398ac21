package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Command.Stdio;
import io.github.jnstools.proc.Procfs;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.Sys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Launches programs in other namespaces: beside this JVM, or in its place. */
public final class Launcher {
  private static final String NAME = "jnstools";
  private static final int SIGCHLD = 17;

  private Launcher() {}

  /**
   * Starts a program in a child process and returns when it has been executed.
   *
   * <p>The calling thread stays where it is, whatever the program joins: user and time namespaces
   * too. Privilege: what setns(2) asks for, of this process.
   *
   * @throws NamespaceException if a step failed; nothing runs then
   */
  public static Child launch(Command command) throws NamespaceException {
    if (command.preservedDescriptors() > 0) {
      throw new IllegalArgumentException("descriptors are preserved only in place of this JVM");
    }
    requireChildrenCanBeWaitedFor();
    List<Fd> ours = new ArrayList<>();
    List<Fd> theirs = new ArrayList<>();
    try (Plan plan = Plan.of(command)) {
      Fd[] report = Sys.pipe();
      ours.add(report[0]);
      theirs.add(report[1]);
      List<int[]> inherited = new ArrayList<>();
      Fd[] streams = streams(command.stdio(), ours, theirs, inherited);
      inherited.add(new int[] {report[1].number(), report[1].number()});
      for (int number : plan.descriptors(0)) {
        inherited.add(new int[] {number, number});
      }
      List<Step> steps = plan.stageSteps(0, report[1].number(), NAME);
      int pid;
      try (Stage stage = Stage.of(steps, command.argv(), environment(command))) {
        pid = stage.spawn(inherited);
      }
      Child child = new Child(pid, pin(pid), streams);
      closeAll(theirs);
      requireExecuted(child, steps, Sys.readAll(report[0], "report"));
      report[0].close();
      ours.clear();
      return child;
    } finally {
      closeAll(theirs);
      closeAll(ours);
    }
  }

  /** Of a process that ignores SIGCHLD the kernel keeps no exit status, and gives the pid away. */
  private static void requireChildrenCanBeWaitedFor() throws NamespaceException {
    long ignored;
    try {
      ignored = Procfs.HERE.status("self").ignoredSignals();
    } catch (IOException e) {
      throw new NamespaceException("open", "/proc/self/status", e.toString(), null);
    }
    if ((ignored >> (SIGCHLD - 1) & 1) != 0) {
      throw new NamespaceException(
          "launch",
          "SIGCHLD",
          "this JVM ignores the signal, so no child of it can be waited for",
          "start the JVM with the signal at its default");
    }
  }

  /** A child that cannot be pinned could not be waited for either, so it is ended. */
  private static Fd pin(int pid) throws NamespaceException {
    try {
      return Sys.pidfdOpen(pid);
    } catch (NamespaceException e) {
      Sys.endChild(pid);
      throw e;
    }
  }

  /**
   * The stage says what failed, or that all is done but the exec, and then perhaps that this
   * failed.
   */
  private static void requireExecuted(Child child, List<Step> steps, byte[] message)
      throws NamespaceException {
    ByteBuffer words = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
    int last = message.length - 2 * Integer.BYTES;
    int index = last < 0 ? steps.size() : words.getInt(last);
    if (index < 0) {
      return;
    }
    child.reap();
    child.close();
    if (index == steps.size()) {
      throw new NamespaceException(
          "stage", NAME, "it was ended before it could execute the program", null);
    }
    Step step = steps.get(index);
    throw new NamespaceException(
        step.operation(), step.context(), words.getInt(last + Integer.BYTES));
  }

  private static Fd[] streams(
      List<Stdio> stdio, List<Fd> ours, List<Fd> theirs, List<int[]> inherited)
      throws NamespaceException {
    Fd[] streams = new Fd[3];
    for (int number = 0; number < streams.length; number++) {
      switch (stdio.get(number)) {
        case INHERIT -> {}
        case DISCARD -> {
          Fd none = Sys.open(OsString.of("/dev/null"), number == 0 ? Sys.O_RDONLY : Sys.O_WRONLY);
          theirs.add(none);
          inherited.add(new int[] {none.number(), number});
        }
        case PIPE -> {
          Fd[] pipe = Sys.pipe();
          Fd outer = number == 0 ? pipe[1] : pipe[0];
          Fd inner = number == 0 ? pipe[0] : pipe[1];
          ours.add(outer);
          theirs.add(inner);
          streams[number] = outer;
          inherited.add(new int[] {inner.number(), number});
        }
        default -> throw new IllegalStateException();
      }
    }
    return streams;
  }

  /**
   * Replaces this JVM by a program: the process keeps its pid, its terminal and its parent. Where a
   * PID namespace is joined, the process becomes the small one that waits for the program.
   *
   * <p>Returns only by throwing; the calling thread's namespaces are unchanged then, but other
   * processes of its user may no longer inspect the JVM (PR_SET_DUMPABLE is 0).
   *
   * @param name of the command, for messages once the JVM is gone
   * @param argv what the waiting process shows as its own
   * @throws NamespaceException if a step that a JVM can take failed; later ones are reported on
   *     stderr, with exit status 1, 126 or 127
   */
  public static void become(Command command, String name, List<OsString> argv)
      throws NamespaceException {
    try (Plan plan = Plan.of(command)) {
      int first = plan.threadSteps();
      List<Step> rest = plan.stageSteps(first, -1, name);
      try (Stage stage = Stage.of(rest, argv, environment(command))) {
        NamespaceThread.become(plan, stage, plan.descriptors(first));
      }
    }
  }

  private static List<OsString> environment(Command command) throws NamespaceException {
    if (command.environment().isPresent()) {
      return command.environment().get();
    }
    try {
      return Environment.ofThisProcess();
    } catch (IOException e) {
      throw new NamespaceException("open", "/proc/self/environ", e.toString(), null);
    }
  }

  private static void closeAll(List<Fd> fds) {
    for (Fd fd : fds) {
      fd.close();
    }
  }
}
