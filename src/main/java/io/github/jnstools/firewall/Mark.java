package io.github.jnstools.firewall;

/**
 * A number with the bits of it that count: {@code 0x10/0xff}.
 *
 * @param value what they are, or become
 * @param mask which
 */
record Mark(int value, int mask) {

  /**
   * Parses decimal or hexadecimal numbers; all bits count if there is no mask.
   *
   * @throws NumberFormatException if it is none
   */
  static Mark parse(String text) {
    int slash = text.indexOf('/');
    int value = number(slash < 0 ? text : text.substring(0, slash));
    return new Mark(value, slash < 0 ? -1 : number(text.substring(slash + 1)));
  }

  static int number(String text) {
    long number = Long.decode(text);
    if (number < 0 || number > 0xffff_ffffL) {
      throw new NumberFormatException("not a number of 32 bits: " + text);
    }
    return (int) number;
  }
}
