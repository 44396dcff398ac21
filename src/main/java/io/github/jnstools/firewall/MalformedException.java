package io.github.jnstools.firewall;

import java.io.IOException;

/**
 * A text that is not what it should be: cut off, of another program, or edited by hand.
 *
 * <p>Its message is one line: {@code iptables-save, line 12: a rule of the chain WEB, which the
 * table does not declare}.
 */
public final class MalformedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String source;
  private final int line;

  /**
   * A failure.
   *
   * @param source what the text should be: {@code iptables-save}
   * @param line the number of the line, from 1; 0 if it is none in particular
   * @param reason what is wrong there, without a full stop
   */
  MalformedException(String source, int line, String reason) {
    super(line == 0 ? source + ": " + reason : source + ", line " + line + ": " + reason);
    this.source = source;
    this.line = line;
  }

  /** What the text should have been: {@code iptables-save}. */
  public String source() {
    return source;
  }

  /** The number of the line, from 1; 0 if it is none in particular. */
  public int line() {
    return line;
  }
}
