package io.github.jnstools.container;

import com.sun.jna.Function;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs a part of a test as a user whom file permissions hold. */
final class AsNobody {
  private static final int NOBODY = 65534;

  /** The number of setresuid(2). */
  private static final Map<String, Integer> SETRESUID = Map.of("amd64", 117, "aarch64", 147);

  private AsNobody() {}

  static <T> T call(Callable<T> task) throws Exception {
    if (!Files.readString(Path.of("/proc/self/status")).contains("\nUid:\t0\t")) {
      return task.call();
    }
    FutureTask<T> future =
        new FutureTask<>(
            () -> {
              // The system call is of one thread; libc's function would be of all.
              Function syscall = Function.getFunction("c", "syscall");
              Object number = SETRESUID.get(System.getProperty("os.arch"));
              if (syscall.invokeInt(new Object[] {number, NOBODY, NOBODY, NOBODY}) != 0) {
                throw new AssertionError("still root");
              }
              return task.call();
            });
    Thread thread = new Thread(future);
    thread.start();
    thread.join();
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
