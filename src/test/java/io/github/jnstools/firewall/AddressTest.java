package io.github.jnstools.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Addresses, subnets, ports. */
class AddressTest {
  @Test
  void addressesAreWrittenAsTheyAreReadAndAsJavaReadsThem() throws UnknownHostException {
    Random random = new Random(6);
    for (int round = 0; round < 10_000; round++) {
      byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
      for (int i = 0; i < octets.length; i++) {
        octets[i] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : 0;
      }
      InetAddress java = InetAddress.getByAddress(octets);
      IpAddress address = IpAddress.parse(java.getHostAddress());
      assertEquals(octets.length == 16, address.v6());
      assertEquals(address, IpAddress.parse(address.toString()));
      assertEquals(java, InetAddress.getByName(address.toString()));
    }
  }

  @Test
  void longestRunOfZerosIsLeftOut() {
    assertEquals("fd00:d0c:6::2", IpAddress.parse("fd00:0d0c:6:0:0:0:0:2").toString());
    assertEquals("1::1:0:0:1", IpAddress.parse("1:0:0:0:1:0:0:1").toString());
    assertEquals("1:0:1:1:1:1:1:1", IpAddress.parse("1:0:1:1:1:1:1:1").toString());
    assertEquals("::", IpAddress.parse("::").toString());
    assertEquals("::ffff:c000:202", IpAddress.parse("::ffff:192.0.2.2").toString());
  }

  @Test
  void namesAndHalfAddressesAreRefused() {
    for (String text :
        List.of("", "localhost", "1.2.3", "1.2.3.400", "beef", ":::", "fe80::1%lo")) {
      assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text), text);
    }
    for (String text : List.of("10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/ffff::", "fd00::/129")) {
      assertThrows(IllegalArgumentException.class, () -> Subnet.parse(text), text);
    }
    for (String text : List.of("http", "80:70", "65536", "-1")) {
      assertThrows(IllegalArgumentException.class, () -> PortRange.parse(text), text);
    }
  }

  @Test
  void subnetHoldsWhatAgreesInItsMask() {
    Subnet gaps = Subnet.parse("10.0.7.0/255.0.255.0");
    assertTrue(gaps.contains(IpAddress.parse("10.9.7.9")));
    assertFalse(gaps.contains(IpAddress.parse("10.9.8.9")));
    assertEquals("10.0.7.0/255.0.255.0", gaps.toString());
    Subnet v6 = Subnet.parse("fd00:0:0:4::/62");
    assertTrue(v6.contains(IpAddress.parse("fd00:0:0:7::1")));
    assertFalse(v6.contains(IpAddress.parse("fd00:0:0:8::1")));
    assertEquals("fd00:0:0:4::/62", v6.toString());
    assertEquals("172.17.0.0/16", Subnet.parse("172.17.3.4/255.255.0.0").toString());
    assertTrue(Subnet.parse("0.0.0.0/0").contains(IpAddress.parse("9.9.9.9")));
    assertFalse(Subnet.parse("0.0.0.0/0").contains(IpAddress.parse("::9")));
    assertFalse(Subnet.parse("fd00::1").contains(IpAddress.parse("fd00::2")));
  }

  @Test
  void rangesOfPortsAnswerForAllOfTheirPorts() {
    PortRange range = PortRange.parse("3000-3010");
    assertEquals(Truth.TRUE, range.within(PortRange.parse("3000:")));
    assertEquals(Truth.FALSE, range.within(PortRange.parse(":2999")));
    assertEquals(Truth.UNKNOWN, range.within(PortRange.of(3005)));
    assertEquals("3000-3010", range.toString());
  }
}
