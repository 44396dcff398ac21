package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OsStringTest {

  private static byte[] allBytes() {
    byte[] all = new byte[255];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i + 1);
    }
    return all;
  }

  private static OsString hex(String digits) {
    return OsString.ofBytes(HexFormat.of().parseHex(digits));
  }

  @Test
  void keepsEveryByteButNul() {
    assertArrayEquals(allBytes(), OsString.ofBytes(allBytes()).bytes());
  }

  @Test
  void keepsEveryByteAsOneCharacter() {
    OsString all = OsString.ofBytes(allBytes());
    assertEquals(255, all.toLatin1().length());
    assertEquals(all, OsString.ofLatin1(all.toLatin1()));
  }

  @Test
  void refusesNul() {
    assertThrows(IllegalArgumentException.class, () -> OsString.ofBytes((byte) 'a', (byte) 0));
    assertThrows(IllegalArgumentException.class, () -> OsString.ofLatin1("\0"));
    assertThrows(IllegalArgumentException.class, () -> OsString.of("a\0b"));
  }

  @Test
  void doesNotChangeWithTheArrayItWasMadeOfOrGaveOut() {
    byte[] bytes = {'a'};
    OsString string = OsString.ofBytes(bytes);
    bytes[0] = 'b';
    string.bytes()[0] = 'c';
    assertEquals("a", string.toString());
  }

  @Test
  void comparesBytes() {
    assertEquals(hex("c3a9"), hex("c3a9"));
    assertEquals(hex("c3a9").hashCode(), hex("c3a9").hashCode());
    assertNotEquals(hex("c3a9"), hex("c3a8"));
    assertNotEquals(OsString.of("a"), "a");
  }

  @Test
  void takesPathsAndAsciiAsTheyAre() {
    assertEquals(OsString.ofLatin1("/a b/c"), OsString.of("/a b/c"));
    assertEquals(OsString.of("/a b/c"), OsString.of(Path.of("/a b/c")));
    assertEquals("", OsString.of("").toString());
  }

  @Test
  void escapesControlCharacters() {
    StringBuilder expected = new StringBuilder();
    StringBuilder controls = new StringBuilder();
    for (int c = 1; c < 0x20; c++) {
      controls.append((char) c);
      expected.append(String.format("\\x%02x", c));
    }
    assertEquals(expected + "\\x7f", OsString.ofLatin1(controls + "\u007f").toString());
  }

  @Test
  void showsEveryPrintableAsciiCharacterAsItIs() {
    StringBuilder printable = new StringBuilder();
    for (char c = 0x20; c < 0x7f; c++) {
      printable.append(c);
    }
    assertEquals(printable.toString(), OsString.ofLatin1(printable.toString()).toString());
  }

  @Test
  void escapesEveryC1ControlInUtf8() {
    for (int c = 0x80; c < 0xa0; c++) {
      OsString control = OsString.ofBytes((byte) 0xc2, (byte) c);
      assertEquals(String.format("\\xc2\\x%02x", c), control.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "é", "߿", "ࠀ", "€", "\uffff", "\ud800\udc00", "😀", "aéb€c😀d"})
  void showsValidUtf8(String text) {
    assertEquals(text, OsString.ofBytes(text.getBytes(StandardCharsets.UTF_8)).toString());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "80, \\x80", // continuation alone
    "bfbf, \\xbf\\xbf",
    "ff, \\xff",
    "fe80, \\xfe\\x80",
    "c0af, \\xc0\\xaf", // overlong
    "e080af, \\xe0\\x80\\xaf",
    "f08080af, \\xf0\\x80\\x80\\xaf",
    "c3, \\xc3", // truncated
    "e282, \\xe2\\x82",
    "f09f98, \\xf0\\x9f\\x98",
    "c341, \\xc3A",
    "e28241, \\xe2\\x82A",
    "e282c3a9, \\xe2\\x82é",
    "f09f9841, \\xf0\\x9f\\x98A",
    "eda080, \\xed\\xa0\\x80", // surrogate
    "f4908080, \\xf4\\x90\\x80\\x80", // beyond U+10FFFF
    "f888808080, \\xf8\\x88\\x80\\x80\\x80",
    "e9c3a9e9, \\xe9é\\xe9"
  })
  void escapesWhatIsNotUtf8(String bytes, String shown) {
    assertEquals(shown, hex(bytes).toString());
  }
}
