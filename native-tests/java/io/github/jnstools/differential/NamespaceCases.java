package io.github.jnstools.differential;

import static io.github.jnstools.differential.Case.inBox;
import static io.github.jnstools.differential.Case.of;
import static io.github.jnstools.differential.Case.onHost;

import java.util.ArrayList;
import java.util.List;

/** Which namespaces are joined, and how they are named on the command line. */
final class NamespaceCases {
  private static final String EQUALS =
      "-m=FILE is FILE, as in nsenter since 2.42; 2.38 opens \"=FILE\"";
  private static final String LETTERS =
      "attached text of option letters is more options, as people mean by -mp; FILE otherwise";

  static final String DIGITS = "a number is digits; strtoul(3) takes a sign and blanks before it";

  private NamespaceCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (String type : List.of("uts", "ipc", "net", "pid", "cgroup", "time")) {
      String letter = letter(type);
      all.add(onHost(type + " of the target", "-t {box} -" + letter));
      all.add(onHost(type + " of the target, long", "--target={box} --" + type));
      all.add(onHost(type + " of a bound file", "--" + type + "={w}/" + type));
      all.add(onHost(type + " of an attached file", "-" + letter + "/proc/{box}/ns/" + type));
      all.add(onHost(type + " of a relative file", "--" + type + "=./" + type));
      String file = "-" + letter + "=/proc/{box}/ns/" + type;
      all.add(of(type + " of =FILE", file, "true").allowed(EQUALS));
    }
    all.addAll(
        List.of(
            inBox("mnt of the target", "-t {box} -m"),
            inBox("mnt of the target, long", "--target {box} --mount"),
            inBox("mnt of a file", "--mount=/proc/{box}/ns/mnt"),
            inBox("mnt of an attached file", "-m/proc/{box}/ns/mnt"),
            of("mnt of =FILE", "-m=/proc/{box}/ns/mnt", "/bin/true").allowed(EQUALS),
            inBox("user of the target, with its files", "-t {userbox} -m -U"),
            onHost("user of the target", "-t {userbox} -U"),
            onHost("user of a file", "--user=/proc/{userbox}/ns/user"),
            onHost("user of an attached file", "-U/proc/{userbox}/ns/user"),
            of("user of =FILE", "-U=/proc/{userbox}/ns/user", "true").allowed(EQUALS),
            inBox("all of the box", "-t {box} -a"),
            inBox("all of the box, long", "--all --target {box}"),
            inBox("all of the box with its user namespace", "-t {userbox} -a"),
            onHost("all of a process that shares most", "-t {sharer} -a"),
            inBox("all, one of them from elsewhere", "-t {box} -a --uts=/proc/{sharer}/ns/uts"),
            inBox("all, but keeping credentials", "-t {userbox} -a --preserve-credentials"),
            inBox("all without a fork", "-t {box} -a -F"),
            inBox("all but user, one by one", "-t {box} -m -u -i -n -p -C -T"),
            inBox("all of them one by one", "-t {userbox} -m -u -i -n -p -C -T -U"),
            inBox("the order does not matter", "-U -T -C -p -n -i -u -m -t {userbox}"),
            inBox("mount and pid, the usual pair", "-t {box} -m -p"),
            inBox("mnt and net of different targets", "-t {box} -m --net=/proc/{userbox}/ns/net"),
            onHost("user and net", "-t {userbox} -U -n"),
            onHost("user, pid and uts", "-t {userbox} -U -p -u"),
            onHost("pid without a fork", "-t {box} -p -F"),
            onHost("pid without a fork, long", "-t {box} --pid --no-fork"),
            onHost("no fork without pid", "-t {box} -u -F"),
            onHost("pid for children", "--pid=/proc/{box}/ns/pid_for_children"),
            onHost("net and uts", "-t {box} --net --uts"),
            onHost("time and pid", "-t {box} -T -p"),
            onHost("cgroup and ipc", "-t {box} -C -i"),
            onHost("a type twice", "-t {box} -u -u"),
            onHost(
                "a file twice, the last counts",
                "--uts=/proc/{box}/ns/uts --uts=/proc/{sharer}/ns/uts"),
            onHost("file, then target", "--uts=/proc/{sharer}/ns/uts -u -t {box}"),
            onHost("target, then file", "-t {box} -u --uts=/proc/{sharer}/ns/uts"),
            onHost("two targets, the last counts", "-t {sharer} -t {box} -u"),
            onHost("target last", "-u -n -t {box}"),
            onHost("target attached", "-t{box} -u"),
            onHost("target at the end of a cluster", "-Ft {box} -u"),
            onHost("target attached in a cluster", "-Ft{box} -u"),
            onHost("flags before a namespace in a cluster", "-t {box} -Fp"),
            inBox("all in a cluster", "-at {box}"),
            inBox("all and no fork in a cluster", "-aFt{box}"),
            inBox("all and no fork in a cluster, target apart", "-t {box} -aF"),
            of("letters after a namespace", "-t {box} -mp", "/bin/true").allowed(LETTERS),
            of("all letters together", "-t {box} -muinp", "/bin/true").allowed(LETTERS),
            of("a letter and the target", "-ut{box}", "true").allowed(LETTERS),
            of("a letter file that is there", "-un", "true")
                .caller("chdir={w}/directory")
                .ends("exited 1"),
            onHost("an abbreviated target", "--targ {box} --uts"),
            onHost("abbreviated to one that is left", "--ta={box} --ut --ip --ne --pi --cg --ti"),
            inBox("an abbreviated mount", "--tar={box} --mo --pi"),
            onHost("an abbreviated option with a file", "--ut=/proc/{box}/ns/uts"),
            inBox("abbreviated credentials", "-t {userbox} -m --us --pres"),
            inBox("an abbreviated all", "-t {box} --al"),
            onHost("an abbreviated no-fork", "-t {box} -p --no"),
            onHost("an exact name that others begin with", "-t {sharer} -u --wd"),
            onHost("options end at --", "-t {box} -u --"),
            onHost("what looks like options is the program's", "-t {box} -u", "-m", "--all", "-t"),
            of("a separate FILE is the program", "-t {box} --mount", "/tmp").ends("exited 126"),
            of("a separate FILE of -u is the program", "-t {box} -u", "/proc/1/ns/uts")
                .ends("exited 126"),
            of("a lone - is the program", "-t {box} -u", "-").ends("exited 127"),
            onHost("the namespace of the caller itself", "--uts=/proc/self/ns/uts"),
            inBox("mnt twice over", "-t {box} -m --mount=/proc/{box}/ns/mnt"),
            inBox("as node-shell does", "--target {box} --mount --uts --ipc --net --pid --"),
            inBox("as debug pods do", "-a -t {userbox} --"),
            onHost("as nerdctl does", "-r/ -w/usr --preserve-credentials -m -n -U -t {userbox} -F"),
            inBox(
                "as rootless Docker does",
                "--no-fork --wd=/usr --preserve-credentials -m -n -U -t {userbox} --"),
            inBox("as host agents do", "-m/proc/{box}/ns/mnt --"),
            inBox("as storage agents do", "--mount=/proc/{box}/ns/mnt --net=/proc/{box}/ns/net"),
            of("a plus before the pid", "-t +{box} -u", "true").refused(DIGITS),
            of("a blank before the pid", "-t %20{box} -u", "true").refused(DIGITS),
            onHost("a zero before the pid", "-t 0{box} -u"),
            onHost("the target's thread directory", "--uts=/proc/{box}/task/{box}/ns/uts"),
            of(
                "the text of the namespaces inside",
                "-t {box} -a",
                "sh",
                "-c",
                "cat /proc/uptime >/dev/null; hostname; ps -o comm,args; ip link | head -n 1"),
            of(
                    "children of a program that joined pid unforked",
                    "-t {box} -p -F",
                    "sh",
                    "-c",
                    "sh -c 'echo $$ >/dev/null; readlink /proc/self/ns/pid'")
                .ends("exited 0"),
            of("the mount points inside", "-t {box} -m -p", "/bin/cat", "/proc/self/mountinfo"),
            of("a program of the host is not inside", "-t {box} -m", "/usr/bin/nsenter")
                .ends("exited 127"),
            of(
                "a program of the host runs in its network",
                "-t {box} -n",
                "sh",
                "-c",
                "cat /proc/net/dev | wc -l; readlink /proc/self/ns/net")));
    return all;
  }

  private static String letter(String type) {
    return switch (type) {
      case "cgroup" -> "C";
      case "time" -> "T";
      default -> type.substring(0, 1);
    };
  }
}
