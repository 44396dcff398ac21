package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinkTest {

  private static Map<Integer, Link> links(Captured captured) throws Exception {
    return Link.parseAll(Captured.messages(captured.links()));
  }

  @ParameterizedTest
  @EnumSource
  void saysOfEveryInterfaceWhatIpSays(Captured captured) throws Exception {
    Map<Integer, Shown> shown = captured.shown();
    Map<String, Integer> indexes = new HashMap<>();
    shown.forEach((index, one) -> indexes.put(one.name(), index));
    Map<Integer, Link> links = links(captured);
    assertEquals(List.copyOf(shown.keySet()), List.copyOf(links.keySet()));
    for (Shown one : shown.values()) {
      assertEquals(expected(one, indexes), links.get(one.index()));
    }
  }

  private static Link expected(Shown shown, Map<String, Integer> indexes) throws Exception {
    JsonObject json = shown.json();
    return new Link(
        shown.index(),
        shown.up(),
        shown.name(),
        shown.alternativeNames(),
        shown.operState(),
        shown.mac(),
        shown.mtu(),
        shown.kind(),
        json.has("link")
            ? indexes.getOrDefault(json.getString("link"), 0)
            : json.getInt("link_index", 0),
        json.has("link_netnsid")
            ? OptionalInt.of(json.getInt("link_netnsid"))
            : OptionalInt.empty(),
        json.has("master") ? indexes.get(json.getString("master")) : 0);
  }

  @Test
  void knowsTheKindsOfBothKernels() throws Exception {
    Set<String> kinds = new TreeSet<>();
    links(Captured.KINDS_6_1).values().forEach(link -> kinds.add(link.kind()));
    links(Captured.KINDS_6_18).values().forEach(link -> kinds.add(link.kind()));
    assertTrue(
        kinds.containsAll(
            Set.of(
                "", "bond", "bridge", "dummy", "gre", "ifb", "ip6tnl", "ipip", "macvlan", "tun",
                "veth", "vlan", "vrf", "vxlan")),
        kinds.toString());
  }

  @Test
  void keepsAlternativeNamesOfAnyLength() throws Exception {
    List<List<String>> names = new ArrayList<>();
    links(Captured.KINDS_6_18).values().forEach(link -> names.add(link.alternativeNames()));
    assertTrue(
        names.contains(List.of("uplink", "a-second-name-longer-than-fifteen")), names.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"HOST_6_1", "HOST_6_18"})
  void pairsOfTwoNamespacesWithEqualNumbersAreToldApart(Captured host) throws Exception {
    boolean old = host == Captured.HOST_6_1;
    Map<String, Link> here = byName(links(host));
    Map<String, Link> web = byName(links(old ? Captured.WEB_6_1 : Captured.WEB_6_18));
    Map<String, Link> db = byName(links(old ? Captured.DB_6_1 : Captured.DB_6_18));
    int nsidOfWeb = 0;
    int nsidOfDb = 1;
    assertEquals(web.get("eth0").index(), db.get("eth0").index());
    assertTrue(here.get("veth-web").isPeerOf(web.get("eth0"), nsidOfWeb));
    assertTrue(here.get("veth-db").isPeerOf(db.get("eth0"), nsidOfDb));
    for (Link link : here.values()) {
      boolean webs = link.name().equals("veth-web");
      assertEquals(webs, link.isPeerOf(web.get("eth0"), nsidOfWeb), link.name());
      assertFalse(link.isPeerOf(web.get("eth0"), nsidOfDb), link.name());
      assertFalse(link.isPeerOf(web.get("side"), nsidOfWeb), link.name());
      assertFalse(link.isPeerOf(db.get("side"), nsidOfDb), link.name());
      assertFalse(link.isPeerOf(web.get("lo"), nsidOfWeb), link.name());
    }
  }

  private static Map<String, Link> byName(Map<Integer, Link> links) {
    Map<String, Link> named = new HashMap<>();
    links.values().forEach(link -> named.put(link.name(), link));
    return named;
  }

  private static Link tied(int index, int peerIndex, OptionalInt peerNsid) {
    return new Link(index, true, "x", List.of(), "UP", "", 1500, "veth", peerIndex, peerNsid, 0);
  }

  @Test
  void isPeerOnlyIfEachNamesTheOther() {
    Link here = tied(7, 6, OptionalInt.of(3));
    OptionalInt some = OptionalInt.of(0);
    assertTrue(here.isPeerOf(tied(6, 7, some), 3));
    assertFalse(here.isPeerOf(tied(6, 7, some), 0));
    assertFalse(here.isPeerOf(tied(6, 8, some), 3));
    assertFalse(here.isPeerOf(tied(5, 7, some), 3));
    assertFalse(here.isPeerOf(tied(6, 7, OptionalInt.empty()), 3));
    assertFalse(tied(7, 6, OptionalInt.empty()).isPeerOf(tied(6, 7, some), 3));
  }

  /** A message with one attribute after a struct ifinfomsg of zeros. */
  private static Map<Integer, Link> withAttribute(int length, int type, String value) {
    byte[] text = value.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer payload = Captured.answer(new byte[16 + 4 + text.length]);
    payload.position(16).putShort((short) length).putShort((short) type).put(text).position(0);
    return Link.parseAll(List.of(new Message(16, 2, 1, payload)));
  }

  @Test
  void escapesWhatWouldMoveTheCursorInAName() {
    assertEquals("a\\x1b[2J", withAttribute(10, 3, "a\u001b[2J\0").get(0).name());
    assertEquals("a\\xff", withAttribute(6, 3, "a\u00ff").get(0).name());
    assertEquals("", withAttribute(5, 3, "\0").get(0).name());
  }

  @Test
  void skipsTheFlagsOfAnAttributesType() {
    assertEquals("eth0", withAttribute(9, 0x8003, "eth0\0").get(0).name());
    assertEquals("eth0", withAttribute(9, 0x4003, "eth0\0").get(0).name());
  }

  @Test
  void refusesAnInterfaceWithoutAName() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> withAttribute(9, 99, "eth0\0"));
    assertEquals("the kernel's answer has an interface without a name", e.getMessage());
  }

  @Test
  void refusesAnAttributeThatIsCutOff() {
    for (int length : List.of(0, 3, 10, 0xffff)) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> withAttribute(length, 3, "eth0\0"));
      assertEquals("the kernel's answer has an attribute cut off", e.getMessage());
    }
  }

  @Test
  void refusesANumberOfTooFewBytes() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> withAttribute(7, 4, "123"));
    assertEquals("the kernel's answer has attribute 4 with 3 bytes", e.getMessage());
  }
}
