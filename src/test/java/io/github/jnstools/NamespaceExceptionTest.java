package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamespaceExceptionTest {

  @Test
  void tellsCallErrnoAndHint() {
    NamespaceException e =
        new NamespaceException("setns", "/proc/6806/ns/mnt, CLONE_NEWNS", Errno.EPERM.number());
    assertEquals(
        "setns(/proc/6806/ns/mnt, CLONE_NEWNS): EPERM: Operation not permitted", e.getMessage());
    assertEquals("setns", e.operation());
    assertEquals("/proc/6806/ns/mnt, CLONE_NEWNS", e.context());
    assertEquals(Optional.of(Errno.EPERM), e.errno());
    assertTrue(e.hint().orElseThrow().startsWith("needs CAP_SYS_ADMIN and CAP_SYS_CHROOT"));
  }

  @Test
  void hasNoHintWhereTheTextSuffices() {
    NamespaceException e = new NamespaceException("fchdir", "/srv", Errno.ENOTDIR.number());
    assertEquals("fchdir(/srv): ENOTDIR: Not a directory", e.getMessage());
    assertEquals(Optional.empty(), e.hint());
  }

  @Test
  void showsANumberThatHasNoName() {
    NamespaceException e = new NamespaceException("setns", "x", 4095);
    assertEquals("setns(x): errno 4095", e.getMessage());
    assertEquals(Optional.empty(), e.errno());
    assertEquals(Optional.empty(), e.hint());
  }

  @Test
  void tellsARefusalOfOurOwn() {
    NamespaceException e = new NamespaceException("target", "1", "has ended", "look again");
    assertEquals("target(1): has ended", e.getMessage());
    assertEquals(Optional.empty(), e.errno());
    assertEquals(Optional.of("look again"), e.hint());
    assertEquals(Optional.empty(), new NamespaceException("a", "b", "c", null).hint());
  }
}
