package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.PublicCopy;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Sleeper;
import io.github.jnstools.harness.Tools;
import io.github.jnstools.netns.NetnsDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code jnetns} does with processes that are named by their pids. */
@RootTest
class JnetnsRootTest {
  private NetnsHome home;
  private Sleeper process;
  private String pid;

  @BeforeEach
  void make() throws Exception {
    home = NetnsHome.make();
    process = Sleeper.start();
    pid = "" + process.pid();
  }

  @AfterEach
  void remove() throws IOException {
    process.close();
    home.close();
  }

  private static Run jnetns(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = Tools.JNETNS;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Run.of(command);
  }

  @Test
  void whatCannotBeWrittenIsAFailure() throws Exception {
    Run run = Run.of("sh", "-c", "exec \"$0\" list >/dev/full", Tools.JNETNS);
    assertEquals("exited 1", run.status());
    assertTrue(run.err().startsWith("jnetns: write(standard output): "), run.err());
  }

  @Test
  void unlinksByTheContainerThatAnEntryIsForThoughItRunsNoMore() throws Exception {
    NetnsDirectory directory = NetnsDirectory.at(NetnsDirectory.DEFAULT);
    for (String name : List.of("web", "db")) {
      try (Target target = Target.of(process.pid())) {
        directory.link(OsString.of("of-" + name), target, process.owner(name), false);
      }
    }
    process.end();
    assertEquals("removed of-web (docker:web)\n", jnetns("unlink", "docker:web").out());
    assertEquals("removed of-db (docker:db)\n", jnetns("unlink", "id-of").out());
    assertEquals("exited 1", jnetns("unlink", "docker:").status());
  }

  private static void assertDone(String out, Run run) {
    assertEquals(new Run("exited 0", out, ""), run);
  }

  private static void assertRefused(String err, Run run) {
    assertEquals(new Run("exited 1", "", err), run);
  }

  @Test
  void linksAndTellsWhatItDid() throws Exception {
    String what = " box (pid:" + pid + "): process " + pid;
    assertDone("linked" + what + "\n", jnetns("link", "--name", "box", pid));
    assertDone("unchanged" + what + "\n", jnetns("link", "-nbox", pid));
    assertDone(
        "relinked" + what + "; the mount keeps its network namespace until jnetns unlink box\n",
        jnetns("link", "--bind", "--name=box", pid));
    assertDone("removed box (pid:" + pid + ")\n", jnetns("unlink", "box"));
    assertDone(
        "attached" + what + "; the mount keeps its network namespace until jnetns unlink box\n",
        jnetns("link", "--bind", "--name=box", pid));
    assertDone("", jnetns("-q", "unlink", "box"));
    assertDone(
        "linked pid-%s (pid:%s): process %s\n".replace("%s", pid), jnetns("link", pid, "--force"));
    assertEquals(List.of("pid-" + pid), NetnsHome.names());
  }

  @Test
  void tellsProgramsInJson() throws Exception {
    JsonArray linked = JsonParser.array().from(jnetns("link", "--json", pid).out());
    assertEquals(1, linked.size());
    JsonObject outcome = linked.getObject(0);
    assertEquals("linked", outcome.getString("action"));
    assertEquals("pid-" + pid, outcome.getString("name"));
    assertEquals(process.pid(), outcome.getInt("pid"));
    assertEquals(
        List.of(process.pid()), JsonParser.array().from(jnetns("pids", "--json", pid).out()));
    assertEquals(
        List.of("pid-" + pid), JsonParser.array().from(jnetns("identify", "--json", pid).out()));
  }

  @Test
  void tellsTheProcessesOfANameOrOfAProcess() throws Exception {
    jnetns("link", "--name=box", pid).mustSucceed();
    try (Sleeper guest = Sleeper.start("nsenter", "--net=" + process.file())) {
      String both = pid + "\n" + guest.pid() + "\n";
      assertDone(both, jnetns("pids", "box"));
      assertDone(both, jnetns("pids", pid));
      assertDone(both, jnetns("pids", "" + guest.pid()));
      assertEquals(both, Run.of("ip", "netns", "pids", "box").out());
    }
  }

