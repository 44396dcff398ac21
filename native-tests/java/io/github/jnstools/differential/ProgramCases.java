package io.github.jnstools.differential;

import static io.github.jnstools.differential.Case.of;

import java.util.List;

/** How the program is found and run, and how the command ends. */
final class ProgramCases {
  private static final String NOTHING =
      "with nothing to enter, 2.38 runs the program where it is, and 2.41 and later refuse to";

  private static final String SCRIPT =
      "a script without #! is run by sh as the default shell too, not only as a program";

  private ProgramCases() {}

  static List<Case> all() {
    return List.of(
        of("a shell by default", "-t {box} -u").in("echo $0; hostname; exit 3\n").ends("exited 3"),
        of("SHELL is the default", "-t {box} -u").in("echo $0\n").caller("env=SHELL=/bin/bash"),
        of("SHELL without a slash", "-t {box} -u")
            .in("echo $0\n")
            .caller("env=SHELL=bash")
            .ends("exited 127"),
        of("SHELL with a relative path", "-t {box} -u").caller("env=SHELL=first/tool"),
        of("an empty SHELL", "-t {box} -u").in("echo $0\n").caller("env=SHELL=").ends("exited 127"),
        of("a SHELL that is not there", "-t {box} -u").caller("env=SHELL=/none").ends("exited 127"),
        of("a SHELL that ends in a slash", "-t {box} -u")
            .caller("env=SHELL=/bin/")
            .ends("exited 126"),
        of("a SHELL without a slash is not looked for in PATH", "-t {box} -u")
            .in("echo $0\n")
            .caller("clearenv", "env=SHELL=sh", "env=PATH=/nonexistent", "chdir=/bin"),
        of("a SHELL without a shebang", "-t {box} -u")
            .caller("env=SHELL={w}/plain")
            .ends("exited 126")
            .differs(SCRIPT, Invocation.STATUS, "exited 126", "exited 0")
            .differs(SCRIPT, Invocation.OUT, "", "plain .*\n")
            .differs(SCRIPT, Invocation.ERR, "not empty", "empty"),
        of("two SHELLs", "-t {box} -u")
            .in("echo $0\n")
            .caller("env=SHELL=/bin/bash", "env=SHELL=/bin/sh"),
        of("a shell inside", "-t {box} -m -p").in("echo $0 $$ >/tmp/x; cat /proc/1/comm\n"),
        of("a shell in the box", "-t {box} -a").in("echo $0\n"),
        of("a shell after --", "-t {box} -u --").in("echo $0\n"),
        of("exit status 0", "-t {box} -p", "true"),
        of("exit status 1", "-t {box} -p", "false").ends("exited 1"),
        of("exit status 7", "-t {box} -p", "sh", "-c", "exit 7").ends("exited 7"),
        of("exit status 255", "-t {box} -p", "sh", "-c", "exit 255").ends("exited 255"),
        of("exit status 7 without a fork", "-t {box} -u", "sh", "-c", "exit 7").ends("exited 7"),
        dies("HUP", 1, "-p"),
        dies("INT", 2, "-p"),
        dies("QUIT", 3, "-p"),
        dies("ABRT", 6, "-p"),
        dies("KILL", 9, "-p"),
        dies("SEGV", 11, "-p"),
        dies("PIPE", 13, "-p"),
        dies("TERM", 15, "-p"),
        dies("CHLD", 17, "-p").ends("exited 99"),
        dies("real time", 40, "-p"),
        dies("TERM, unforked", 15, "-u"),
        dies("KILL, unforked", 9, "-u"),
        dies("SEGV, unforked", 11, "-u"),
        dies("TERM, while the caller ignores it", 15, "-p").caller("ignore=15").ends("exited 1"),
        dies("TERM, while the caller blocks it", 15, "-p").caller("block=15").ends("exited 1"),
        of("the first process of a PID namespace lives on", "-t {box} -p", "true")
            .caller("ignore=17"),
        of("a program that is not there", "-t {box} -u", "/nonexistent").ends("exited 127"),
        of("a name that is not there", "-t {box} -u", "nonexistent").ends("exited 127"),
        of("an empty name", "-t {box} -u", "").ends("exited 127"),
        of("a file that is no program", "-t {box} -u", "/etc/passwd").ends("exited 126"),
        of("a directory", "-t {box} -u", "/tmp").ends("exited 126"),
        of("a file below a file", "-t {box} -u", "/etc/passwd/x").ends("exited 126"),
        of("a dangling link", "-t {box} -u", "{w}/dangling").ends("exited 127"),
        of("a link to itself", "-t {box} -u", "{w}/circle").ends("exited 126"),
        of("a script", "-t {box} -u", "{w}/first/tool", "a b", ""),
        of("a script without a shebang", "-t {box} -u", "{w}/plain", "a b", "", "c"),
        of("a script without a shebang, inside", "-t {box} -m", "/tmp/plain", "a", "b"),
        of("a script without a shebang, in a PID namespace", "-t {box} -p", "{w}/plain", "a"),
        of("an empty script", "-t {box} -u", "{w}/empty"),
        of("a script whose interpreter is not there", "-t {box} -u", "{w}/no-interpreter")
            .ends("exited 127"),
        of("a script that is its own interpreter", "-t {box} -u", "{w}/loop").ends("exited 126"),
        of("nonsense that begins as a program does", "-t {box} -u", "{w}/binary")
            .ends("exited 127"),
        of("a name that is too long", "-t {box} -u", "/" + "x".repeat(300)).ends("exited 126"),
        of("a path that is too long", "-t {box} -u", "/x".repeat(3000)).ends("exited 126"),
        path("PATH in order", "{w}/first:{w}/second"),
        path("PATH with what is not there", "/nonexistent:{w}/second"),
        path("PATH through a file", "/etc/passwd:{w}/second"),
        path("PATH through a directory of the name", "{w}/directory:{w}/second"),
        path("PATH through what may not be run", "{w}/denied:{w}/first"),
        path("PATH with only what may not be run", "{w}/denied:/nonexistent").ends("exited 126"),
        path("PATH with only a directory of the name", "{w}/directory").ends("exited 126"),
        path("PATH with nothing", "/nonexistent").ends("exited 127"),
        path("an empty PATH is the working directory", "").caller("chdir={w}/first"),
        path("an empty first element", ":{w}/second").caller("chdir={w}/first"),
        path("an empty last element", "/nonexistent:").caller("chdir={w}/first"),
        path("an empty element between", "/nonexistent::{w}/second").caller("chdir={w}/first"),
        path("a relative element", "second:first"),
        of("a relative element of PATH after a join", "-t {box} -m", "tool")
            .caller("clearenv", "env=PATH=tmp/second"),
        path("an element with a slash at its end", "{w}/second/"),
        path("an element that is too long", "/" + "x".repeat(300) + ":{w}/second")
            .ends("exited 126"),
        path("a link to itself in PATH", "{w}/circle:{w}/second").ends("exited 126"),
        of("a script without a shebang, by PATH", "-t {box} -u", "plain", "x")
            .caller("clearenv", "env=PATH={w}/other"),
        of("a missing PATH", "-t {box} -u", "true").caller("clearenv"),
        of("a missing PATH, inside", "-t {box} -m", "pwd").caller("clearenv"),
        of("a missing PATH does not find the directory", "-t {box} -u", "tool")
            .caller("clearenv", "chdir={w}/first")
            .ends("exited 127"),
        of("PATH is walked inside", "-t {box} -m", "tool")
            .caller("clearenv", "env=PATH=/tmp/second"),
        of("PATH with an unreadable element", "-t {box} -u -S 1000", "tool")
            .caller("clearenv", "env=PATH=/root:{w}/second"),
        of("nothing to enter", "", "echo", "x")
            .refused(NOTHING)
            .differs(NOTHING, Invocation.OUT, "x\n", ""),
        of("only a target", "-t {box}", "true").refused(NOTHING),
        of("only no fork", "-F", "true").refused(NOTHING),
        of("no arguments at all", "")
            .in("echo x\n")
            .refused(NOTHING)
            .differs(NOTHING, Invocation.OUT, "x\n", ""),
        of("only --", "--", "echo", "x")
            .refused(NOTHING)
            .differs(NOTHING, Invocation.OUT, "x\n", ""));
  }

  private static Case dies(String name, int signal, String option) {
    return of("death of " + name, "-t {box} " + option, "{probe}", "--die", "" + signal)
        .ends("signalled " + signal);
  }

  private static Case path(String name, String path) {
    return of(name, "-t {box} -u", "tool", "x").caller("clearenv", "env=PATH=" + path);
  }
}
