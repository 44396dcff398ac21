package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkNameTest {
  private static final String ID = "0123456789abcdef0123";

  private static OwnerMark owner(String name) {
    return new OwnerMark("docker", "", ID, name, 4711, 815);
  }

  private static String of(String name) {
    return new String(LinkName.of(owner(name)).bytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "web,            web",
    "Web_1.x-2,      Web_1.x-2",
    "a b,            a b",
    "bäckerei,       bäckerei",
    "1234,           docker-1234",
    "0,              docker-0",
    "1234a,          1234a",
    "१२,             १२",
    ".,              %2E",
    "..,             %2E%2E",
    "...,            ...",
    ".hidden,        .hidden",
    ".jnetns-new,    %2Ejnetns-new",
    ".jnetns,        .jnetns",
    "-x,             %2Dx",
    "-,              %2D",
    "a-,             a-",
    "pod/container,  pod%2Fcontainer",
    "100%,           100%25",
    "a%2Fb,          a%252Fb"
  })
  void keepsWhatNoToolMisreads(String name, String expected) {
    assertEquals(expected, of(name));
  }

  @Test
  void escapesControlCharacters() {
    assertEquals("%1B[2Ja%09b%7F%01%1F", of("\u001b[2Ja\tb\u007f\u0001\u001f"));
  }

  @Test
  void cutsWhatIsTooLongForAFileAndAddsTheId() {
    assertEquals("a".repeat(255), of("a".repeat(255)));
    assertEquals("a".repeat(242) + "-0123456789ab", of("a".repeat(256)));
    assertEquals("a".repeat(242) + "-0123456789ab", of("a".repeat(300)));
    assertEquals("docker-" + "1".repeat(235) + "-0123456789ab", of("1".repeat(255)));
  }

  @Test
  void cutsNoCharacterInTwo() {
    assertEquals("ä".repeat(121) + "-0123456789ab", of("ä".repeat(200)));
    assertEquals("a" + "ä".repeat(120) + "-0123456789ab", of("a" + "ä".repeat(200)));
    assertEquals("a" + "𝄞".repeat(60) + "-0123456789ab", of("a" + "𝄞".repeat(80)));
    for (int before = 239; before <= 242; before++) {
      String kept = "a".repeat(before) + (before == 239 ? "%25" : "");
      assertEquals(kept + "-0123456789ab", of("a".repeat(before) + "%".repeat(20)));
    }
  }

  @Test
  void tellsContainersOfOneNameApartByTheirIds() {
    assertEquals("web-0123456789ab", LinkName.ofClash(owner("web")).toLatin1());
    assertEquals("docker-12-0123456789ab", LinkName.ofClash(owner("12")).toLatin1());
    OwnerMark brief = new OwnerMark("pid", "", "77", "77", 77, 1);
    assertEquals("pid-77-77", LinkName.ofClash(brief).toLatin1());
    OwnerMark odd = new OwnerMark("ctr", "default", "a/b", "x", 77, 1);
    assertEquals("x-a%2Fb", LinkName.ofClash(odd).toLatin1());
    assertEquals(255, LinkName.ofClash(owner("a".repeat(250))).bytes().length);
  }

  @Test
  void makesOnlyNamesThatItAccepts() {
    Random random = new Random(4711);
    String alphabet = "0123456789.-%/ \t\u001baäß𝄞jnets";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder(random.nextInt(20) == 0 ? ".jnetns-" : "");
      int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 300 : 5);
      for (int j = 0; j < length; j++) {
        int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
        name.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
      }
      OwnerMark owner = owner(name.toString());
      for (OsString made : new OsString[] {LinkName.of(owner), LinkName.ofClash(owner)}) {
        assertDoesNotThrow(() -> LinkName.require(made), made::toString);
        assertTrue(made.toString().indexOf('\\') < 0, made::toString);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"web", "a b", "100%", "%2F", ".hidden", "...", "12a", "bäckerei", "a-", "~"})
  void acceptsNamesOfTheUsersOwn(String name) {
    assertDoesNotThrow(
        () -> LinkName.require(OsString.ofBytes(name.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void acceptsBytesThatAreNoUtf8() {
    assertDoesNotThrow(() -> LinkName.require(OsString.ofBytes((byte) 0xff, (byte) 0x80)));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"          | it is empty",
        "12            | ip would take it for a pid",
        "0             | ip would take it for a pid",
        "-x            | ip would take it for an option",
        "--            | ip would take it for an option",
        ".jnetns-new   | such names are for entries that are being made",
        ".jnetns-      | such names are for entries that are being made",
        "../x          | it has a slash or a control character, or means a directory",
        "/run          | it has a slash or a control character, or means a directory",
        ".             | it has a slash or a control character, or means a directory",
        "..            | it has a slash or a control character, or means a directory",
        "\"a\nb\"      | it has a slash or a control character, or means a directory",
        "\"a\u001b[2J\" | it has a slash or a control character, or means a directory"
      })
  void refusesWhatSomeToolWouldMisread(String name, String reason) {
    NamespaceException e =
        assertThrows(NamespaceException.class, () -> LinkName.require(OsString.ofLatin1(name)));
    assertEquals("name(" + OsString.ofLatin1(name) + "): " + reason, e.getMessage());
    assertEquals(Optional.of("give another one"), e.hint());
    assertTrue(e.getMessage().indexOf('\n') < 0);
  }

  @Test
  void refusesWhatIsTooLongForAFile() {
    assertDoesNotThrow(() -> LinkName.require(OsString.ofLatin1("a".repeat(255))));
    NamespaceException e =
        assertThrows(
            NamespaceException.class, () -> LinkName.require(OsString.ofLatin1("a".repeat(256))));
    assertTrue(e.getMessage().endsWith(": it is longer than 255 bytes"), e.getMessage());
  }
}
