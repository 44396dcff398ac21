package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Strace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code jdocknet allow apply} is killed, and so are the programs that it runs: each family's chain
 * is the old or the new one, whole.
 */
@DockerTest
class DockerAllowCrashTest {
  private static final List<String> COMMANDS = List.of("iptables", "ip6tables");
  private static final int ROUNDS = Integer.getInteger("jnstools.rounds", 25);

  @TempDir static Path busybox;
  @AutoClose private static AllowHost host;
  @TempDir Path directory;
  private String file;
  private Map<String, String> texts;
  private List<String> before;
  private List<String> after;

  @BeforeAll
  static void start() throws Exception {
    host = AllowHost.start(busybox);
  }

  /** An old and a new list of many rules, and what makes the chains of the old one. */
  @BeforeEach
  void writeFiles() throws Exception {
    host.empty();
    String older = file("older.yaml", 1);
    UserRules.allow("apply", older).mustSucceed();
    before = chains();
    texts = new HashMap<>();
    for (String command : COMMANDS) {
      String rules = UserRules.sh(command + "-save -t filter | grep '^-A DOCKER-USER'");
      texts.put(command, "*filter\n:DOCKER-USER - [0:0]\n" + rules + "COMMIT\n");
    }
    file = file("newer.yaml", 2);
    UserRules.allow("apply", file).mustSucceed();
    after = chains();
    reset();
  }

  private String file(String name, int last) throws Exception {
    StringBuilder text = new StringBuilder("all:\n");
    for (int i = 0; i < 20; i++) {
      text.append("  - 10.0.").append(i).append('.').append(last).append('\n');
      text.append("  - fd00::").append(i).append(':').append(last).append('\n');
    }
    text.append("ports: {18080/tcp: [10.1.1.").append(last).append("]}\n");
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static List<String> chains() throws Exception {
    List<String> chains = new ArrayList<>();
    for (String command : COMMANDS) {
      chains.add(UserRules.chain(command));
    }
    return chains;
  }

  private void reset() throws Exception {
    for (String command : COMMANDS) {
      Run.of(texts.get(command), Map.of(), List.of(command + "-restore", "--noflush"))
          .mustSucceed();
    }
    assertEquals(before, chains());
  }

  /** Says which of both each chain is. */
  private String states(String step) throws Exception {
    List<String> states = new ArrayList<>();
    List<String> now = chains();
    for (int i = 0; i < now.size(); i++) {
      boolean old = now.get(i).equals(before.get(i));
      assertTrue(old || now.get(i).equals(after.get(i)), step + " left " + now.get(i));
      states.add(old ? "old" : "new");
    }
    return String.join(" ", states);
  }

  /** What it changes itself is its record; the chains are changed by the programs that it runs. */
  @Test
  void theCommandEndsBeforeAnyChange() throws Exception {
    try (Strace strace = Strace.ofJdocknet()) {
      List<String> steps = strace.changes("allow", "apply", file);
      assertEquals("new new", states("apply"));
      assertTrue(steps.contains("rename#1"), steps::toString);
      for (String step : steps) {
        reset();
        Run run = strace.killBefore(step, "allow", "apply", file);
        assertEquals("signalled 9", run.status(), step);
        assertEquals("old old", states(step));
      }
    }
    UserRules.allow("apply", file).mustSucceed();
    assertEquals("new new", states("apply"));
  }

  /** In the place of a program that writes a chain: once it has all it is to write, it does so. */
  private Map<String, String> instead(String program, String does) throws Exception {
    Path script =
        Files.writeString(
            directory.resolve(program),
            """
            #!/bin/sh
            case " $* " in *" --test "*) exec /usr/sbin/NAME "$@" ;; esac
            cat >DIR/text
            kill -KILL $PPID
            exec >/dev/null 2>&1 # nobody reads it any more
            DOES
            touch DIR/done
            """
                .replace("DOES", does)
                .replace("NAME", program)
                .replace("DIR", directory.toString()));
    script.toFile().setExecutable(true);
    return Map.of("PATH", directory + ":" + System.getenv("PATH"));
  }

  private void applyAndBeKilled(Map<String, String> path) throws Exception {
    Files.deleteIfExists(directory.resolve("done"));
    assertEquals("signalled 9", UserRules.allow(path, "apply", file).status());
    Poll.until("the end of the program " + path, () -> Files.exists(directory.resolve("done")));
  }

  /** The system calls by which a program writes a chain. */
  private List<String> steps(String program) throws Exception {
    Path log = directory.resolve("log");
    Run.of(
            texts.get(program.replace("-restore", "")),
            Map.of(),
            List.of(
                "strace",
                "-o",
                log.toString(),
                "-e",
                "trace=sendto,sendmsg,setsockopt,exit_group",
                program,
                "-w",
                "--noflush"))
        .mustSucceed();
    Map<String, Integer> counts = new HashMap<>();
    List<String> steps = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      if (line.contains("(")) {
        String call = line.substring(0, line.indexOf('('));
        steps.add(call + " " + counts.merge(call, 1, Integer::sum));
      }
    }
    return steps;
  }

