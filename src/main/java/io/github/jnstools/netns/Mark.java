package io.github.jnstools.netns;

import java.nio.charset.StandardCharsets;

/**
 * An owner mark as it is kept: {@code 1 BOOT PIDNS TIMENS PID START ENGINE SCOPE ID NAME}, where
 * "-" is an empty scope.
 *
 * @param origin where pid and start time have their meaning
 * @param owner the mark
 */
record Mark(Origin origin, OwnerMark owner) {
  private static final String VERSION = "1";
  private static final int FIELDS = 10;

  byte[] encode() {
    String text =
        String.join(
            " ",
            VERSION,
            origin.boot(),
            Long.toUnsignedString(origin.pidNamespace()),
            Long.toUnsignedString(origin.timeNamespace()),
            Integer.toString(owner.pid()),
            Long.toString(owner.startTime()),
            owner.engine(),
            owner.scope().isEmpty() ? "-" : owner.scope(),
            owner.id(),
            owner.name());
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The inverse of {@link #encode()}.
   *
   * @throws IllegalArgumentException if it is no mark of a version that is known here
   */
  static Mark parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String[] fields = text.split(" ", FIELDS);
    if (fields.length != FIELDS || !fields[0].equals(VERSION)) {
      throw new IllegalArgumentException("not an owner mark: " + text);
    }
    return new Mark(
        new Origin(fields[1], Long.parseUnsignedLong(fields[2]), Long.parseUnsignedLong(fields[3])),
        new OwnerMark(
            fields[6],
            fields[7].equals("-") ? "" : fields[7],
            fields[8],
            fields[9],
            Integer.parseInt(fields[4]),
            Long.parseLong(fields[5])));
  }
}