  @Test
  void tellsAllNamesOfAProcess() throws Exception {
    for (String name : new String[] {"two", "one"}) {
      jnetns("link", "--name", name, pid).mustSucceed();
    }
    Run.of("ip", "netns", "attach", "three", pid).mustSucceed();
    Run.of("ip", "netns", "add", "other").mustSucceed();
    assertDone("one\nthree\ntwo\n", jnetns("identify", pid));
    assertDone("", jnetns("identify", "1"));
    assertDone("", jnetns("identify"));
    assertDone(
        "one\nthree\ntwo\n", Run.of("ip", "netns", "exec", "three", Tools.JNETNS, "identify"));
  }

  @Test
  void unlinksByNameByContainerOrAllThatItMade() throws Exception {
    for (String name : new String[] {"a", "b", "c"}) {
      jnetns("link", "--name", name, pid).mustSucceed();
    }
    NetnsHome.link("foreign", process.file());
    assertDone("removed b (pid:" + pid + ")\n", jnetns("unlink", "b"));
    assertDone("removed a (pid:" + pid + ")\nremoved c (pid:" + pid + ")\n", jnetns("unlink", pid));
    assertRefused(
        "jnetns: unlink(pid:" + pid + "): nothing that jnetns made is for this container\n",
        jnetns("unlink", pid));
    jnetns("link", "--name=d", pid).mustSucceed();
    assertDone("removed d (pid:" + pid + ")\n", jnetns("unlink", "--all"));
    assertEquals(List.of("foreign"), NetnsHome.names());
    assertRefused(
        "jnetns: unlink(/run/netns/foreign): it was not made by jnetns\n"
            + "hint: remove the link with --force\n",
        jnetns("unlink", "foreign"));
    assertDone("removed foreign\n", jnetns("unlink", "--force", "foreign"));
  }

  @Test
  void doesWhatItCanAndFailsForTheRest() throws Exception {
    jnetns("link", "--name=a", pid).mustSucceed();
    Run run = jnetns("unlink", "none-such", "a");
    assertEquals("exited 1", run.status());
    assertEquals("removed a (pid:" + pid + ")\n", run.out());
    assertTrue(run.err().lines().count() <= 2 && run.err().startsWith("jnetns: "), run.err());
    assertEquals(List.of(), NetnsHome.names());
  }

  @Test
  void refusesBadNamesAndChangesNothing() throws Exception {
    jnetns("link", "--name=box", pid).mustSucceed();
    String before = NetnsHome.listing();
    for (String bad :
        new String[] {
          "12", "-x", "", ".", "..", "a/b", "../x", ".jnetns-new", "a\nb", "a\u001b[2J"
        }) {
      Run run = jnetns("link", "--name=" + bad, pid);
      assertEquals("exited 1", run.status(), run::toString);
      assertEquals("", run.out());
      assertTrue(
          run.err().matches("jnetns: name\\([^\n\u001b]*\\): [^\n]+\nhint: [^\n]+\n"), run.err());
    }
    for (String[] command :
        new String[][] {
          {"unlink", "."},
          {"unlink", ".."},
          {"unlink", "../netns/box"},
          {"unlink", "--force", ""},
          {"pids", ".."},
          {"pids", "a".repeat(300)},
          {"link", "0"},
          {"link", "-1"},
          {"link", "2147483648"},
          {"link", "2147483647"},
          {"prune", "box"}
        }) {
      Run run = jnetns(command);
      boolean usage = command[0].equals("prune") || command[1].equals("-1");
      String code = usage ? "2" : "1";
      assertEquals("exited " + code, run.status(), run::toString);
      assertEquals("", run.out());
      assertTrue(run.err().matches("jnetns: [^\n]+\n((hint: |Try ')[^\n]+\n)?"), run.err());
    }
    assertEquals(before, NetnsHome.listing());
  }

