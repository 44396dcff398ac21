package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {

  private static List<String> meant(String reference) {
    Candidates<String> candidates = new Candidates<>(reference);
    candidates.offer("1", "ab", "web", "shop/web");
    candidates.offer("2", "abc", "db");
    candidates.offer("3", "abcd", "a");
    return candidates.meant();
  }

  @Test
  void aWholeIdIsNotTheStartOfAnother() {
    assertEquals(List.of("1"), meant("ab"));
    assertEquals(List.of("2"), meant("abc"));
  }

  @Test
  void aNameComesBeforeTheStartOfAnId() {
    assertEquals(List.of("3"), meant("a"));
  }

  @Test
  void anyNameWillDo() {
    assertEquals(List.of("1"), meant("web"));
    assertEquals(List.of("1"), meant("shop/web"));
    assertEquals(List.of(), meant("we"));
    assertEquals(List.of(), meant("shop"));
  }
}
