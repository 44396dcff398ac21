package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code jnetns exec}, {@code pids}, {@code identify} and {@code unlink}, beside ip-netns(8). */
@DockerTest
class DockerJnetnsExecTest {
  @TempDir static Path busybox;
  @AutoClose private static DockerEngine engine;
  private static long web;
  private static long sharer;
  private static long dark;
  @AutoClose private NetnsHome home;

  @BeforeAll
  static void startContainers() throws Exception {
    engine = DockerEngine.withBusybox(busybox);
    web = start("web", "bridge", "--dns", "192.0.2.53", "--add-host", "db:192.0.2.7");
    sharer = start("sharer", "container:web");
    dark = start("dark", "none");
  }

  private static long start(String name, String network, String... options) throws Exception {
    return engine.pid(engine.sleeper(name, network, options));
  }

  @BeforeEach
  void makeHome() throws Exception {
    home = NetnsHome.make();
    Jnetns.out("link", "--all", "--quiet");
  }

  @Test
  void theProgramSeesWhatIpLetsItSee() throws Exception {
    String seen = "readlink /proc/self/ns/net; pwd; env | sort; id; ulimit -n; umask; ip -br link";
    List<String> program = List.of("sh", "-c", seen);
    Map<String, String> more = Map.of("A_VARIABLE", " of\tmine ");
    List<String> ip = new ArrayList<>(List.of("ip", "netns", "exec", "web"));
    ip.addAll(program);
    Run expected = Run.of("", more, ip).mustSucceed();
    assertTrue(expected.out().startsWith(Proc.ns(web, "net") + "\n"), expected.out());
    for (String reference : List.of("web", "docker:web", "docker:sharer")) {
      List<String> command = Jnetns.command("exec", reference);
      command.addAll(program);
      assertEquals(expected, Run.of("", more, command), reference);
    }
  }

