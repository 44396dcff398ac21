package io.github.jnstools.cli;

/** Numbers on a command line: decimal digits, nothing else. */
final class Numbers {
  private static final String MOST = "18446744073709551615";

  private Numbers() {}

  static boolean isDecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Whether 64 bits hold it. */
  private static boolean fits(String digits) {
    int longer = digits.length() - MOST.length();
    return longer < 0 || longer == 0 && digits.compareTo(MOST) <= 0;
  }

  /**
   * Parses an unsigned number.
   *
   * @param what it is, for the message
   */
  static long parse(String text, String what, long least, long most) throws UsageException {
    if (isDecimal(text) && fits(text)) {
      long number = Long.parseUnsignedLong(text);
      if (Long.compareUnsigned(number, least) >= 0 && Long.compareUnsigned(number, most) <= 0) {
        return number;
      }
    }
    throw new UsageException(
        "invalid "
            + what
            + " '"
            + text
            + "': not a number from "
            + least
            + " to "
            + Long.toUnsignedString(most));
  }
}
