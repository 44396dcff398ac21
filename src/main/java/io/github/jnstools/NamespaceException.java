package io.github.jnstools;

import java.io.IOException;
import java.util.Optional;

/**
 * The one failure of this library: an operation that the kernel, or a check of ours, refused.
 *
 * <p>Its message is one line, in strace's spelling: {@code setns(/proc/6806/ns/mnt, CLONE_NEWNS):
 * EPERM: Operation not permitted}. A hint, where errno's text misleads, is kept apart.
 */
public final class NamespaceException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String context;
  private final Errno errno;
  private final String hint;

  /**
   * A system call's failure.
   *
   * @param operation the call: {@code setns}
   * @param context its arguments, for a person: {@code /proc/6806/ns/mnt, CLONE_NEWNS}
   * @param number what errno was
   */
  public NamespaceException(String operation, String context, int number) {
    super(operation + "(" + context + "): " + describe(number));
    this.operation = operation;
    this.context = context;
    this.errno = Errno.of(number).orElse(null);
    // No lambdas: a command that looks for what may be missing meets this on its way.
    Optional<Hint> found = Hint.find(operation, context, number);
    this.hint = found.isPresent() ? found.get().text() : null;
  }

  /**
   * A refusal of our own, which no errno describes.
   *
   * @param operation what was attempted: {@code target}
   * @param context on what: {@code 6806}
   * @param reason why not, without a full stop
   * @param hint what to do about it, one imperative sentence, or null
   */
  public NamespaceException(String operation, String context, String reason, String hint) {
    super(operation + "(" + context + "): " + reason);
    this.operation = operation;
    this.context = context;
    this.errno = null;
    this.hint = hint;
  }

  /** The call or check that failed: {@code setns}. */
  public String operation() {
    return operation;
  }

  /** What it was called with, for a person: {@code /proc/6806/ns/mnt, CLONE_NEWNS}. */
  public String context() {
    return context;
  }

  /** Why the kernel refused; empty when the refusal is ours. */
  public Optional<Errno> errno() {
    return Optional.ofNullable(errno);
  }

  /** Whether this is why the kernel refused. */
  public boolean is(Errno reason) {
    return errno == reason;
  }

  /** What to do about it, one imperative sentence, where the reason alone would mislead. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  private static String describe(int number) {
    Optional<Errno> known = Errno.of(number);
    return known.isPresent() ? known.get() + ": " + known.get().text() : "errno " + number;
  }
}
