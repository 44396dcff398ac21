package io.github.jnstools.sys;

import com.sun.jna.Memory;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program, its arguments and its environment, ready in native memory: after a join of a mount
 * namespace nothing is left to be loaded.
 */
public final class Image implements AutoCloseable {
  // posix_spawn_file_actions_t has 80 bytes in glibc on x86-64 and aarch64.
  private static final int ACTIONS_SIZE = 256;
  private static final int F_SETFD = 2;

  private final Fd file;
  private final StringArray argv;
  private final StringArray environment;

  /** Of the program behind a descriptor, which stays the caller's to close. */
  public Image(Fd file, List<OsString> argv, List<OsString> environment) {
    this.file = file;
    this.argv = new StringArray(argv);
    this.environment = new StringArray(environment);
  }

  /**
   * Replaces this process; returns only by throwing.
   *
   * @param inherited descriptors that the program has too
   */
  public void execute(List<Integer> inherited) throws NamespaceException {
    for (int number : inherited) {
      Libc.callInt("fcntl", number, F_SETFD, 0L);
    }
    Libc.callInt("fexecve", file.number(), argv.pointer(), environment.pointer());
    throw new NamespaceException("execveat", "the stage", Libc.errno());
  }

  /**
   * Starts a child.
   *
   * @param inherited pairs (from, to) of descriptors that it has; from == to passes it as it is
   * @return its pid
   */
  public int spawn(List<int[]> inherited) throws NamespaceException {
    byte[] path = ("/proc/self/fd/" + file.number() + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] pid = new byte[4];
    try (Memory actions = new Memory(ACTIONS_SIZE)) {
      check("posix_spawn_file_actions_init", actions);
      try {
        for (int[] pair : inherited) {
          // Onto itself, adddup2 clears FD_CLOEXEC, and in the child only.
          check("posix_spawn_file_actions_adddup2", actions, pair[0], pair[1]);
        }
        check("posix_spawn", pid, path, actions, null, argv.pointer(), environment.pointer());
      } finally {
        check("posix_spawn_file_actions_destroy", actions);
      }
    }
    return ByteBuffer.wrap(pid).order(ByteOrder.nativeOrder()).getInt();
  }

  /** These functions return the error instead of setting errno. */
  private void check(String function, Object... arguments) throws NamespaceException {
    int error = Libc.callInt(function, arguments);
    if (error != 0) {
      throw new NamespaceException(function, "the stage", error);
    }
  }

  @Override
  public void close() {
    argv.close();
    environment.close();
  }
}
