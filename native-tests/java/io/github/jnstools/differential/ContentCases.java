package io.github.jnstools.differential;

import static io.github.jnstools.differential.Case.inBox;
import static io.github.jnstools.differential.Case.of;
import static io.github.jnstools.differential.Case.onHost;

import java.util.Collections;
import java.util.List;

/** Arguments, environment and stdin reach the program byte for byte. */
final class ContentCases {
  private static final String JDK = System.getProperty("java.home");

  private ContentCases() {}

  static List<Case> all() {
    return List.of(
        onHost("empty arguments", "-t {box} -u", "", "", "x", ""),
        onHost("blanks and newlines", "-t {box} -u", " ", "a  b", "\n", "\t", "a\nb"),
        onHost(
            "quotes and backslashes", "-t {box} -u", "'", "\"", "\\", "a\\nb", "\"a b\"", "$HOME"),
        onHost("what a shell would expand", "-t {box} -u", "*", "`id`", "$(id)", "~", "${x}", "!"),
        onHost("argument files are names", "-t {box} -u", "@/etc/passwd", "@@", "@"),
        onHost("dashes after --", "-t {box} -u --", "--", "-", "--help", "-V", "--debug"),
        onHost("bytes that are no UTF-8", "-t {box} -u", "%ff%fe", "%c3%28", "%80", "%7f%01"),
        onHost("UTF-8", "-t {box} -u", "\u00e4", "\u20ac", "\ud83d\ude00"),
        onHost("bytes in a UTF-8 locale", "-t {box} -u", "%ff", "\u20ac")
            .caller("env=LC_ALL=C.UTF-8"),
        onHost("bytes in the C locale", "-t {box} -u", "%ff", "\u20ac").caller("env=LC_ALL=C"),
        onHost(
            "what the JVM would take for its own",
            "-t {box} -u",
            "-version",
            "-Xmx1m",
            "-Da=b",
            "-cp",
            "-jar"),
        onHost("a comma and an equals sign", "-t {box} -u", "a,b", "a=b", "=", ","),
        onHost("many arguments", "-t {box} -u", "y ".repeat(900).split(" ")),
        onHost("a long argument", "-t {box} -u", "z".repeat(100_000)),
        onHost("bytes in a PID namespace", "-t {box} -p", "%ff", "", "a b"),
        inBox("bytes inside everything", "-t {userbox} -a", "%ff", "", "a b"),
        of("a program whose name is no UTF-8", "-t {box} -u", "/%ff").ends("exited 127"),
        of("a file whose name is no UTF-8", "--uts=%ff", "true").ends("exited 1"),
        environment("an empty environment"),
        environment("one variable", "A=b"),
        environment("order is kept", "Z=1", "A=2", "M=3", "B=4"),
        environment(
            "odd names",
            "a.b=1",
            "%25x=",
            "-=",
            "1=2",
            "a b=c",
            "A[0]=x",
            "BASH_FUNC_f%25%25=() { :; }"),
        environment("no value and no name", "novalue", "=noname", "empty="),
        environment("an empty entry", "A=1", "", "B=2"),
        environment("an empty entry last", "A=1", ""),
        environment("duplicates", "A=1", "A=2", "B=1", "A=3"),
        environment("bytes that are no UTF-8", "A=%ff%fe", "%80=1", "U=\u20ac"),
        environment("newlines and tabs", "A=1\n2\n", "B=\t", "C=\n"),
        environment(
            "what a shell sets",
            "PWD=/nowhere",
            "OLDPWD=/x",
            "SHLVL=7",
            "_=/x/y",
            "IFS=ab",
            "OPTIND=9",
            "PPID=1",
            "PS1=x",
            "PS4=y",
            "LINENO=77"),
        environment(
            "what the launcher hides by",
            "JNSTOOLS_CALLERS_A=1",
            "JNSTOOLS_CALLERS_JNSTOOLS_CALLERS_B=2",
            "JNSTOOLS_CALLERS_",
            "JNSTOOLS_PLAN=5"),
        environment("what is no variable", "A", "=B", ""),
        environment(
            "what steers a JVM",
            "JAVA_TOOL_OPTIONS=-Da=b",
            "JDK_JAVA_OPTIONS=-Dc=d",
            "_JAVA_OPTIONS=-De=f",
            "CLASSPATH=/x",
            "JAVA_HOME=/nonexistent"),
        environment("what starts a JVM anew", "LD_LIBRARY_PATH=/x:" + JDK + "/lib/server", "B=1"),
        environment(
            "what steers a shell",
            "ENV=/etc/passwd",
            "BASH_ENV=/etc/passwd",
            "CDPATH=/",
            "POSIXLY_CORRECT=1"),
        environment(
            "what steers the C library",
            "LANG=xx_YY",
            "LC_ALL=zz",
            "TZ=:x",
            "GCONV_PATH=/x",
            "MALLOC_CHECK_=3"),
        environment("a long value", "A=" + "v".repeat(100_000)),
        environment(
            "a lot", Collections.nCopies(7, "A=" + "v".repeat(120_000)).toArray(new String[0])),
        environment("many variables", numbered(200)),
        environment("PATH alone", "PATH=/nonexistent"),
        of("text on stdin reaches the program", "-t {box} -u", "cat").in("a\nb\0c"),
        of("text on stdin reaches the program inside", "-t {box} -m -p", "cat").in("text"),
        of("much text on stdin", "-t {box} -p", "cat").in("0123456789".repeat(50_000)),
        of("nothing of stdin is read ahead", "-t {box} -u", "head", "-c", "0").in("x\n"),
        of("stdout and stderr stay apart", "-t {box} -p", "sh", "-c", "echo out; echo err >&2"),
        of("output of both, inside", "-t {box} -m", "sh", "-c", "echo out; echo err >&2; exit 4")
            .ends("exited 4"));
  }

  private static Case environment(String name, String... entries) {
    Case given = onHost("environment: " + name, "-t {box} -u").caller("clearenv");
    for (String entry : entries) {
      given = given.caller("env=" + entry);
    }
    return given;
  }

  private static String[] numbered(int count) {
    String[] entries = new String[count];
    for (int i = 0; i < count; i++) {
      entries[i] = "V" + i + "=" + i;
    }
    return entries;
  }
}
