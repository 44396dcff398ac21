package io.github.jnstools.cli;

import static io.github.jnstools.cli.Result.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

/** Runs the command in this JVM: only what does not replace it. */
class JnsEnterTest {

  /** With --explain, so that a mistake in the code under test cannot replace this JVM. */
  private static Result explain(String line) {
    List<String> arguments = new ArrayList<>(List.of("jnsenter", "--explain"));
    String self = Long.toString(ProcessHandle.current().pid());
    for (String word : line.split(" ")) {
      if (!word.isEmpty()) {
        arguments.add(word.replace("SELF", self).replace("EMPTY", ""));
      }
    }
    return run(arguments.toArray(new String[0]));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // no target
        "-m                     | no target PID specified for --mount",
        "-p top                 | no target PID specified for --pid",
        "--net -- top           | no target PID specified for --net",
        "-a                     | no target PID specified for --all",
        "-r                     | no target PID specified for --root",
        "-w                     | no target PID specified for --wd",
        "-e                     | no target PID specified for --env",
        "-c                     | no target PID specified for --join-cgroup",
        "-Z                     | no target PID specified for --follow-context",
        "-N 3                   | no target PID specified for --net-socket",
        "-S follow              | no target PID specified for --setuid",
        "-G follow              | no target PID specified for --setgid",
        "--user-parent          | no target PID specified for --user-parent",
        "--follow-caps          | no target PID specified for --follow-caps",
        "-m=/proc/self/ns/mnt -m | no target PID specified for --mount",
        "--mount-proc           | no target PID specified for --mount-proc",
        // nothing requested
        "EMPTY                  | no namespace specified; add -a, or some of -muinpUCT",
        "top                    | no namespace specified; add -a, or some of -muinpUCT",
        "-F top                 | no namespace specified; add -a, or some of -muinpUCT",
        "-q --no-fork           | no namespace specified; add -a, or some of -muinpUCT",
        "-t SELF                | no namespace specified; add -a, or some of -muinpUCT",
        "-t SELF top            | no namespace specified; add -a, or some of -muinpUCT",
        // conflicting options
        "-t SELF -r --mount-proc    | options --root and --mount-proc cannot be combined",
        "-t SELF -F --mount-proc    | options --no-fork and --mount-proc cannot be combined",
        "-t SELF -w -W/tmp          | options --wd and --wdns cannot be combined",
        "-w/ -W/tmp                 | options --wd and --wdns cannot be combined",
        "-t SELF --keep-caps --follow-caps"
            + " | options --keep-caps and --follow-caps cannot be combined",
        // numbers
        "-m -t EMPTY            | invalid PID '': not a number from 1 to 2147483647",
        "-m -t 0                | invalid PID '0': not a number from 1 to 2147483647",
        "-m -t -1               | invalid PID '-1': not a number from 1 to 2147483647",
        "-m -t +1               | invalid PID '+1': not a number from 1 to 2147483647",
        "-m -t 2147483648       | invalid PID '2147483648': not a number from 1 to 2147483647",
        "-m -t 4294967297       | invalid PID '4294967297': not a number from 1 to 2147483647",
        "-m -t :5               | invalid PID '': not a number from 1 to 2147483647",
        "-m -t SELF:            | invalid pidfd inode '': not a number from 1 to"
            + " 18446744073709551615",
        "-m -t SELF:0           | invalid pidfd inode '0': not a number from 1 to"
            + " 18446744073709551615",
        "-m -t SELF:1:1         | invalid pidfd inode '1:1': not a number from 1 to"
            + " 18446744073709551615",
        "-m=:x                  | invalid namespace id 'x': not a number from 1 to"
            + " 18446744073709551615",
        "-t SELF -N -3          | invalid descriptor '-3': not a number from 0 to 2147483647",
        "-S -1 x                | invalid user id '-1': not a number from 0 to 4294967294",
        "-S 4294967295 x        | invalid user id '4294967295': not a number from 0 to 4294967294",
        "-S 4294967296 x        | invalid user id '4294967296': not a number from 0 to 4294967294",
        "-S EMPTY x             | invalid user id '': not a number from 0 to 4294967294",
        "-S 1x x                | invalid user id '1x': not a number from 0 to 4294967294",
        "-G 18446744073709551616 x | invalid group id '18446744073709551616': not a number from"
            + " 0 to 4294967294",
        "--preserve-fds x -S 0  | invalid number of descriptors 'x': not a number from 0 to"
            + " 1048576",
        "--preserve-fds 9 -S 0  | --preserve-fds=9: only 0 descriptors are open from 3 on",
        // names
        "-S no-such-user x      | no user 'no-such-user' here",
        "-S +1 x                | no user '+1' here",
        "-G no-such-group x     | no group 'no-such-group' here",
        "-S 0 --kill-child=FOO  | no signal 'FOO'",
        "-S 0 --kill-child=     | no signal ''",
        "-S 0 --env-set A       | invalid variable 'A': not NAME=VALUE",
        "-S 0 --env-set =A      | invalid variable '=A': not NAME=VALUE",
        // grammar
        "-x                     | no option '-x'",
        "--no-such              | no option '--no-such'",
        "--all=yes              | option '--all' takes no value",
        "-t                     | option '-t' needs a value",
        "--u                    | option '--u' could be --uts or --user"
      })
  void tellsAUsageErrorInOneLine(String line, String message) {
    assertEquals(
        new Result(
            1, "", "jnsenter: " + message + "\nTry 'jnsenter --help' for more information.\n"),
        explain(line));
  }

  @Test
  void refusesToRunAnythingByItself() {
    String message =
        "jnsenter: no namespace specified; add -a, or some of -muinpUCT\nTry 'jnsenter --help' for more information.\n";
    assertEquals(new Result(1, "", message), run("jnsenter"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "-m=/proc/self/ns/net x   | setns(/proc/self/ns/net, CLONE_NEWNS): this is a namespace of"
            + " type net, not mnt",
        "-m/proc/self/status x    | setns(/proc/self/status, CLONE_NEWNS): not a namespace file",
        "-m/no/such x             | openat(/no/such, for CLONE_NEWNS): ENOENT: No such file",
        "-m= x                    | openat(, for CLONE_NEWNS): ENOENT: No such file or directory",
        "-r/no/such x             | openat(/no/such): ENOENT: No such file or directory",
        "-t 2147483647 -m x       | pidfd_open(2147483647): ESRCH: No such process",
        "-t SELF:1 -m x           | target"
      })
  void tellsARefusalOfTheKernel(String line, String message) {
    Result result = explain(line);
    assertEquals(1, result.status());
    assertEquals("", result.out());
    List<String> lines = result.err().lines().toList();
    assertTrue(lines.get(0).startsWith("jnsenter: " + message), result.err());
    assertTrue(lines.size() == 1 || lines.get(1).startsWith("hint: "), result.err());
    assertTrue(lines.size() <= 2, result.err());
  }

  @Test
  void givesTheHintOnALineOfItsOwn() {
    assertEquals(
        "jnsenter: pidfd_open(2147483647): ESRCH: No such process\n"
            + "hint: no process has this pid in the caller's PID namespace; look it up again\n",
        explain("-t 2147483647 -m").err());
  }

  @Test
  void escapesWhatWouldMoveATerminalsCursor() {
    String err = run("jnsenter", "--explain", "-S", "0", "--env-set", "a\u001b[2J\n").err();
    assertEquals("jnsenter: invalid variable 'a\\x1b[2J\\x0a': not NAME=VALUE", firstLine(err));
  }

  private static String firstLine(String text) {
    return text.substring(0, text.indexOf('\n'));
  }

  @Test
  void showsATraceOnlyWithDebug() {
    assertFalse(explain("-t 2147483647 -m").err().contains("\tat "));
    assertTrue(explain("--debug -t 2147483647 -m").err().contains("\tat "));
  }

  @Test
  void explainsTheStepsAndRunsNothing() {
    Result result = explain("-S 1000 -G 1001 -W/tmp --no-new-privs /no/such/program -x");
    assertEquals(
        List.of(
            "prctl(PR_SET_DUMPABLE, 0)",
            "chdir(/tmp)",
            "setgroups(0, NULL)",
            "setgid(1001)",
            "setuid(1000)",
            "prctl(PR_SET_NO_NEW_PRIVS, 1)",
            "exec(/no/such/program)"),
        result.out().lines().toList());
    assertEquals("", result.err());
    assertEquals(0, result.status());
  }

  @Test
  void readsANamespaceFileAfterItsOwnEqualsSign() {
    for (String option : List.of("-u=", "-u", "--uts=", "--ut=")) {
      Result result = explain(option + "/proc/self/ns/uts x");
      assertTrue(
          result.out().contains("\nsetns(/proc/self/ns/uts, CLONE_NEWUTS)\n"), result.toString());
    }
  }

  @Test
  void letsOneUseWithoutAFileOutdoTheOthers() {
    String self = "/proc/" + ProcessHandle.current().pid() + "/ns/uts";
    for (String line :
        List.of("-u -u=/proc/self/ns/uts", "-u=/proc/self/ns/uts -u", "-u/no/such -u")) {
      Result result = explain(line + " -t SELF x");
      assertTrue(result.out().contains("\nsetns(" + self + ", "), result.toString());
      assertFalse(result.out().contains("/proc/self/"), result.toString());
    }
  }

  @Test
  void letsOneUseWithoutADirectoryOutdoTheOthers() {
    String self = "/proc/" + ProcessHandle.current().pid();
    for (String line : List.of("-w -w/no/such", "-w/no/such -w")) {
      Result result = explain(line + " -t SELF x");
      assertTrue(result.out().contains("\nfchdir(" + self + "/cwd)\n"), result.toString());
    }
    Result result = explain("-r -r/no/such -t SELF x");
    assertTrue(result.out().contains("\nchroot(" + self + "/root)\n"), result.toString());
  }

  @Test
  void takesTheLastOfTwoFiles() {
    Result result = explain("-u/no/such -u=/proc/self/ns/uts x");
    assertTrue(result.out().contains("/proc/self/ns/uts"), result.toString());
  }

  @Test
  void startsALoginShellIfThereIsNoProgram() {
    assertEquals(
        "exec(/bin/ksh)", lastLine(explain("-S 0 --clear-env --env-set SHELL=/bin/ksh").out()));
    assertEquals("exec(/bin/sh)", lastLine(explain("-S 0 --clear-env").out()));
    assertEquals("exec(./ksh)", lastLine(explain("-S 0 --clear-env --env-set SHELL=ksh").out()));
  }

  private static String lastLine(String text) {
    List<String> lines = text.lines().toList();
    return lines.get(lines.size() - 1);
  }

  @Test
  void printsHelpAndVersionToStdout() {
    Result help = run("jnsenter", "-t", "nonsense", "--help");
    assertEquals(new Result(0, HelpText.of(new JnsEnterOptions().usage(), Ansi.OFF), ""), help);
    Result version = run("jnsenter", "-V");
    assertTrue(version.out().matches("jnsenter from jnstools .+\n"), version.out());
    assertEquals(0, version.status());
    assertEquals("", version.err());
  }

  @Test
  void takesATargetThatIsNoNumberForAContainer() {
    Result result = run("jnsenter", "-m", "-t", "nope:web", "--explain");
    assertEquals(1, result.status());
    assertEquals("", result.out());
    assertTrue(
        result.err().startsWith("jnsenter: container(nope:web): no such engine: nope\nhint"));
  }

  @Test
  void knowsNoOtherCommand() {
    for (String[] arguments : Arrays.asList(new String[0], new String[] {"nsenter", "-h"})) {
      Result result = run(arguments);
      assertEquals(1, result.status());
      assertEquals("", result.out());
      assertTrue(
          result
              .err()
              .matches("jnstools: no command '.*'; there are jnsenter, jnetns, jdocknet\n"));
    }
  }
}