  @Test
  void theProgramThatWritesEndsAtAnyOfItsSteps() throws Exception {
    Set<String> seen = new TreeSet<>();
    for (String command : COMMANDS) {
      String program = command + "-restore";
      for (String step : steps(program)) {
        reset();
        String[] call = step.split(" ");
        applyAndBeKilled(
            instead(
                program,
                "strace -o DIR/log -e trace=%1$s -e inject=%1$s:signal=KILL:when=%2$s"
                        .formatted(call[0], call[1])
                    + " /usr/sbin/NAME \"$@\" <DIR/text"));
        seen.add(states(program + " " + step));
      }
      Files.delete(directory.resolve(program));
    }
    assertEquals(Set.of("old old", "new old", "new new"), seen);
    UserRules.allow("apply", file).mustSucceed();
    assertEquals(after, chains());
  }

  @Test
  void whatIsHalfDoneCanBeTakenBackAndBeFinished() throws Exception {
    UserRules.allow("apply", directory.resolve("older.yaml").toString()).mustSucceed();
    Map<String, String> path = instead("ip6tables-restore", "true");
    applyAndBeKilled(path);
    assertEquals("new old", states("between both"));
    UserRules.allow("rollback").mustSucceed();
    assertEquals("old old", states("rollback"));
    applyAndBeKilled(path);
    UserRules.allow("apply", file).mustSucceed();
    assertEquals("new new", states("apply"));
  }

  /** The program that writes goes on although the command is dead, and what it did is on record. */
  @Test
  void whatIsWrittenByAnOrphanCanBeTakenBack() throws Exception {
    applyAndBeKilled(instead("iptables-restore", "/usr/sbin/NAME \"$@\" <DIR/text"));
    assertEquals("new old", states("orphan"));
    UserRules.allow("rollback").mustSucceed();
    assertEquals("old old", states("rollback"));
  }

  @Test
  void itIsTakenBackAfterTheCommandWasKilledWhileItWrote() throws Exception {
    Files.deleteIfExists(directory.resolve("done"));
    Map<String, String> path = instead("ip6tables-restore", "true");
    Run run = UserRules.allow(path, "apply", file, "--auto-revert", "2");
    assertEquals("signalled 9", run.status());
    Poll.until("what was there before", () -> chains().equals(before));
  }

  /** Which rules Docker has for a container's port. */
  private static String rulesOf(String address) throws Exception {
    return UserRules.sh(
        "iptables-save | grep -v '^-A DOCKER-USER' | grep -F " + address + " | sort");
  }

  @Test
  void neitherDockerNorWeLoseARuleToTheOther() throws Exception {
    String rules = null;
    for (int round = 0; round < ROUNDS; round++) {
      boolean odd = round % 2 == 1;
      String list = odd ? directory.resolve("older.yaml").toString() : file;
      Run[] docker = new Run[1];
      Exception[] failure = new Exception[1];
      Thread thread =
          new Thread(
              () -> {
                try {
                  docker[0] =
                      host.engine()
                          .run(
                              "run",
                              "-d",
                              "--name",
                              "next",
                              "-p",
                              "0.0.0.0:18081:81",
                              "busybox",
                              "/bin/sleep",
                              "1000");
                } catch (Exception e) {
                  failure[0] = e;
                }
              });
      thread.start();
      Run apply = UserRules.allow("apply", list);
      thread.join();
      assertEquals(null, failure[0]);
      docker[0].mustSucceed();
      apply.mustSucceed();
      assertEquals(odd ? before : after, chains(), "round " + round);
      String address =
          host.engine().inspect("next", "{{.NetworkSettings.Networks.bridge.IPAddress}}");
      String now = rulesOf(address).replace(address, "ADDRESS");
      assertEquals(3, now.lines().count(), now);
      assertEquals(rules == null ? now : rules, now, "round " + round);
      rules = now;
      host.engine().run("rm", "-f", "next").mustSucceed();
    }
  }
}
