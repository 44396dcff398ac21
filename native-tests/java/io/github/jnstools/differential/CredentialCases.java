package io.github.jnstools.differential;

import static io.github.jnstools.differential.Case.inBox;
import static io.github.jnstools.differential.Case.of;
import static io.github.jnstools.differential.Case.onHost;

import java.util.List;

/** Users, groups and capabilities; callers without privilege. */
final class CredentialCases {
  private static final String GROUPS = "ids=0:0:10:20:30";
  private static final String USER = "ids=1000:1000";
  private static final String SILENT =
      "a failing setgroups is an error, lest the program keeps groups that nobody meant it to have";
  private static final String RANGE =
      "an id beyond 32 bits is refused; 2.38 cuts it off, 4294967296 being root";

  private CredentialCases() {}

  static List<Case> all() {
    return List.of(
        inBox("a user", "-t {box} -m -S 1234"),
        inBox("a user, attached", "-t {box} -m -S1234"),
        inBox("a user, long", "-t {box} -m --setuid 1234"),
        inBox("a user, long and attached", "-t {box} -m --setuid=1234"),
        inBox("a group", "-t {box} -m -G 1235"),
        inBox("a group, long", "-t {box} -m --setgid=1235"),
        inBox("a user and a group", "-t {box} -m -S 1234 -G 1235"),
        inBox("a user and a group, in a PID namespace", "-t {box} -m -p -S 1234 -G 1235"),
        inBox("a user keeps the caller's groups", "-t {box} -m -S 1234").caller(GROUPS),
        inBox("a group drops the caller's groups", "-t {box} -m -G 1235").caller(GROUPS),
        inBox("neither keeps the caller's groups", "-t {box} -m").caller(GROUPS),
        inBox("no ids, in a PID namespace", "-t {box} -m -p").caller(GROUPS),
        inBox("preserving needs no user namespace", "-t {box} -m --preserve-credentials")
            .caller(GROUPS),
        inBox("preserving with a group", "-t {box} -m -G 5 --preserve-credentials").caller(GROUPS),
        onHost("root of the user namespace drops groups", "-t {userbox} -U").caller(GROUPS),
        onHost("preserving keeps groups", "-t {userbox} -U --preserve-credentials").caller(GROUPS),
        onHost("user 0 of a user namespace", "-t {userbox} -U -S 0 -G 0").caller(GROUPS),
        onHost("user 0 only, preserving", "-t {userbox} -U -S 0 --preserve-credentials"),
        of("a user that the namespace does not map", "-t {userbox} -U -S 1", "true")
            .ends("exited 1"),
        of("a group that the namespace does not map", "-t {userbox} -U -G 1", "true")
            .ends("exited 1"),
        of(
                "a group, preserving, where setgroups is denied",
                "-t {userbox} -U -G 0 --preserve-credentials",
                "id")
            .caller(GROUPS)
            .differs(SILENT, Invocation.STATUS, "exited 0", "exited 1")
            .differs(SILENT, Invocation.OUT, "uid=0.*\n", "")
            .differs(SILENT, Invocation.ERR, "empty", "not empty"),
        onHost("a user without namespaces", "-S 1234"),
        onHost("a group without namespaces", "-G 1235").caller(GROUPS),
        inBox("a user twice, the last counts", "-t {box} -m -S 1 -S 2"),
        inBox("the largest user", "-t {box} -m -S 4294967294"),
        of("the user that is none", "-S 4294967295", "true").ends("exited 1"),
        of("a user beyond 32 bits", "-S 4294967296", "true").refused(RANGE),
        of("a group beyond 32 bits", "-G 4294967296", "true").refused(RANGE),
        onHost("a zero before the user", "-S 012"),
        of("a plus before the user", "-S +12", "true").refused(NamespaceCases.DIGITS),
        of("a blank before the group", "-G %2012", "true").refused(NamespaceCases.DIGITS),
        of("a user -1", "-S -1", "true").ends("exited 1"),
        of("a user that is no number", "-S abc", "true").ends("exited 1"),
        of("a user that is half a number", "-S 12x", "true").ends("exited 1"),
        of("an empty user", "-S ", "true").ends("exited 1"),
        of("a negative group", "-G -7", "true").refused(RANGE),
        of("following the SELinux context", "-t {box} -u -Z", "true"),
        of("following nobody's SELinux context", "-Z", "true")
            .differs(
                "-Z without -t makes no sense, SELinux or not",
                Invocation.STATUS,
                "exited 0",
                "exited 1")
            .differs(
                "-Z without -t makes no sense, SELinux or not",
                Invocation.ERR,
                "empty",
                "not empty"),
        onHost("a user without privilege, on nothing", "-S 1000").caller(USER),
        of("an unprivileged caller may not become another", "-S 1234", "true")
            .caller(USER)
            .ends("exited 1"),
        of("an unprivileged caller may not drop groups", "-G 1000", "id")
            .caller("ids=1000:1000:10:20")
            .differs(SILENT, Invocation.STATUS, "exited 0", "exited 1")
            .differs(SILENT, Invocation.OUT, "uid=1000.*\n", "")
            .differs(SILENT, Invocation.ERR, "empty", "not empty"),
        onHost("an unprivileged caller without groups sets its own", "-G 1000").caller(USER),
        of("an unprivileged caller may not join", "-t {box} -u", "true")
            .caller(USER)
            .ends("exited 1"),
        of("nor a file", "--uts={w}/uts", "true").caller(USER).ends("exited 1"),
        of("nor all", "-t {box} -a", "true").caller(USER).ends("exited 1"),
        of("nor another's user namespace", "-t {userbox} -U", "true").caller(USER).ends("exited 1"),
        of("nor change its root", "-r{boxroot}", "/bin/true").caller(USER).ends("exited 1"),
        onHost("an unprivileged caller's directory", "--wd=/usr").caller(USER),
        onHost("its own user namespace", "-t {own} -U --preserve-credentials").caller(USER),
        onHost("its own user and net", "-t {own} -U -n --preserve-credentials").caller(USER),
        of("all of its own, some being everyone's", "-t {own} -a --preserve-credentials", "true")
            .caller(USER)
            .ends("exited 1"),
        onHost(
                "its own by files",
                "--user=/proc/{own}/ns/user --net=/proc/{own}/ns/net" + " --preserve-credentials")
            .caller(USER),
        onHost("its own, a user only", "-t {own} -U -u -S 0 --preserve-credentials").caller(USER),
        onHost("its own mounts and directory", "-t {own} -U -m -w --preserve-credentials")
            .caller(USER),
        of("its own net without its user namespace", "-t {own} -n", "true")
            .caller(USER)
            .ends("exited 1"),
        onHost("root joins what a user owns", "-t {own} -U -n -m"),
        onHost("root joins all that a user owns", "-t {own} -a"),
        of("a caller without CAP_SYS_ADMIN", "-t {box} -u", "true")
            .caller("prctl=24:21")
            .ends("exited 1"),
        onHost("no new privileges", "-t {box} -u").caller("prctl=38:1"),
        onHost("a smaller bounding set", "-t {box} -u").caller("prctl=24:12", "prctl=24:25"),
        onHost("a smaller bounding set and a user namespace", "-t {userbox} -U -p")
            .caller("prctl=24:12"),
        onHost("securebits", "-t {box} -u -S 1000").caller("prctl=28:4"));
  }
}
