package io.github.jnstools.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The options of {@code jnsenter}, by the section of the help that they belong to. */
final class JnsEnterOptions {

  /** Some options under one heading. */
  record Section(String heading, List<OptionSpec> options) {}

  private static final String ONE = "1";
  private static final String OPTIONAL = "0..1";
  private static final String NONE = "0";

  final List<Section> sections =
      List.of(
          new Section(
              "Namespaces (without FILE, those of the target):",
              List.of(
                  option(OPTIONAL, "FILE", "enter the mount namespace", "-m", "--mount"),
                  option(OPTIONAL, "FILE", "enter the UTS namespace (host name)", "-u", "--uts"),
                  option(OPTIONAL, "FILE", "enter the System V IPC namespace", "-i", "--ipc"),
                  option(OPTIONAL, "FILE", "enter the network namespace", "-n", "--net"),
                  option(ONE, "FD", "enter that of the target's socket FD", "-N", "--net-socket"),
                  option(OPTIONAL, "FILE", "enter the PID namespace", "-p", "--pid"),
                  option(OPTIONAL, "FILE", "enter the user namespace", "-U", "--user"),
                  option(NONE, null, "enter the parent of the user namespace", "--user-parent"),
                  option(OPTIONAL, "FILE", "enter the cgroup namespace", "-C", "--cgroup"),
                  option(OPTIONAL, "FILE", "enter the time namespace", "-T", "--time"),
                  option(NONE, null, "enter all of the target's namespaces", "-a", "--all"))),
          new Section(
              "Target and place:",
              List.of(
                  option(
                      ONE,
                      "PID|REF",
                      "the process to take namespaces from: its pid, pid:inode, or a container, by"
                          + " name or id, such as web or docker:web",
                      "-t",
                      "--target"),
                  option(OPTIONAL, "DIR", "set the root directory (the target's)", "-r", "--root"),
                  option(OPTIONAL, "DIR", "set the working directory (the target's)", "-w", "--wd"),
                  option(
                      OPTIONAL,
                      "DIR",
                      "set the working directory, looked up inside",
                      "-W",
                      "--wdns"),
                  option(NONE, null, "join the target's control groups", "-c", "--join-cgroup"),
                  option(
                      NONE,
                      null,
                      "mount a new /proc of the PID namespace, in a private mount namespace;"
                          + " implies --pid",
                      "--mount-proc"))),
          new Section(
              "Credentials:",
              List.of(
                  option(ONE, "UID", "set the user: id, name or 'follow'", "-S", "--setuid"),
                  option(ONE, "GID", "set the group: id, name or 'follow'", "-G", "--setgid"),
                  option(
                      NONE,
                      null,
                      "do not become root of the user namespace",
                      "--preserve-credentials"),
                  option(NONE, null, "keep the capabilities of the user namespace", "--keep-caps"),
                  option(NONE, null, "have no more capabilities than the target", "--follow-caps"),
                  option(NONE, null, "never gain privileges by exec", "--no-new-privs"),
                  option(
                      NONE, null, "use the target's SELinux context", "-Z", "--follow-context"))),
          new Section(
              "Program:",
              List.of(
                  option(NONE, null, "use the target's environment", "-e", "--env"),
                  option(NONE, null, "start with an empty environment", "--clear-env"),
                  option(ONE, "NAME=VALUE", "set a variable; may be repeated", "--env-set"),
                  option(NONE, null, "do not fork before running the program", "-F", "--no-fork"),
                  option(
                      OPTIONAL,
                      "SIGNAL",
                      "when jnsenter ends, send this (KILL) to the program",
                      "--kill-child"),
                  option(
                      NONE, null, "pass on the signals that jnsenter is sent", "--forward-signals"),
                  option(
                      ONE,
                      "N",
                      "keep N descriptors open, from 3 on; others are closed",
                      "--preserve-fds"))),
          new Section(
              "Information:",
              List.of(
                  option(NONE, null, "print the steps, run nothing", "--explain"),
                  option(NONE, null, "give no advice", "-q", "--quiet"),
                  option(NONE, null, "show where in the program an error arose", "--debug"),
                  option(NONE, null, "show this help", "-h", "--help"),
                  option(NONE, null, "show the version", "-V", "--version"))));

  /** A prefix of a long option means what it meant to nsenter when the option was not yet there. */
  static final List<List<String>> GENERATIONS =
      List.of(
          List.of(
              "--all",
              "--target",
              "--mount",
              "--uts",
              "--ipc",
              "--net",
              "--pid",
              "--user",
              "--cgroup",
              "--time",
              "--setuid",
              "--setgid",
              "--root",
              "--wd",
              "--wdns",
              "--no-fork",
              "--preserve-credentials",
              "--follow-context",
              "--help",
              "--version"),
          List.of("--net-socket", "--user-parent", "--keep-caps", "--env", "--join-cgroup"),
          List.of(
              "--mount-proc",
              "--follow-caps",
              "--no-new-privs",
              "--clear-env",
              "--env-set",
              "--kill-child",
              "--forward-signals",
              "--preserve-fds",
              "--explain",
              "--quiet",
              "--debug"));

  private static OptionSpec option(String arity, String label, String text, String... names) {
    OptionSpec.Builder builder = OptionSpec.builder(names).arity(arity).description(text);
    if (label == null) {
      return builder.type(boolean.class).build();
    }
    return builder.type(List.class).auxiliaryTypes(String.class).paramLabel(label).build();
  }

  /** The options as picocli parses them. */
  CommandLine commandLine() {
    CommandSpec spec = CommandSpec.create().name(JnsEnter.NAME);
    for (Section section : sections) {
      for (OptionSpec option : section.options()) {
        spec.addOption(option);
      }
    }
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .paramLabel("PROGRAM")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build());
    spec.parser().expandAtFiles(false).trimQuotes(false).allowOptionsAsOptionParameters(true);
    return new CommandLine(spec).setOverwrittenOptionsAllowed(true);
  }

  /** The text of {@code --help}. */
  String help() {
    StringBuilder text = new StringBuilder();
    text.append("Usage: jnsenter [OPTION...] [PROGRAM [ARGUMENT...]]\n")
        .append("Runs a program, or a shell, in namespaces of other processes, as nsenter does.\n");
    for (Section section : sections) {
      CommandSpec spec = CommandSpec.create();
      for (OptionSpec option : section.options()) {
        spec.addOption(OptionSpec.builder(option).build());
      }
      spec.usageMessage().sortOptions(false).width(80);
      text.append('\n').append(section.heading()).append('\n');
      text.append(new CommandLine(spec).getHelp().optionList());
    }
    text.append("\nExamples:\n")
        .append("  jnsenter -m -p -t 6806 top          the container's processes, its own top\n")
        .append("  jnsenter --mount-proc -t 6806 top   the same with this host's top\n")
        .append("  jnsenter -n -t 6806 ss -ltn         the container's sockets\n")
        .append("\nExit status: the program's; 126 or 127 if it could not be run; else 1.\n");
    return text.toString();
  }

  /** The options in a list, for checks. */
  List<OptionSpec> all() {
    List<OptionSpec> all = new ArrayList<>();
    for (Section section : sections) {
      all.addAll(section.options());
    }
    return all;
  }
}
