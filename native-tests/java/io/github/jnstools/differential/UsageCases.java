package io.github.jnstools.differential;

import static io.github.jnstools.differential.Case.of;

import java.util.List;

/** Command lines that are refused, and targets and files that cannot be entered. */
final class UsageCases {
  private static final String LATER = "an option of a later nsenter, or of jnsenter's own";
  private static final String OUTDONE = "a value that another outdoes is not opened";
  private static final String HELP = "help and version are in the command's own words";

  private UsageCases() {}

  static List<Case> all() {
    return List.of(
        failing("an unknown long option", "--foo"),
        failing("an unknown letter", "-Q"),
        failing("an unknown letter in a cluster", "-t {box} -FQ"),
        failing("an unknown option after good ones", "-t {box} -u --nope"),
        failing("an ambiguous abbreviation", "-t {box} -u --set"),
        failing("another ambiguous abbreviation", "-t {box} --u"),
        failing("a value for an option without", "-t {box} -u --no-fork=1"),
        failing("a value for --all", "-t {box} --all=x"),
        failing("an empty value for --all", "-t {box} --all="),
        of("a target without a value", "-u -t").ends("exited 1"),
        of("a long target without a value", "-u --target").ends("exited 1"),
        of("a user without a value", "-t {box} -u -S").ends("exited 1"),
        of("a group without a value", "-t {box} -u --setgid").ends("exited 1"),
        failing("an empty target", "--target= -u"),
        failing("a target that is no number", "-t abc -u"),
        failing("a target that is half a number", "-t 12x -u"),
        failing("a target in hexadecimal", "-t 0x1 -u"),
        failing("a target with a blank", "-t1%20 -u"),
        failing("target -1", "-t -1 -u"),
        failing("target 0", "-t 0 -u"),
        failing("a target that is too large", "-t 4294967296 -u"),
        failing("a target far too large", "-t 99999999999999999999999 -u"),
        failing("a target that is not there", "-t {dead} -u"),
        failing("all of a target that is not there", "-t {dead} -a"),
        failing("root of a target that is not there", "-t {dead} -r"),
        failing("directory of a target that is not there", "-t {dead} -w"),
        failing("user of a target that is not there", "-t {dead} -U"),
        failing("all of nobody", "-a"),
        failing("mnt of nobody", "-m"),
        failing("uts of nobody, beside a file", "-u --net={w}/net"),
        failing("pid of nobody, long", "--pid"),
        failing("a file that is not there", "--uts=/nonexistent"),
        failing("an attached file that is not there", "-u/nonexistent"),
        failing("an empty file name", "--uts="),
        failing("a file that is no namespace", "--uts=/etc/passwd"),
        failing("a directory as a namespace", "--uts=/tmp"),
        failing("a device as a namespace", "--net=/dev/null"),
        failing("a namespace of another type", "--uts=/proc/{box}/ns/net"),
        failing("a bound namespace of another type", "--net={w}/uts"),
        failing("a pid namespace as a mount namespace", "--mount=/proc/{box}/ns/pid"),
        failing("a directory of the target as a file", "--uts=/proc/{box}/ns"),
        failing("a file that is not there after one that is", "--uts={w}/uts --net={w}/none"),
        of("a first file that is not there, given again", "--uts={w}/none --uts={w}/uts", "true")
            .allowed(OUTDONE),
        of("a file that is not there, then the target\'s", "--uts={w}/none -u -t {box}", "true")
            .allowed(OUTDONE),
        of("a first root that is not there, given again", "--root=/none --root=/", "true")
            .allowed(OUTDONE),
        of("a first directory that is not there, given again", "--wd=/none --wd=/", "true")
            .allowed(OUTDONE),
        of("version, then help", "-V -h")
            .differs(HELP, Invocation.OUT, "nsenter from .*\n", "jnsenter from .*\n"),
        of("version in a cluster", "-FVQ")
            .differs(HELP, Invocation.OUT, "nsenter from .*\n", "jnsenter from .*\n"),
        failing("the caller's own user namespace", "--user=/proc/self/ns/user"),
        failing("the target's user namespace, which is the caller's", "-t {box} -U"),
        failing("a pid namespace above", "-t {box} -p").caller("ids=1000:1000"),
        failing("a link to itself as a file", "--uts={w}/circle"),
        failing("a program is not run after a failure", "-t {box} -u --net=/etc/passwd"),
        of("help", "--help").differs(HELP, Invocation.OUT, "(?s).*nsenter.*", "(?s).*jnsenter.*"),
        of("short help, with errors after it", "-h -Q")
            .differs(HELP, Invocation.OUT, "(?s).*nsenter.*", "(?s).*jnsenter.*"),
        of("errors before help", "-Q -h").ends("exited 1"),
        of("abbreviated help", "--he")
            .differs(HELP, Invocation.OUT, "(?s).*nsenter.*", "(?s).*jnsenter.*"),
        of("the program's --help", "-t {box} -u", "echo", "--help"),
        of("version", "-V")
            .differs(HELP, Invocation.OUT, "nsenter from .*\n", "jnsenter from .*\n"),
        of("long version", "--version")
            .differs(HELP, Invocation.OUT, "nsenter from .*\n", "jnsenter from .*\n"),
        of("the target's environment", "-t {box} -u -e", "true").allowed(LATER),
        of("an empty environment", "-t {box} -u --clear-env", "/bin/true").allowed(LATER),
        of("quietly", "-t {box} -u -q", "true").allowed(LATER),
        of("capabilities", "-t {userbox} -U --keep-caps", "true").allowed(LATER),
        of("the program is a name that is no option", "-t {box} -u", "--", "-Q")
            .ends("exited 127"));
  }

  private static Case failing(String name, String options) {
    return of(name, options, "true").ends("exited 1");
  }
}