  @Test
  void theProgramTakesThePlaceOfTheCommand() throws Exception {
    try (Running sleep = Running.start(Map.of(), Jnetns.command("exec", "web", "sleep", "1000"))) {
      Poll.until("sleep", () -> Proc.text(sleep.pid(), "comm").equals("sleep\n"));
      assertEquals(Proc.ns(web, "net"), Proc.ns(sleep.pid(), "net"));
      assertEquals(web + "\n" + sharer + "\n" + sleep.pid() + "\n", Jnetns.out("pids", "web"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exit 0,       exited 0",
    "exit 3,       exited 3",
    "kill -9 $$,   signalled 9",
    "kill -TERM $$,signalled 15"
  })
  void theStatusIsThePrograms(String script, String status) throws Exception {
    assertEquals(status, Jnetns.run("exec", "web", "--", "sh", "-c", script).status());
  }

  @Test
  void theStatusTellsWhyAProgramCouldNotRun() throws Exception {
    Run missing = Jnetns.run("exec", "web", "no-such-program");
    assertEquals("exited 127", missing.status());
    assertTrue(missing.err().startsWith("jnetns: exec(no-such-program): ENOENT: "), missing.err());
    Run refused = Jnetns.run("exec", "web", "/etc/passwd");
    assertEquals("exited 126", refused.status());
    assertEquals("jnetns: exec(/etc/passwd): EACCES: Permission denied\n", refused.err());
    assertEquals("exited 2", Jnetns.run("exec", "web").status());
    Jnetns.assertRefuses(
        "container(nope): no such container; asked docker (/run/docker.sock, /var/lib/docker);"
            + " containerd (/run/containerd)",
        "exec",
        "nope",
        "true");
  }

  @Test
  void standardInputReachesTheProgram() throws Exception {
    Run run = Run.of("one\ntwo\n", Map.of(), Jnetns.command("exec", "dark", "cat"));
    assertEquals(new Run("exited 0", "one\ntwo\n", ""), run);
  }

  @Test
  void namesAreResolvedAsTheContainerDoesIfThatIsWanted() throws Exception {
    String files = "cat /etc/resolv.conf /etc/hosts";
    String theirs = engine.run("exec", "web", "sh", "-c", files).mustSucceed().out();
    assertTrue(theirs.contains("192.0.2.53") && theirs.contains("192.0.2.7"), theirs);
    String hosts = Run.of("sh", "-c", files).mustSucceed().out();
    assertNotEquals(theirs, hosts);
    for (String reference : List.of("web", "docker:web", "sharer")) {
      assertEquals(theirs, Jnetns.out("exec", "--dns", "container", reference, "sh", "-c", files));
      assertEquals(hosts, Jnetns.out("exec", reference, "sh", "-c", files));
      assertEquals(hosts, Jnetns.out("exec", "--dns=host", reference, "sh", "-c", files));
    }
    assertEquals(hosts, Run.of("sh", "-c", files).mustSucceed().out());
    NetnsHome.link("users", Jnetns.file(dark));
    Jnetns.assertRefuses(
        "dns(users): jnetns did not make it, so which container it is of is not known",
        "exec",
        "--dns=container",
        "users",
        "true");
  }

  @Test
  void allMeansEachNamespaceOnce() throws Exception {
    Jnetns.out("link", "--name=another", "web");
    Files.createSymbolicLink(NetnsHome.path("gone"), Path.of(Jnetns.file(4_000_000)));
    Run run = Jnetns.run("exec", "--all", "readlink", "/proc/self/ns/net");
    String expected = "another: " + Proc.ns(web, "net") + "\ndark: " + Proc.ns(dark, "net") + "\n";
    assertEquals(new Run("exited 0", expected, ""), run);
    run = Jnetns.run("exec", "--all", "--verbose", "readlink", "/proc/self/ns/net");
    String skipped = "jnetns: skipped gone: process 4000000 is gone\n";
    assertEquals(new Run("exited 0", expected, skipped), run);
  }

  @Test
  void allGoOnAfterAFailureWhoseStatusIsKept() throws Exception {
    NetnsHome.link("aaa", Jnetns.file(ProcessHandle.current().pid()));
    String script = "echo one; printf two >&2; [ -e /sys/class/net/eth0 ]";
    Run run = Jnetns.run("exec", "--all", "--", "sh", "-c", script + " && exit 4; exit 5");
    assertEquals("aaa: one\ndark: one\nweb: one\n", run.out());
    assertEquals("aaa: two\ndark: two\nweb: two\n", run.err());
    // The host of this sandbox has no eth0, and neither has dark.
    assertEquals("exited 5", run.status());
    assertEquals("exited 137", Jnetns.run("exec", "-a", "sh", "-c", "kill -9 $$").status());
    assertEquals("exited 127", Jnetns.run("exec", "-a", "no-such-program").status());
    assertEquals("exited 126", Jnetns.run("exec", "-a", "/etc/passwd").status());
    Run last = Jnetns.run("exec", "-a", "sh", "-c", "[ ! -e /sys/class/net/eth0 ] || exit 4");
    assertEquals("exited 4", last.status());
  }

  @Test
  void pidsAreThoseThatIpFinds() throws Exception {
    String expected = web + "\n" + sharer + "\n";
    assertEquals(expected, Run.of("ip", "netns", "pids", "web").mustSucceed().out());
    for (String reference : List.of("web", "docker:web", "sharer", "" + web)) {
      assertEquals(expected, Jnetns.out("pids", reference));
    }
    assertEquals(JsonArray.from((int) dark), Jnetns.json("pids", "--json", "dark"));
  }

  @Test
  void aProcessIsIdentifiedByAllNamesWhereIpTellsOne() throws Exception {
    Jnetns.out("link", "--name=another", "web");
    String ips = Run.of("ip", "netns", "identify", "" + sharer).mustSucceed().out();
    assertTrue(List.of("web\n", "another\n").contains(ips), ips);
    for (String reference : List.of("" + sharer, "sharer", "docker:web")) {
      assertEquals("another\nweb\n", Jnetns.out("identify", reference));
    }
    assertEquals(JsonArray.from("another", "web"), Jnetns.json("identify", "--json", "sharer"));
    assertEquals("", Jnetns.out("identify"));
    assertEquals("dark\n", Jnetns.out("exec", "dark", Tools.JNETNS, "identify"));
  }

  @Test
  void unlinkRemovesByNameByContainerOrAll() throws Exception {
    Jnetns.out("link", "--name=another", "web");
    NetnsHome.link("users", Jnetns.file(dark));
    assertEquals("removed another (docker:web)\n", Jnetns.out("unlink", "another"));
    Jnetns.out("link", "--name=another", "web");
    assertEquals(
        "removed another (docker:web)\nremoved web (docker:web)\n",
        Jnetns.out("unlink", "docker:web"));
    Jnetns.assertRefuses(
        "unlink(docker:web): nothing that jnetns made is for this container", "unlink", "web");
    Jnetns.assertRefuses("unlink(/run/netns/users): it was not made by jnetns", "unlink", "users");
    Jnetns.out("link", "web");
    JsonArray removed = Jnetns.json("unlink", "--all", "--json");
    assertEquals(List.of("users"), NetnsHome.names());
    assertEquals("removed", removed.getObject(0).getString("action"));
    assertEquals("dark", removed.getObject(0).getString("name"));
    assertEquals("docker:web", removed.getObject(1).getString("container"));
    assertEquals((int) web, removed.getObject(1).getInt("pid"));
    assertEquals("removed users\n", Jnetns.out("unlink", "--force", "users"));
    assertEquals(Proc.ns(web, "net"), Proc.ns(sharer, "net"));
  }
}
