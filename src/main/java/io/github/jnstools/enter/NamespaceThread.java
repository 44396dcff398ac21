package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.sys.Fd;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/**
 * Runs Java in other namespaces: on a fresh platform thread that joins them, runs one task, and
 * dies. No other thread moves, and the one that moved is never used again.
 *
 * <p>What the task does on its own thread happens inside: sockets that it opens belong to the
 * network namespace joined for as long as they are open, whichever thread uses them later. What it
 * has other threads do does not: a thread pool, an HttpClient or a virtual thread may have been
 * started elsewhere; worse, one that the task is the first to use starts inside and stays there. So
 * open sockets and read files in the task, and hand them out. {@code java.net.NetworkInterface}
 * mixes namespaces and is not to be trusted inside. The JDK keeps a socket of its own from the
 * first one on: open and close one outside, or the first task's network namespace lives as long as
 * the JVM. After a join of PID the task cannot start threads, and after one of MNT it should load
 * no new classes.
 */
public final class NamespaceThread {
  private NamespaceThread() {}

  /**
   * Calls a task inside.
   *
   * <p>Thread effect: none on the calling thread. Privilege: CAP_SYS_ADMIN over the owner of each
   * namespace and in the caller's user namespace, for MNT also CAP_SYS_CHROOT. Man: setns(2).
   *
   * @param namespaces what to join; stays the caller's to close
   * @return what the task returned
   * @throws NamespaceException if a join failed, or one was asked for that needs a process with a
   *     single thread (TIME, USER): {@link Launcher} does those. The task has not run then
   * @throws ExecutionException if the task threw; its cause is what it threw
   * @throws InterruptedException if the caller was interrupted; the task's thread is interrupted
   *     too, may still run for a while, and its result is lost
   */
  public static <T> T call(NamespaceSet namespaces, Callable<T> task)
      throws NamespaceException, ExecutionException, InterruptedException {
    List<Step> joins = Planner.joins(namespaces);
    for (Step join : joins) {
      if (!join.runsInThread()) {
        throw new NamespaceException(
            join.operation(),
            join.context(),
            "the kernel wants a process with a single thread for this, and a JVM has many",
            "launch a program there instead");
      }
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    try (Fd proc = Planner.openProc()) {
      CountDownLatch joined = new CountDownLatch(1);
      Worker worker =
          new Worker(
              new Callable<T>() {
                @Override
                public T call() throws Exception {
                  try {
                    for (Step join : joins) {
                      join.runInThread(proc.number());
                    }
                  } finally {
                    joined.countDown();
                  }
                  return inside(task);
                }
              });
      try {
        @SuppressWarnings("unchecked")
        T value = (T) worker.runToEnd();
        return value;
      } catch (InterruptedException e) {
        // The caller may close the namespaces now: not while the thread still joins them.
        awaitUninterruptibly(joined);
        throw e;
      }
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a plan's leading steps, then replaces this process by the stage. */
  static void become(Plan plan, Stage stage, List<Integer> inherited) throws NamespaceException {
    Worker worker =
        new Worker(
            new Callable<Void>() {
              @Override
              public Void call() throws NamespaceException {
                plan.runInThread();
                stage.become(inherited);
                return null;
              }
            });
    try {
      worker.runToEnd();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sets a failure of the task apart from one of a join. */
  private static <T> T inside(Callable<T> task) throws ExecutionException {
    try {
      return task.call();
    } catch (Throwable e) {
      throw new ExecutionException(e);
    }
  }

  private static final class Worker extends Thread {
    private final Callable<?> joinAndRun;
    private Object result;
    private Throwable failure;

    Worker(Callable<?> joinAndRun) {
      super(null, null, "jnstools-namespace", 0, false);
      this.joinAndRun = joinAndRun;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        result = joinAndRun.call();
      } catch (Throwable e) {
        failure = e;
      }
    }

    Object runToEnd() throws NamespaceException, ExecutionException, InterruptedException {
      start();
      try {
        join();
      } catch (InterruptedException e) {
        interrupt();
        throw e;
      }
      if (failure instanceof NamespaceException ours) {
        throw ours;
      }
      if (failure instanceof ExecutionException tasks) {
        throw tasks;
      }
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
      return result;
    }
  }
}
