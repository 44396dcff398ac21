package io.github.jnstools.cli;

import io.github.jnstools.cli.Usage.Item;
import java.util.ArrayList;
import java.util.List;

/** The options of {@code jnsenter}, by the section of the help that they belong to. */
final class JnsEnterOptions {

  final List<Section> sections =
      List.of(
          new Section(
              "Namespaces (without FILE, those of the target)",
              List.of(
                  Option.optional("FILE", "enter the mount namespace", "-m", "--mount"),
                  Option.optional("FILE", "enter the UTS namespace (host name)", "-u", "--uts"),
                  Option.optional("FILE", "enter the System V IPC namespace", "-i", "--ipc"),
                  Option.optional("FILE", "enter the network namespace", "-n", "--net"),
                  Option.required(
                      "FD", "enter that of the target's socket FD", "-N", "--net-socket"),
                  Option.optional("FILE", "enter the PID namespace", "-p", "--pid"),
                  Option.optional("FILE", "enter the user namespace", "-U", "--user"),
                  Option.flag("enter the parent of the user namespace", "--user-parent"),
                  Option.optional("FILE", "enter the cgroup namespace", "-C", "--cgroup"),
                  Option.optional("FILE", "enter the time namespace", "-T", "--time"),
                  Option.flag("enter all of the target's namespaces", "-a", "--all"))),
          new Section(
              "Target and place",
              List.of(
                  Option.required(
                      "PID|REF",
                      "whose namespaces to enter: pid or pid:inode, or a container by name or id,"
                          + " as web or docker:web",
                      "-t",
                      "--target"),
                  Option.optional("DIR", "set the root directory (the target's)", "-r", "--root"),
                  Option.optional("DIR", "set the working directory (the target's)", "-w", "--wd"),
                  Option.optional(
                      "DIR", "set the working directory, looked up inside", "-W", "--wdns"),
                  Option.flag("join the target's control groups", "-c", "--join-cgroup"),
                  Option.flag(
                      "mount a new /proc of the PID namespace, in a private mount namespace;"
                          + " implies --pid",
                      "--mount-proc"))),
          new Section(
              "Credentials",
              List.of(
                  Option.required("UID", "set the user: id, name or 'follow'", "-S", "--setuid"),
                  Option.required("GID", "set the group: id, name or 'follow'", "-G", "--setgid"),
                  Option.flag("do not become root of the user namespace", "--preserve-credentials"),
                  Option.flag("keep the capabilities of the user namespace", "--keep-caps"),
                  Option.flag("have no more capabilities than the target", "--follow-caps"),
                  Option.flag("never gain privileges by exec", "--no-new-privs"),
                  Option.flag("use the target's SELinux context", "-Z", "--follow-context"))),
          new Section(
              "Program",
              List.of(
                  Option.flag("use the target's environment", "-e", "--env"),
                  Option.flag("start with an empty environment", "--clear-env"),
                  Option.required("NAME=VALUE", "set a variable; may be repeated", "--env-set"),
                  Option.flag("do not fork before running the program", "-F", "--no-fork"),
                  Option.optional(
                      "SIGNAL",
                      "when jnsenter ends, send this (KILL) to the program",
                      "--kill-child"),
                  Option.flag("pass on the signals that jnsenter is sent", "--forward-signals"),
                  Option.required(
                      "N",
                      "keep N descriptors open, from 3 on; others are closed",
                      "--preserve-fds"))),
          new Section(
              "Information",
              List.of(
                  Option.flag("print the steps, run nothing", "--explain"),
                  Option.flag("give no advice", "-q", "--quiet"),
                  Option.flag("show where in the program an error arose", "--debug"),
                  Option.flag("show this help", "-h", "--help"),
                  Option.flag("show the version", "-V", "--version"))));

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

  /** What {@code --help} and the manual say. */
  Usage usage() {
    return new Usage(
        JnsEnter.NAME,
        "[OPTION...] [PROGRAM [ARGUMENT...]]",
        "run a program in namespaces of other processes, as nsenter does",
        List.of("Without PROGRAM it is a login shell: $SHELL, or else /bin/sh."),
        List.of(),
        sections,
        List.of(
            new Item("1", "jnsenter itself failed, or its command line makes no sense"),
            new Item("126", "the program could not be executed"),
            new Item("127", "there is no such program"),
            new Item("N", "that of the program; a signal that ended it ends jnsenter, too")),
        List.of(
            new Item("jnsenter -m -p -t 6806 top", "the container's processes, its own top"),
            new Item("jnsenter --mount-proc -t 6806 top", "the same with this host's top"),
            new Item("jnsenter -n -t web ss -ltn", "the sockets of container web"),
            new Item("jnsenter -a -t web", "a shell in all of its namespaces"),
            new Item("jnsenter -a -t web --explain", "what that would do, step by step")));
  }

  /** The options in a list, for checks. */
  List<Option> all() {
    List<Option> all = new ArrayList<>();
    for (Section section : sections) {
      all.addAll(section.options());
    }
    return all;
  }
}
