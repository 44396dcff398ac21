package io.github.jnstools;

/**
 * How a process ended.
 *
 * <p>Man: wait(2).
 */
public sealed interface ExitStatus {

  /**
   * It called exit(3).
   *
   * @param code 0 to 255
   */
  record Exited(int code) implements ExitStatus {}

  /**
   * A signal ended it.
   *
   * @param signal the signal's number
   */
  record Signalled(int signal) implements ExitStatus {}

  /** What a shell shows as {@code $?}: the exit code, or 128 and the signal. */
  default int shellCode() {
    return this instanceof Exited exited ? exited.code() : 128 + ((Signalled) this).signal();
  }
}
