package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.OsString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

  private static List<OsString> entries(String... entries) {
    return Arrays.stream(entries).map(OsString::ofLatin1).toList();
  }

  @Test
  void dropsWhatHasNoName() {
    assertEquals(
        entries("A=1", "B="), Environment.normalized(entries("A=1", "", "X", "=x", "=", "B=")));
  }

  @Test
  void letsTheLastOfANameCount() {
    assertEquals(
        entries("A=3", "B=2", "a=5"),
        Environment.normalized(entries("A=1", "B=2", "A=", "A=3", "a=5")));
  }

  @Test
  void keepsValuesAsTheyAre() {
    List<OsString> odd = entries("A==", "B=a=b", "C=\u00ff\n", "D= ");
    assertEquals(odd, Environment.normalized(odd));
  }

  @Test
  void parsesWhatProcHolds() {
    byte[] bytes = "A=1\0\0B=\u00ff\0".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(entries("A=1", "", "B=\u00ff"), Environment.parse(bytes));
  }

  @Test
  void setsAVariable() {
    List<OsString> before = entries("A=1", "AB=2", "B=3", "A=4");
    assertEquals(
        entries("AB=2", "B=3", "A=x=y"), Environment.with(before, OsString.ofLatin1("A=x=y")));
    assertEquals(entries("A=1", "AB=2", "B=3", "A=4"), before);
    assertEquals(entries("N="), Environment.with(List.of(), OsString.ofLatin1("N=")));
  }

  @Test
  void refusesToSetWhatHasNoName() {
    for (String entry : new String[] {"", "A", "=", "=A"}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Environment.with(entries("A=1"), OsString.ofLatin1(entry)),
          entry);
    }
  }

  @Test
  void findsAValueByItsWholeName() {
    List<OsString> entries = entries("AB=1", "A", "A=2=3", "A=4", "E=");
    assertEquals(OsString.ofLatin1("2=3"), Environment.value(entries, "A"));
    assertEquals(OsString.ofLatin1(""), Environment.value(entries, "E"));
    assertNull(Environment.value(entries, "B"));
    assertNull(Environment.value(entries, "a"));
  }

  @Test
  void readsThisProcess() throws IOException {
    List<OsString> now = Environment.ofThisProcess();
    String path = System.getenv("PATH");
    assertEquals(
        path == null ? null : OsString.of(path), Environment.value(now, "PATH"), now.toString());
    assertTrue(now.size() >= System.getenv().size());
  }
}
