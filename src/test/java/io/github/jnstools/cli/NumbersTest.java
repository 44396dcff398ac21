package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
  private static final long MAX_ID = 4294967294L;

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "007, 7", "4294967294, 4294967294"})
  void takesIds(String text, long number) throws UsageException {
    assertEquals(number, Numbers.parse(text, "user id", 0, MAX_ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4294967295",
        "4294967296",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "340282366920938463463374607431768211456",
        "-1",
        "+1",
        " 1",
        "1 ",
        "",
        " ",
        "-",
        "0x10",
        "1e3",
        "1.0",
        "1_000",
        "a",
        "١",
        "१",
        "１",
        "²",
        "Ⅳ",
        "\0"
      })
  void refusesWhatIsNoId(String text) {
    UsageException e =
        assertThrows(UsageException.class, () -> Numbers.parse(text, "user id", 0, MAX_ID));
    assertEquals(
        "invalid user id '" + text + "': not a number from 0 to 4294967294", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, -9223372036854775808",
    "9999999999999999999, -8446744073709551617",
    "10000000000000000000, -8446744073709551616",
    "18446744073709551615, -1"
  })
  void takesEveryUnsigned64BitNumber(String text, long number) throws UsageException {
    assertEquals(number, Numbers.parse(text, "inode", 1, -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "18446744073709551616",
        "18446744073709551626",
        "99999999999999999999",
        "100000000000000000000"
      })
  void refusesMoreThan64Bits(String text) {
    UsageException e =
        assertThrows(UsageException.class, () -> Numbers.parse(text, "inode", 1, -1));
    assertEquals(
        "invalid inode '" + text + "': not a number from 1 to 18446744073709551615",
        e.getMessage());
  }

  @Test
  void keepsToBothLimits() throws UsageException {
    assertEquals(5, Numbers.parse("5", "x", 5, 5));
    assertThrows(UsageException.class, () -> Numbers.parse("4", "x", 5, 5));
    assertThrows(UsageException.class, () -> Numbers.parse("6", "x", 5, 5));
  }

  @Test
  void knowsDecimalDigitsOnly() {
    assertTrue(Numbers.isDecimal("0123456789"));
    for (String text : new String[] {"", "/", ":", "1a", "-1", "٣"}) {
      assertFalse(Numbers.isDecimal(text), text);
    }
  }
}
