package io.github.jnstools.cli;

import static io.github.jnstools.cli.CapturedRun.NEW;
import static io.github.jnstools.cli.CapturedRun.copy;
import static io.github.jnstools.cli.CapturedRun.on;
import static io.github.jnstools.cli.CapturedRun.replace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts, as they would be run on captured hosts. */
class JdocknetLintTest {
  @TempDir Path directory;

  private Path script(String text) throws IOException {
    return Files.writeString(directory.resolve("firewall.sh"), text);
  }

  @Test
  void lintsACommandThatWouldCutContainersOff() throws Exception {
    Path script = script("iptables -A DOCKER-USER -i docker0 ! -s 192.168.1.1 -j DROP\n");
    Result result = on(NEW, "lint " + script);
    assertEquals(1, result.status(), result.err());
    assertEquals(
        List.of(
            "line 1: iptables -A DOCKER-USER -i docker0 ! -s 192.168.1.1 -j DROP",
            " appends rule 1 of IPv4 filter DOCKER-USER"),
        result.lines().subList(0, 2));
    assertTrue(
        result.lines().contains("error wrong-direction: IPv4 filter DOCKER-USER 1"), result.out());
    assertTrue(
        result
            .lines()
            .contains(
                "203.0.113.1 to 192.0.2.2:8080/tcp: reachable, then blocked, and cut if it is open"),
        result.out());
  }

  @Test
  void lintsAScriptInWhichNothingIsWrong() throws Exception {
    Path script =
        script(
            "#!/bin/sh\n"
                + "iptables -I DOCKER-USER ! -s 192.0.2.0/24 ! -i docker0 -o docker0 \\\n"
                + "  -m conntrack --ctstate NEW -j DROP\n"
                + "ip6tables -I DOCKER-USER ! -i docker0 -o docker0 -m state --state NEW -j DROP\n"
                + "iptables -t nat -L\n");
    // Of a host on which docker-proxy takes no IPv6.
    Path host = copy("28.5.2-std", directory);
    replace(host.resolve("docker-inspect.json"), "\"HostIp\": \"::\"", "\"HostIp\": \"0.0.0.0\"");
    Result result = on(host, "lint " + script);
    assertEquals(0, result.status(), result.out());
    assertTrue(
        result.out().endsWith("findings: 0 error, 0 warning, 0 note, 0 unknown\n"), result.out());
  }

  @Test
  void lintAsJsonHasCommandsAndConnections() throws Exception {
    Path script = script("\niptables -I INPUT -p tcp --dport 8080 -j DROP");
    Result result = on(NEW, "lint --json " + script);
    JsonObject json = JsonParser.object().from(result.out());
    JsonObject command = json.getArray("commands").getObject(0);
    assertEquals(2, command.getInt("line"));
    assertEquals("inserts rule 1 of IPv4 filter INPUT", command.getString("effect"));
    assertEquals(
        "input-for-published", command.getArray("findings").getObject(0).getString("name"));
    assertEquals(1, result.status());
    assertTrue(json.has("connections"));
  }

  @Test
  void aScriptThatIsNotThereIsUnknown() {
    assertEquals(
        new Result(2, "", "jdocknet: open(nofile): no such file\nhint: - is standard input\n"),
        on(NEW, "lint nofile"));
  }
}
