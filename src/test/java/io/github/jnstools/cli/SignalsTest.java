package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {

  @ParameterizedTest
  @CsvSource({
    "HUP, 1", "SIGHUP, 1", "1, 1", "KILL, 9", "SIGKILL, 9", "9, 9", "09, 9", "USR1, 10",
    "USR2, 12", "TERM, 15", "SIGTERM, 15", "CHLD, 17", "CONT, 18", "STOP, 19", "SYS, 31", "64, 64"
  })
  void takesNamesAndNumbers(String text, int number) throws UsageException {
    assertEquals(number, Signals.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "00",
        "65",
        "99",
        "100",
        "015",
        "-1",
        "+9",
        " 9",
        "9 ",
        "SIG",
        "SIG9",
        "SIGSIGHUP",
        "term",
        "sigterm",
        "TERMX",
        "RTMIN",
        "EXIT",
        "٩",
        "999999999999"
      })
  void refusesEverythingElse(String text) {
    UsageException e = assertThrows(UsageException.class, () -> Signals.parse(text));
    assertEquals("no signal '" + text + "'", e.getMessage());
  }

  @Test
  void hasTheKernelsNumbers() throws Exception {
    Path header = Path.of("/usr/include/asm-generic/signal.h");
    assumeTrue(Files.exists(header), "no " + header);
    int compared = 0;
    for (String line : lines(header)) {
      Matcher define = Pattern.compile("#define\\s+SIG([A-Z0-9]+)\\s+(\\d+)").matcher(line);
      if (define.matches() && !define.group(1).matches("RTMIN|UNUSED|IOT|LOST|STKSZ")) {
        assertEquals(Integer.parseInt(define.group(2)), Signals.parse(define.group(1)), line);
        compared++;
      }
    }
    assertTrue(compared >= 31, "" + compared);
  }

  private static Iterable<String> lines(Path header) throws IOException {
    return Files.readAllLines(header);
  }
}
