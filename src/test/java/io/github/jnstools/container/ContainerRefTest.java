package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ContainerRefTest {
  private static void assertParsed(String engine, String name, String text)
      throws NamespaceException {
    assertEquals(new ContainerRef(text, engine, name), ContainerRef.parse(text));
  }

  private static NamespaceException refused(String text) {
    return assertThrows(NamespaceException.class, () -> ContainerRef.parse(text), text);
  }

  @Test
  void takesDigitsAsAPid() throws NamespaceException {
    assertParsed("pid", "4711", "4711");
    assertParsed("pid", "0", "0");
    assertParsed("pid", "007", "pid:007");
    assertParsed("pid", "4194304", "4194304");
    assertTrue(ContainerRef.parse("4711").isPid());
    assertEquals(7, ContainerRef.parse("pid:007").pid());
  }

  @Test
  void takesMoreDigitsThanAPidHasAsAName() throws NamespaceException {
    assertParsed("", "4194305", "4194305");
    assertParsed("", "913651857123", "913651857123");
    assertParsed("", "1".repeat(64), "1".repeat(64));
    assertParsed("", "\u0661\u0662", "\u0661\u0662");
    assertFalse(ContainerRef.parse("4194305").isPid());
  }

  @Test
  void takesTheEngineBeforeTheFirstColon() throws NamespaceException {
    assertParsed("docker", "web", "docker:web");
    assertParsed("docker", "4711", "docker:4711");
    assertParsed("podman", "a:b", "podman:a:b");
    assertParsed("containerd", "default/web", "containerd:default/web");
    assertParsed("cri", "shop/web-0/nginx", "cri:shop/web-0/nginx");
  }

  @Test
  void takesWhateverElseAsANameOfAnyEngine() throws NamespaceException {
    assertParsed("", "web", "web");
    assertParsed("", "default/web", "default/web");
    assertParsed("", "-1", "-1");
    assertParsed("", "12a", "12a");
    assertParsed("", "n".repeat(300), "n".repeat(300));
  }

  @Test
  void refusesAnEngineThatItDoesNotKnow() {
    NamespaceException refused = refused("lxc:web");
    assertEquals("container(lxc:web): no such engine: lxc", refused.getMessage());
    assertEquals(
        "name one of docker, podman, containerd, cri, or leave out the part before the colon",
        refused.hint().orElseThrow());
    for (String text : List.of(":web", "Docker:web", "a:b:c", ":")) {
      assertTrue(refused(text).getMessage().contains("no such engine"), text);
    }
  }

  @Test
  void refusesWhatNoEngineCouldKnow() {
    assertEquals("container(): an empty name", refused("").getMessage());
    for (String text : List.of("docker:", "pid:", "pid:web", "pid:4194305", "pid:-1")) {
      assertTrue(refused(text).getMessage().contains("nothing after the colon"), text);
    }
  }

  @Test
  void refusesControlCharactersAndShowsThem() {
    assertEquals(
        "container(a\\x00b): no engine has names with control characters",
        refused("a\0b").getMessage());
    assertEquals(
        "container(\\x1b[2J): no engine has names with control characters",
        refused("\033[2J").getMessage());
    for (String text : List.of("a\nb", "docker:a\n", "\u007f", "\u009b")) {
      assertTrue(refused(text).getMessage().contains("control characters"), text);
      assertFalse(refused(text).getMessage().contains("\n"), text);
    }
  }

  @Test
  void isExactUnlessItIsOnlyTheStartOfTheId() throws NamespaceException {
    Known web = new Known("docker", "", "abcd", "ab", "running", 7, OptionalLong.empty(), "bridge");
    for (String exact : List.of("ab", "docker:ab", "abcd", "other/alias")) {
      assertTrue(ContainerRef.parse(exact).isExact(web), exact);
    }
    for (String prefix : List.of("a", "abc", "docker:abc")) {
      assertFalse(ContainerRef.parse(prefix).isExact(web), prefix);
    }
  }
}
