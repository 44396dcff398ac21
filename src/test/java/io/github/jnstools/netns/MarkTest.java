package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Owner marks, and how they are kept. */
class MarkTest {
  private static final Origin HERE = new Origin("6f30d54c-8d9f", 4026531836L, 4026531834L);
  private static final OwnerMark WEB = new OwnerMark("docker", "", "0a1b2c", "web", 4711, 815);
  private static final String TEXT =
      "1 6f30d54c-8d9f 4026531836 4026531834 4711 815 docker - 0a1b2c web";

  private static Mark parse(String text) {
    return Mark.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void isOneLineOfFields() {
    assertEquals(TEXT, new String(new Mark(HERE, WEB).encode(), StandardCharsets.UTF_8));
  }

  @Test
  void isReadAsItWasWritten() {
    for (OwnerMark owner :
        new OwnerMark[] {
          WEB,
          new OwnerMark("containerd", "k8s.io", "x", "a name with  blanks ", 1, 0),
          new OwnerMark(
              "cri", "default", "0a1b", "pod/bäckerei 𝄞", Integer.MAX_VALUE, Long.MAX_VALUE)
        }) {
      for (Origin origin : new Origin[] {HERE, new Origin("b", -1, 0)}) {
        Mark mark = new Mark(origin, owner);
        assertEquals(mark, Mark.parse(mark.encode()));
        assertArrayEquals(mark.encode(), Mark.parse(mark.encode()).encode());
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "",
        "1",
        "not a mark",
        "2 6f30d54c-8d9f 4026531836 4026531834 4711 815 docker - 0a1b2c web",
        "1 6f30d54c-8d9f 4026531836 4026531834 4711 815 docker - 0a1b2c",
        "1 6f30d54c-8d9f 4026531836 4026531834 4711 815 docker - 0a1b2c ",
        "1 6f30d54c-8d9f 4026531836 4026531834 4711 815 docker -  web",
        "1 6f30d54c-8d9f 4026531836 4026531834 4711 815  - 0a1b2c web",
        "1 6f30d54c-8d9f x 4026531834 4711 815 docker - 0a1b2c web",
        "1 6f30d54c-8d9f 4026531836 x 4711 815 docker - 0a1b2c web",
        "1 6f30d54c-8d9f 4026531836 4026531834 x 815 docker - 0a1b2c web",
        "1 6f30d54c-8d9f 4026531836 4026531834 99999999999 815 docker - 0a1b2c web",
        "1 6f30d54c-8d9f 4026531836 4026531834 4711 x docker - 0a1b2c web",
        "1 6f30d54c-8d9f 4026531836 4026531834 4711 815 docker - 0a1b2c we\nb"
      })
  void isNothingElse(String text) {
    assertEquals(new Mark(HERE, WEB), parse(TEXT));
    assertThrows(IllegalArgumentException.class, () -> parse(text));
  }

  @Test
  void holdsNoTextsThatItCouldNotKeep() {
    for (String bad : new String[] {"a b", "a\nb", ""}) {
      assertThrows(
          IllegalArgumentException.class, () -> new OwnerMark(bad, "", "id", "name", 1, 1));
      assertThrows(
          IllegalArgumentException.class, () -> new OwnerMark("docker", "", bad, "name", 1, 1));
    }
    for (String bad : new String[] {"a b", "a\nb"}) {
      assertThrows(
          IllegalArgumentException.class, () -> new OwnerMark("docker", bad, "id", "name", 1, 1));
    }
    for (String bad : new String[] {"", "a\nb"}) {
      assertThrows(
          IllegalArgumentException.class, () -> new OwnerMark("docker", "", "id", bad, 1, 1));
    }
  }

  @Test
  void isOfOneContainerWhateverItsProcess() {
    assertTrue(WEB.sameContainer(new OwnerMark("docker", "", "0a1b2c", "renamed", 5, 6)));
    assertFalse(WEB.sameContainer(new OwnerMark("podman", "", "0a1b2c", "web", 4711, 815)));
    assertFalse(WEB.sameContainer(new OwnerMark("docker", "x", "0a1b2c", "web", 4711, 815)));
    assertFalse(WEB.sameContainer(new OwnerMark("docker", "", "0a1b2d", "web", 4711, 815)));
  }

  @Test
  void isOfOneProcessByPidAndStartTime() {
    assertTrue(WEB.sameProcess(new OwnerMark("podman", "x", "y", "z", 4711, 815)));
    assertFalse(WEB.sameProcess(new OwnerMark("docker", "", "0a1b2c", "web", 4712, 815)));
    assertFalse(WEB.sameProcess(new OwnerMark("docker", "", "0a1b2c", "web", 4711, 816)));
  }

  @Test
  void refersToItsContainerAsTheUserWould() {
    assertEquals("docker:web", WEB.reference());
    assertEquals(
        "containerd:k8s.io/web",
        new OwnerMark("containerd", "k8s.io", "i", "web", 1, 1).reference());
    assertEquals("cri:pod/web", new OwnerMark("cri", "default", "i", "pod/web", 1, 1).reference());
  }

  @Test
  void ofAnEarlierBootIsOverWhereTheBootIsKnown() {
    Origin later = new Origin("another", HERE.pidNamespace(), HERE.timeNamespace());
    Origin inside = new Origin("another", 4026532999L, HERE.timeNamespace());
    assertFalse(HERE.isOver(HERE));
    assertTrue(HERE.isOver(later));
    // Some containers are shown another boot id than the machine's.
    assertFalse(HERE.isOver(inside));
    assertTrue(inside.isOver(HERE));
    assertTrue(new Origin("before", 4026532999L, 0).isOver(inside));
  }

  @Test
  void knowsTheFirstPidNamespaceByItsNumber() {
    assertTrue(HERE.seesAllProcesses());
    assertFalse(new Origin("b", 4026532999L, 0).seesAllProcesses());
  }
}