  @Test
  void holdsNamesOfAnyBytesInAnyLocale() throws Exception {
    String name =
        new String("bäckerei".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    List<String> link =
        List.of("sh", "-c", Tools.JNETNS + " link --name \"$(printf 'b\\303\\244ckerei')\" " + pid);
    Run run = Run.of("", Map.of("LC_ALL", "C"), link);
    assertDone("linked " + name + " (pid:" + pid + "): process " + pid + "\n", run);
    assertEquals(name + "\n", Run.of("ls", "-N", NetnsHome.PATH.toString()).out());
  }

  @Test
  void usesAnotherDirectoryWhereItIsTold() throws Exception {
    String there = "/run/bä ckerei";
    try {
      List<String> link =
          List.of(
              "sh",
              "-c",
              Tools.JNETNS
                  + " --netns-dir \"$(printf '/run/b\\303\\244 ckerei')\" link --bind -n box "
                  + pid);
      Run run = Run.of("", Map.of("LC_ALL", "C"), link);
      assertEquals("exited 0", run.status(), run::toString);
      String mounts = Proc.text(ProcessHandle.current().pid(), "mountinfo");
      String bytes =
          new String(there.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      assertTrue(mounts.contains(process.net() + " " + bytes.replace(" ", "\\040") + "/box "));
      assertTrue(!Files.exists(NetnsHome.PATH));
    } finally {
      Run.of(
          "sh",
          "-c",
          "cd /run; for d in b*ckerei; do umount -l \"$d/box\"; umount -l \"$d\"; rm -r \"$d\";"
              + " done");
    }
  }

  @Test
  void needsARightForWhatItDoes() throws Exception {
    jnetns("link", "--name=box", pid).mustSucceed();
    String before = NetnsHome.listing();
    try (PublicCopy copy = PublicCopy.make();
        Running own = Running.start("setpriv", "--reuid=1000", "sleep", "1000")) {
      Poll.until("sleep", () -> Proc.text(own.pid(), "comm").equals("sleep\n"));
      String[] user = {"setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", copy.jnetns()};
      for (String[] command :
          new String[][] {
            {"link", "--name=x", pid},
            {"link", "--force", "--name=x", "" + own.pid()},
            {"unlink", "--force", "box"},
            {"pids", "box"}
          }) {
        String[] all = Arrays.copyOf(user, user.length + command.length);
        System.arraycopy(command, 0, all, user.length, command.length);
        Run run = Run.of(all);
        assertEquals("exited 1", run.status(), run::toString);
        assertEquals("", run.out());
        assertTrue(run.err().contains("EACCES: Permission denied\n"), run.err());
        assertTrue(run.err().matches("jnetns: [^\n]+\n(hint: [^\n]+\n)?"), run.err());
      }
    }
    assertEquals(before, NetnsHome.listing());
  }

  @Test
  void refusesTheHostsNetworkUnlessForced() throws Exception {
    assertRefused(
        "jnetns: link(pid:1): it is on the host's network\n"
            + "hint: a name for that is seldom meant; --force links it\n",
        jnetns("link", "1"));
    assertTrue(!Files.exists(NetnsHome.PATH));
    assertDone("linked pid-1 (pid:1): process 1\n", jnetns("link", "--force", "1"));
  }

  @Test
  void execKeepsTheMountsBelowSysThatIpLoses() throws Exception {
    String[] look = {
      "stat", "-f", "-c", "%T", "/sys/fs/cgroup", "/sys/fs/bpf", "/sys/kernel/debug"
    };
    Run.of("mount", "-t", "bpf", "bpf", "/sys/fs/bpf").mustSucceed();
    Run.of("mount", "-t", "debugfs", "debugfs", "/sys/kernel/debug").mustSucceed();
    try {
      jnetns("link", "--name=box", pid).mustSucceed();
      String here = Run.of(look).mustSucceed().out();
      assertTrue(here.endsWith("\nbpf_fs\ndebugfs\n") && !here.contains("sysfs"), here);
      for (String reference : new String[] {"box", pid}) {
        assertDone(here, jnetns(with(look, "exec", reference)));
        assertDone("lo\n", jnetns("exec", reference, "ls", "/sys/class/net"));
      }
      String[] ip = with(look, "ip", "netns", "exec", "box");
      assertDone("sysfs\nsysfs\nsysfs\n", Run.of(ip));
    } finally {
      Run.of("umount", "/sys/kernel/debug").mustSucceed();
      Run.of("umount", "/sys/fs/bpf").mustSucceed();
    }
  }

  private static String[] with(String[] program, String... before) {
    String[] command = Arrays.copyOf(before, before.length + program.length);
    System.arraycopy(program, 0, command, before.length, program.length);
    return command;
  }
}
