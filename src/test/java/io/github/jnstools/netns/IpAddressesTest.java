package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.netns.NetnsView.Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IpAddressesTest {

  @ParameterizedTest
  @EnumSource
  void saysOfEveryAddressWhatIpSays(Captured captured) throws Exception {
    Map<Integer, List<Address>> expected = new TreeMap<>();
    for (Shown shown : captured.shown().values()) {
      if (!shown.addresses().isEmpty()) {
        expected.put(shown.index(), shown.addresses());
      }
    }
    assertEquals(
        expected, new TreeMap<>(IpAddresses.parseAll(Captured.messages(captured.addresses()))));
  }

  @Test
  void theCapturesHavePointToPointLinks() throws Exception {
    List<Address> all = new ArrayList<>();
    IpAddresses.parseAll(Captured.messages(Captured.KINDS_6_18.addresses()))
        .values()
        .forEach(all::addAll);
    assertTrue(
        all.containsAll(
            List.of(
                new Address("10.0.0.1", 24, "global", Optional.of("10.0.0.2")),
                new Address("fd00::1", 64, "global", Optional.of("fd00::2")))),
        all.toString());
  }

  /** A message with one attribute after a struct ifaddrmsg of interface 5. */
  private static Map<Integer, List<Address>> parse(int family, int scope, int type, byte[] value) {
    ByteBuffer payload = Captured.answer(new byte[8 + 4 + value.length]);
    payload.put((byte) family).put((byte) 24).put((byte) 0).put((byte) scope).putInt(5);
    payload.putShort((short) (4 + value.length)).putShort((short) type).put(value).position(0);
    return IpAddresses.parseAll(List.of(new Message(20, 2, 1, payload)));
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000000000000000000000000, ::",
    "00000000000000000000000000000001, ::1",
    "fe800000000000000000000000000000, fe80::",
    "20010db8000000000001000000000001, 2001:db8::1:0:0:1",
    "20010000000000010000000000000001, 2001:0:0:1::1",
    "20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
    "00000001000100010001000100010000, 0:1:1:1:1:1:1:0",
    "00010001000100010001000100000000, 1:1:1:1:1:1::",
    "00000000000000000000ffff01020304, ::ffff:1.2.3.4",
    "00000000000000000000fffe01020304, ::fffe:102:304",
    "00000000000000000000000005060708, ::5.6.7.8",
    "00010000000000000000000005060708, 1::506:708",
    "abcdef0123456789abcdef0123456789, abcd:ef01:2345:6789:abcd:ef01:2345:6789"
  })
  void writesAnAddressAsInetNtopDoes(String hex, String text) {
    assertEquals(
        Map.of(5, List.of(new Address(text, 24, "global", Optional.empty()))),
        parse(10, 0, 1, HexFormat.of().parseHex(hex)));
  }

  @Test
  void writesEveryOctetOfAnAddressWithoutSign() {
    byte[] octets = {(byte) 255, (byte) 128, 0, 1};
    assertEquals("255.128.0.1", parse(2, 0, 2, octets).get(5).get(0).address());
  }

  @ParameterizedTest
  @CsvSource({
    "0, global",
    "200, site",
    "253, link",
    "254, host",
    "255, nowhere",
    "42, 42",
    "201, 201"
  })
  void namesTheScope(int number, String name) {
    assertEquals(name, parse(2, number, 2, new byte[4]).get(5).get(0).scope());
  }

  @Test
  void passesOverOtherFamilies() {
    assertEquals(Map.of(), parse(35, 0, 2, new byte[1]));
  }

  @Test
  void refusesAnAddressOfAnotherLength() {
    for (int length : List.of(0, 3, 5, 16)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> parse(2, 0, 2, new byte[length]), "" + length);
      assertEquals("the kernel's answer has an address of " + length + " bytes", e.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> parse(10, 0, 1, new byte[4]));
  }

  @Test
  void refusesAnAddressThatIsMissing() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> parse(2, 0, 99, new byte[4]));
    assertEquals("the kernel's answer has an address that is missing", e.getMessage());
  }
}
