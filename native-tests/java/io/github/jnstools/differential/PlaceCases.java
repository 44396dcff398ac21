package io.github.jnstools.differential;

import static io.github.jnstools.differential.Case.inBox;
import static io.github.jnstools.differential.Case.of;
import static io.github.jnstools.differential.Case.onHost;

import java.util.List;

/** Root and working directories. */
final class PlaceCases {
  private static final String BARE =
      "a bare -W takes no separate argument, as in nsenter since 2.39";

  private static final String GONE = "a JVM does not start where getcwd(2) fails";

  private PlaceCases() {}

  static List<Case> all() {
    return List.of(
        inBox("the target's root", "-t {box} -r"),
        inBox("the target's root, long", "-t {box} --root"),
        inBox("a root directory", "-r{boxroot}"),
        inBox("a root directory, long", "--root={boxroot}"),
        inBox("a relative root directory", "--root=../../{boxroot}").caller("chdir=/usr/share"),
        inBox("a root of the target with its mounts", "-t {box} -m -r"),
        inBox("a root below the namespace's own", "-t {jail} -m -r"),
        inBox("a jail's root without its mounts", "-t {jail} -r"),
        inBox("a jail's root and directory", "-t {jail} -r -w"),
        inBox("a jail's root and directory in a cluster", "-t {jail} -r -w -u"),
        inBox("a root and a directory that is looked up in it", "-t {jail} -r --wdns=/etc"),
        onHost("the target's directory", "-t {sharer} -w"),
        onHost("the target's directory, long", "-t {sharer} --wd"),
        onHost("the target's directory and namespace", "-t {sharer} -u -w"),
        onHost("an attached directory", "-t {box} -u -w/usr/share"),
        onHost("a directory, long", "-t {box} -u --wd=/usr/share"),
        onHost("a relative directory", "-t {box} -u --wd=first"),
        onHost("a relative directory, attached", "-t {box} -u -w../"),
        inBox("the target's directory inside", "-t {box} -m -w"),
        inBox("a directory of the caller, inside", "-t {box} -m --wd=/usr"),
        inBox("a directory of the caller below a root", "--root={boxroot} --wd=/usr"),
        inBox("the caller's directory below a root", "--root={boxroot}").caller("chdir=/usr"),
        inBox("a directory inside, looked up there", "-t {box} -m --wdns=/etc"),
        inBox("a directory inside, abbreviated", "-t {box} -m --wdn=/etc"),
        inBox("a relative directory inside", "-t {box} -m --wdns=tmp"),
        onHost("a relative directory without mounts", "-t {box} -u --wdns=first"),
        inBox("a directory below a root, looked up there", "--root={boxroot} --wdns=/bin"),
        inBox("a relative directory below a root", "--root={boxroot} --wdns=tmp"),
        inBox("attached to the letter", "-t {box} -m -W/etc"),
        of("a separate argument of -W", "-t {box} -m -W /etc", "pwd")
            .differs(BARE, Invocation.STATUS, "exited 0", "exited 126")
            .differs(BARE, Invocation.OUT, "/etc\n", "")
            .differs(BARE, Invocation.ERR, "empty", "not empty"),
        of("-W at the end", "-t {box} -u -W")
            .ends("exited 1")
            .differs(BARE, Invocation.STATUS, "exited 1", "exited 0")
            .differs(BARE, Invocation.ERR, "not empty", "empty"),
        onHost("--wdns without a directory", "-t {box} -u --wdns").ends("exited 0"),
        of("both directories", "-t {box} -m -w/ --wdns=/", "pwd").ends("exited 1"),
        of("both directories, the target's one", "-t {box} -m -w --wdns=/", "pwd").ends("exited 1"),
        of("both directories, the other way round", "--wdns=/ --wd=/ -t {box} -m", "pwd")
            .ends("exited 1"),
        inBox("a directory twice, the last counts", "-t {box} -m --wdns=/etc --wdns=/bin"),
        onHost("a working directory twice", "-t {box} -u --wd=/etc --wd=/usr"),
        onHost("the target's directory, then one by name", "-t {sharer} -w --wd=/etc"),
        onHost("a directory by name, then the target's", "-t {sharer} --wd=/etc -w"),
        inBox("a root twice", "--root=/usr --root={boxroot}"),
        inBox("the target's root, then one by name", "-t {jail} -r --root={boxroot}"),
        of("a root by name, then the target's", "-t {sharer} --root={boxroot} -r", "pwd"),
        of("a root that is not there", "--root=/nonexistent", "true").ends("exited 1"),
        of("a root that is a file", "--root=/etc/passwd", "true").ends("exited 1"),
        of("a directory that is not there", "-t {box} -u --wd=/nonexistent", "true")
            .ends("exited 1"),
        of("a directory that is a file", "-t {box} -u --wd=/etc/passwd", "true").ends("exited 1"),
        of("a directory inside that is not there", "-t {box} -m --wdns=/usr/share", "true")
            .ends("exited 1"),
        of("a directory inside that is a file", "-t {box} -m --wdns=/etc/passwd", "true")
            .ends("exited 1"),
        of("an empty directory", "-t {box} -u --wd=", "true").ends("exited 1"),
        of("an empty root", "-t {box} -u --root=", "true").ends("exited 1"),
        of("an empty directory inside", "-t {box} -m --wdns=", "true").ends("exited 1"),
        of("a root of nobody", "-r", "true").ends("exited 1"),
        of("a directory of nobody", "-w", "true").ends("exited 1"),
        of("a root without the program", "-r/proc", "true").ends("exited 127"),
        inBox("everything and its places", "-t {userbox} -a -r -w"),
        of("a working directory that has gone", "-t {box} -u", "/bin/echo", "x")
            .caller("gone={w}/gone")
            .refused(GONE)
            .differs(GONE, Invocation.OUT, "x\n", ""),
        of("a relative program after a directory", "-t {box} -u --wd={w}/first", "./tool", "x"),
        of("a relative program inside", "-t {box} -m --wdns=/tmp/first", "./tool"),
        inBox("PWD is not touched", "-t {box} -m --wdns=/tmp").caller("env=PWD=/elsewhere"));
  }
}
