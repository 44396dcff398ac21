package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.firewall.AddressRange;
import io.github.jnstools.firewall.AllowList;
import io.github.jnstools.firewall.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Allow-lists as files. */
class AllowFileTest {
  private static final Optional<HostPort> ALL = Optional.empty();

  private static AllowList parse(String text) throws NamespaceException {
    return AllowFile.parse("allow.yaml", text);
  }

  private static Optional<HostPort> port(String text) {
    return Optional.of(HostPort.parse(text));
  }

  private static List<AddressRange> sources(String... texts) {
    return Stream.of(texts).map(AddressRange::parse).toList();
  }

  @Test
  void readsWhatPeopleWrite() throws Exception {
    AllowList list =
        parse(
            """
            # Who may reach published ports.
            ports:
              8080: [192.168.1.0/24, '2001:db8::/32']
              53/udp: []            # nobody
              "443/tcp":
                - 10.0.0.1-10.0.0.3 # the office
                - fd00::1
            all: &all [10.0.0.0/8]
            """);
    assertEquals(
        AllowList.NONE
            .with(port("8080/tcp"), sources("192.168.1.0/24", "2001:db8::/32"))
            .with(port("53/udp"), sources())
            .with(port("443/tcp"), sources("10.0.0.1-10.0.0.3", "fd00::1"))
            .with(ALL, sources("10.0.0.0/8")),
        list);
  }

  @Test
  void readsJson() throws Exception {
    assertEquals(
        AllowList.NONE.with(port("80"), sources("10.0.0.1")),
        parse("{\"ports\": {\"80/tcp\": [\"10.0.0.1\"]}}"));
  }

  @Test
  void aListOfNothingIsSaidInSoManyWords() throws Exception {
    assertEquals(AllowList.NONE, parse("{}"));
    assertEquals(AllowList.NONE, parse("ports: {}"));
  }

  @Test
  void readsWhatItWrites() throws Exception {
    List<AllowList> lists =
        List.of(
            AllowList.NONE,
            AllowList.NONE.with(ALL, sources()),
            AllowList.NONE.with(ALL, sources("fd00::", "::1", "::", "10.0.0.0/8", "0.0.0.0/0")),
            AllowList.NONE
                .with(port("8080"), sources("10.0.0.1", "10.0.0.5-10.0.0.9", "fd00::5-fd00::7"))
                .with(port("53/udp"), sources())
                .with(ALL, sources("10.0.0.1")));
    for (AllowList list : lists) {
      assertEquals(list, parse(AllowFile.text(list)), AllowFile.text(list));
    }
  }

  @Test
  void writesALineForEachAddress() {
    assertEquals(
        """
        ports:
          8080/tcp:
            - 10.0.0.1
            - 'fd00::'
        all: []
        """,
        AllowFile.text(
            AllowList.NONE.with(port("8080"), sources("10.0.0.1", "fd00::")).with(ALL, sources())));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "''                             | 1: nothing in it; {} removes all lists",
        "# all: []                      | 1: nothing in it; {} removes all lists",
        "- 10.0.0.1                     | 1: the file should have members, as in 'all: [10.0.0.1]'",
        "all: []\\nport: {}             | 2: 'port' is none of ports, all",
        "<<: {all: []}                  | 1: '<<' is none of ports, all",
        "all: 10.0.0.1                  | 1: all should have a list of addresses, as in [10.0.0.1]",
        "all:                           | 1: all should have a list of addresses, as in [10.0.0.1]",
        "all: !x []                     | 1: all should have a list of addresses, as in [10.0.0.1]",
        "all: [!x 10.0.0.1]             | 1: an address of all should be one word",
        "all: [[10.0.0.1]]              | 1: an address of all should be one word",
        "all:\\n- 10.0.0.1\\n- web      | 3: not an IP address: web",
        "all: [10.0.0.9-10.0.0.1]       | 1: not a range of addresses: 10.0.0.9-10.0.0.1",
        "all:\\n- 10.0.0.1\\n- 10.0.0.1/32 | 3: 10.0.0.1 is there twice",
        "all: []\\nall: []              | 2: all is there twice",
        "ports: []                      | 1: ports should have members, as in 'all: [10.0.0.1]'",
        "ports: !x {}                   | 1: ports should have members, as in 'all: [10.0.0.1]'",
        "ports:\\n  80: []\\n  80/tcp: [] | 3: 80/tcp is there twice",
        "ports: {!x 80: []}             | 1: a name in ports should be one word",
        "ports: {http: []}              | 1: not a port such as 8080/tcp: http",
        "ports: {99999: []}             | 1: not the number of a port: 99999",
        "ports: {80/icmp: []}           | 1: not tcp, udp or sctp: icmp",
        "ports: {80: 10.0.0.1}          | 1: port 80/tcp should have a list of addresses, as in [10.0.0.1]",
        "ports: {[80]: []}              | 1: not YAML: Non scalar key is detected but it is not configured to be allowed.",
        "all: []\\n---\\nall: []        | 2: not YAML: but found another document",
        "all: [                         | 1: not YAML: expected the node content, but found '<stream end>'",
        "all: *other                    | 1: not YAML: found undefined alias other",
        "all: [\\u0007]                 | 1: not YAML: special characters are not allowed",
      })
  void saysWhatIsWrongAndWhere(String text, String message) {
    String file = text.replace("\\n", "\n").replace("\\u0007", "\u0007");
    NamespaceException e = assertThrows(NamespaceException.class, () -> parse(file));
    assertEquals("read(allow.yaml:" + message.replaceFirst(": ", "): "), e.getMessage());
  }
}
