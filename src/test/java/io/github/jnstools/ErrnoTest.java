package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ErrnoTest {
  private static final Pattern DEFINE = Pattern.compile("#define\\s+(E\\w+)\\s+(\\d+)\\b.*");

  private static Map<String, Integer> ours() {
    Map<String, Integer> numbers = new TreeMap<>();
    for (Errno errno : Errno.values()) {
      numbers.put(errno.name(), errno.number());
    }
    return numbers;
  }

  @Test
  void hasTheKernelsNumbers() throws Exception {
    Map<String, Integer> theirs = new TreeMap<>();
    for (String line :
        Files.readAllLines(Path.of(ErrnoTest.class.getResource("/errno-6.1.txt").toURI()))) {
      String[] fields = line.split(" ");
      theirs.put(fields[0], Integer.valueOf(fields[1]));
    }
    assertEquals(131, theirs.size());
    assertEquals(theirs, ours());
  }

  @Test
  void hasTheNumbersOfThisMachinesHeaders() throws IOException {
    Map<String, Integer> theirs = new TreeMap<>();
    for (String name : new String[] {"errno-base.h", "errno.h"}) {
      Path header = Path.of("/usr/include/asm-generic", name);
      assumeTrue(Files.exists(header), "no " + header);
      for (String line : Files.readAllLines(header)) {
        Matcher define = DEFINE.matcher(line);
        if (define.matches()) {
          theirs.put(define.group(1), Integer.valueOf(define.group(2)));
        }
      }
    }
    theirs.keySet().retainAll(ours().keySet());
    assertEquals(theirs, ours());
  }

  @Test
  void isFoundByNumber() {
    for (Errno errno : Errno.values()) {
      assertEquals(Optional.of(errno), Errno.of(errno.number()));
    }
  }

  @Test
  void isEmptyForANumberThatIsNone() {
    for (int number : new int[] {-1, 0, 41, 58, 134, 4096, Integer.MIN_VALUE}) {
      assertTrue(Errno.of(number).isEmpty(), "" + number);
    }
  }

  @Test
  void hasTextsOfOneLineEach() {
    for (Errno errno : Errno.values()) {
      assertTrue(errno.text().matches("[A-Z.][ -~]+[^.]"), errno.text());
      assertFalse(errno.text().contains("Unknown"));
    }
    assertEquals("Operation not permitted", Errno.EPERM.text());
    assertEquals("Too many users", Errno.EUSERS.text());
  }
}
