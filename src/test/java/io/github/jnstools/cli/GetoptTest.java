package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GetoptTest {

  private static Options parse(List<String> arguments) throws UsageException {
    return new Getopt(new JnsEnterOptions().all(), false, JnsEnterOptions.GENERATIONS)
        .parse(arguments);
  }

  /** What was given, written in one way: long names, attached values, "--", operands. */
  private static List<String> canonical(List<String> arguments) throws UsageException {
    Options options = parse(arguments);
    List<String> flags =
        new JnsEnterOptions()
            .all().stream()
                .filter(option -> option.value() == Option.Value.NONE)
                .map(Option::name)
                .toList();
    List<String> canonical = new ArrayList<>();
    for (Options.Given given : options.given()) {
      boolean flag = flags.contains(given.name());
      canonical.add(given.name() + (flag ? "" : "=" + given.value()));
    }
    canonical.add("--");
    canonical.addAll(options.operands());
    return canonical;
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }

  /** Blanks separate; NONE stands for a value that was not given. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // Options end at the first operand.
        "                           | --",
        "top                        | -- top",
        "top -d 1                   | -- top -d 1",
        "-q top -q                  | --quiet -- top -q",
        "-                          | -- -",
        "- -q                       | -- - -q",
        "--                         | --",
        "-- -q                      | -- -q",
        "-- --                      | -- --",
        "-q -- -- -q                | --quiet -- -- -q",
        "-q top -- -q               | --quiet -- top -- -q",
        // An optional value must be attached.
        "-m top                     | --mount=NONE -- top",
        "--mount top                | --mount=NONE -- top",
        "-m/path                    | --mount=/path --",
        "-m=/path                   | --mount=/path --",
        "-m==/path                  | --mount==/path --",
        "-m=                        | --mount= --",
        "--mount=                   | --mount= --",
        "--mount=/path              | --mount=/path --",
        "--mount=/a=b               | --mount=/a=b --",
        "--mount==/path             | --mount==/path --",
        "-m./m                      | --mount=./m --",
        "-m:7                       | --mount=:7 --",
        "-r/ -w/cwd                 | --root=/ --wd=/cwd --",
        "-W/tmp pwd                 | --wdns=/tmp -- pwd",
        "-W /tmp pwd                | --wdns=NONE -- /tmp pwd",
        "--kill-child top           | --kill-child=NONE -- top",
        "--kill-child=TERM top      | --kill-child=TERM -- top",
        // A value that is not optional may be the next argument, whatever it looks like.
        "-t 1 top                   | --target=1 -- top",
        "-t1 top                    | --target=1 -- top",
        "-t=1 top                   | --target=1 -- top",
        "--target 1 top             | --target=1 -- top",
        "--target=1 top             | --target=1 -- top",
        "-t -m                      | --target=-m --",
        "-t --                      | --target=-- --",
        "--target -- top            | --target=-- -- top",
        "-S 0 -G follow             | --setuid=0 --setgid=follow --",
        "-Sroot                     | --setuid=root --",
        "-N5                        | --net-socket=5 --",
        "--env-set A=b=c            | --env-set=A=b=c --",
        "--env-set=A=b=c            | --env-set=A=b=c --",
        "--preserve-fds 2           | --preserve-fds=2 --",
        // Clusters.
        "-mp top                    | --mount=NONE --pid=NONE -- top",
        "-mpt 6806 top              | --mount=NONE --pid=NONE --target=6806 -- top",
        "-mpt6806 top               | --mount=NONE --pid=NONE --target=6806 -- top",
        "-mt6806 top                | --mount=NONE --target=6806 -- top",
        "-mt=6806 top               | --mount=NONE --target=6806 -- top",
        "-mp=/x                     | --mount=NONE --pid=/x --",
        "-mp/x                      | --mount=p/x --",
        "-aFt1                      | --all --no-fork --target=1 --",
        "-at 1                      | --all --target=1 --",
        "-muinpUCT                  | --mount=NONE --uts=NONE --ipc=NONE --net=NONE --pid=NONE"
            + " --user=NONE --cgroup=NONE --time=NONE --",
        "-mm                        | --mount=NONE --mount=NONE --",
        "-mS0                       | --mount=NONE --setuid=0 --",
        "-mnSweb                    | --mount=NONE --net=NONE --setuid=web --",
        "-eFqt1                     | --env --no-fork --quiet --target=1 --",
        "-mrw                       | --mount=NONE --root=NONE --wd=NONE --",
        "-hV                        | --help --",
        // Nothing after help or version counts.
        "--help --no-such           | --help --",
        "-qh -x top                 | --quiet --help --",
        "-hx                        | --help --",
        "-V -- top                  | --version --",
        // The name in /proc/PID/ns is a file, though each letter is an option.
        "-mmnt                      | --mount=mnt --",
        "-nnet                      | --net=net --",
        "-iipc                      | --ipc=ipc --",
        "-uuts                      | --uts=uts --",
        "-ppid                      | --pid=pid --",
        "-Uuser                     | --user=user --",
        "-Ccgroup                   | --cgroup=cgroup --",
        "-Ttime                     | --time=time --",
        "-mnet 1                    | --mount=NONE --net=NONE --env --target=1 --",
        "-mfile                     | --mount=file --",
        "-nnetns                    | --net=NONE --net=NONE --env --target=ns --",
        // Prefixes.
        "--mou                      | --mount=NONE --",
        "--m                        | --mount=NONE --",
        "--m=/x                     | --mount=/x --",
        "--mount-                   | --mount-proc --",
        "--mount-p                  | --mount-proc --",
        "--us                       | --user=NONE --",
        "--user-                    | --user-parent --",
        "--ut                       | --uts=NONE --",
        "--no                       | --no-fork --",
        "--no-n                     | --no-new-privs --",
        "--e                        | --env --",
        "--env- A=1                 | --env-set=A=1 --",
        "--ex                       | --explain --",
        "--n=f                      | AMBIGUOUS",
        "--ne                       | --net=NONE --",
        "--net- 5                   | --net-socket=5 --",
        "--k                        | --keep-caps --",
        "--ki                       | --kill-child=NONE --",
        "--fo                       | --follow-context --",
        "--follow-ca                | --follow-caps --",
        "--for                      | --forward-signals --",
        "--pre                      | --preserve-credentials --",
        "--preserve-f 1             | --preserve-fds=1 --",
        "--c                        | --cgroup=NONE --",
        "--cl                       | --clear-env --",
        "--j                        | --join-cgroup --",
        "--ta 1                     | --target=1 --",
        "--a                        | --all --",
        "--wd                       | --wd=NONE --",
        "--wdn                      | --wdns=NONE --",
        "--d                        | --debug --",
        "--q                        | --quiet --",
        "--p                        | AMBIGUOUS",
        // Seen in the wild.
        "--target 1 --mount --uts --ipc --net --pid -- bash -l"
            + " | --target=1 --mount=NONE --uts=NONE --ipc=NONE --net=NONE --pid=NONE -- bash -l",
        "-r/ -w/cwd --preserve-credentials -m -n -U -t 7 -F prog x"
            + " | --root=/ --wd=/cwd --preserve-credentials --mount=NONE --net=NONE --user=NONE"
            + " --target=7 --no-fork -- prog x",
        "-m/proc/1/ns/mnt -- cmd    | --mount=/proc/1/ns/mnt -- cmd",
        "--mount=/h/proc/1/ns/mnt --net=/h/proc/1/ns/net cmd"
            + " | --mount=/h/proc/1/ns/mnt --net=/h/proc/1/ns/net -- cmd",
        "-a -t 1                    | --all --target=1 --",
        "-U -t 1 cat /proc/1/status | --user=NONE --target=1 -- cat /proc/1/status"
      })
  void readsWhatNsenterReads(String given, String expected) throws UsageException {
    List<String> arguments = words(given);
    if (expected.equals("AMBIGUOUS")) {
      UsageException e = assertThrows(UsageException.class, () -> canonical(arguments));
      assertEquals(true, e.getMessage().contains(" could be "), e.getMessage());
    } else {
      assertEquals(words(expected.replace("NONE", Getopt.NO_VALUE)), canonical(arguments));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "-x            | no option '-x'",
        "-qx           | no option '-x'",
        "-=            | no option '-='",
        "-q=           | no option '-='",
        "--no-such     | no option '--no-such'",
        "--no-such=x   | no option '--no-such'",
        "--Mount       | no option '--Mount'",
        "--all=x       | option '--all' takes no value",
        "--al=         | option '--all' takes no value",
        "-t            | option '-t' needs a value",
        "-mt           | option '-t' needs a value",
        "--target      | option '--target' needs a value",
        "--env-set     | option '--env-set' needs a value",
        "--u           | option '--u' could be --uts or --user",
        "--set         | option '--set' could be --setuid or --setgid",
        "--w=x         | option '--w' could be --wd or --wdns",
        "--p           | option '--p' could be --pid or --preserve-credentials",
        "--n           | option '--n' could be --net or --no-fork",
        "--r=/ --wx    | no option '--wx'",
        "-\u00e9       | no option '-\u00e9'"
      })
  void saysWhatIsWrong(String given, String message) {
    UsageException e = assertThrows(UsageException.class, () -> canonical(words(given)));
    assertEquals(message, e.getMessage());
  }

  @Test
  void letsNoLaterOptionTakeAPrefixAway() throws UsageException {
    JnsEnterOptions model = new JnsEnterOptions();
    for (String name : JnsEnterOptions.GENERATIONS.get(0)) {
      for (int end = 3; end <= name.length(); end++) {
        String prefix = name.substring(0, end);
        long meant =
            JnsEnterOptions.GENERATIONS.get(0).stream().filter(o -> o.startsWith(prefix)).count();
        if (meant == 1) {
          String first = canonical(List.of(prefix, "1")).get(0);
          assertEquals(name, first.replaceFirst("=.*", "").replace(Getopt.NO_VALUE, ""), prefix);
        }
      }
    }
    assertEquals(false, model.all().isEmpty());
  }

  private static List<String> operands(List<String> arguments) throws UsageException {
    Options options = parse(arguments);
    assertEquals(List.of("1"), options.values("--target"));
    assertEquals(false, options.has("--help"));
    return options.operands();
  }

  /** Whatever follows "--", or the first operand, reaches the program as it is. */
  @Test
  void neverChangesOperands() throws UsageException {
    String[] pieces = {
      "-",
      "--",
      "-m",
      "-t",
      "--mount",
      "--mount=/x",
      "=",
      "a",
      "",
      " ",
      "@file",
      "${user.home}",
      "\"",
      "'",
      "\\",
      "\n",
      "\u00ff",
      "%s",
      "-h",
      "--help",
      "-V",
      "#",
      ",",
      "*",
      "\t-q"
    };
    Random random = new Random(6806);
    for (int i = 0; i < 2000; i++) {
      List<String> operands = new ArrayList<>();
      for (int n = random.nextInt(6); n > 0; n--) {
        String operand = "";
        for (int m = random.nextInt(4); m > 0; m--) {
          operand += pieces[random.nextInt(pieces.length)];
        }
        operands.add(operand);
      }
      List<String> arguments = new ArrayList<>(List.of("-mq", "--net=/n", "-t", "1"));
      boolean plain = random.nextBoolean() && !operands.isEmpty();
      if (plain) {
        operands.set(0, "a" + operands.get(0));
      } else {
        arguments.add("--");
      }
      arguments.addAll(operands);
      assertEquals(operands, operands(arguments), arguments.toString());
    }
  }

  @Test
  void givesEveryValueAsItIs() throws UsageException {
    for (String value :
        List.of("", "=", "a=b", "\"q\"", "'q'", "-t", "--pid", "--", "${x}", "a,b", " ", "\\")) {
      Options options = parse(List.of("--mount=" + value, "--env-set", value, "x"));
      assertEquals(List.of(value), options.values("--mount"));
      assertEquals(List.of(value), options.values("--env-set"));
      assertEquals(List.of("x"), options.operands());
    }
  }

  @Test
  void tellsNoValueFromAnEmptyOne() throws UsageException {
    assertEquals(
        List.of(Getopt.NO_VALUE, "", Getopt.NO_VALUE),
        parse(List.of("-m", "--mount=", "-m")).values("--mount"));
  }

  @Test
  void takesOptionsAfterOperandsWhereNoProgramIsRun() throws UsageException {
    List<Option> known =
        List.of(Option.flag("all", "-a", "--all"), Option.required("NAME", "name", "--name"));
    Getopt mixed = new Getopt(known, true, List.of(List.of("--all", "--name")));
    Options options = mixed.parse(List.of("web", "--name", "x", "-", "-a", "--", "-a"));
    assertEquals(List.of("--name", "--all"), options.names());
    assertEquals("x", options.last("--name"));
    assertEquals(List.of("web", "-", "-a"), options.operands());
  }
}
