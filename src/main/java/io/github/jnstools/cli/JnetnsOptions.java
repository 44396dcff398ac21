package io.github.jnstools.cli;

import java.util.ArrayList;
import java.util.List;

/** The options of one command of {@code jnetns}; of all of them, where none is named. */
final class JnetnsOptions {
  /** The only option before the command's name whose value is an argument of its own. */
  static final String DIRECTORY = "--netns-dir";

  private static final String REFERENCES =
      "\nA REF is a container: its name, its id or the start of that, or a pid; or one\n"
          + "with its engine: docker:web, podman:web, containerd:default/web,\n"
          + "cri:pod/container.\n";

  private final JnetnsVerb verb;
  private final List<Option> own = new ArrayList<>();
  private final List<Option> common =
      List.of(
          Option.flag("print JSON", "--json"),
          Option.required("DIR", "the directory of names (/run/netns)", DIRECTORY),
          Option.flag("print errors only", "-q", "--quiet"),
          Option.flag("print more", "-v", "--verbose"),
          Option.flag("show where in the program an error arose", "--debug"),
          Option.flag("show this help", "-h", "--help"),
          Option.flag("show the version", "-V", "--version"));

  /**
   * The options.
   *
   * @param verb null for those of all commands
   */
  JnetnsOptions(JnetnsVerb verb) {
    this.verb = verb;
    if (verb != null) {
      addOwn();
    }
  }

  private void addOwn() {
    switch (verb) {
      case LINK -> {
        own.add(
            Option.flag("all running containers, but those on the host's network", "-a", "--all"));
        own.add(
            Option.required(
                "NAME", "the name; without this that of the container", "-n", "--name"));
        own.add(Option.flag("mount it instead: keeps it alive, as ip netns attach does", "--bind"));
        own.add(
            Option.flag(
                "replace a link of somebody else; link the host's network", "-f", "--force"));
      }
      case UNLINK -> {
        own.add(Option.flag("all that jnetns made", "-a", "--all"));
        own.add(Option.flag("also links of somebody else", "-f", "--force"));
      }
      case EXEC -> {
        own.add(
            Option.flag("in every usable one; each line of output with its name", "-a", "--all"));
        own.add(
            Option.required(
                "WHOSE", "'container': its resolv.conf and hosts; or 'host' (default)", "--dns"));
      }
      case PRUNE -> {
        own.add(Option.flag("change nothing, print what would be removed", "-n", "--dry-run"));
        own.add(
            Option.flag(
                "also links that lead nowhere just in this PID namespace, and mounts that keep what no process is in",
                "-f",
                "--force"));
      }
      case WATCH -> {
        own.add(Option.flag("do it once and end", "--once"));
        own.add(
            Option.required(
                "SECONDS", "compare all after so long without an event, too (10)", "--interval"));
      }
      default -> {}
    }
  }

  /** Parses a command line without the command's name. */
  Options parse(List<String> arguments) throws UsageException {
    List<String> names = new ArrayList<>();
    for (Option option : all()) {
      names.add(option.name());
    }
    boolean runsPrograms = verb == JnetnsVerb.EXEC;
    return new Getopt(all(), !runsPrograms, List.of(names)).parse(arguments);
  }

  /** The options in a list. */
  List<Option> all() {
    List<Option> all = new ArrayList<>(own);
    all.addAll(common);
    return all;
  }

  /** The text of {@code --help}. */
  String help() {
    StringBuilder text = new StringBuilder("Usage: jnetns ");
    if (verb == null) {
      text.append("COMMAND [OPTION...] [ARGUMENT...]\n")
          .append("Network namespaces of containers by name, where ip-netns(8) finds them.\n")
          .append("\nCommands:\n");
      for (JnetnsVerb each : JnetnsVerb.values()) {
        text.append("  ").append(each.word());
        text.append(" ".repeat(10 - each.word().length())).append(each.text()).append('\n');
      }
    } else {
      text.append(verb.word()).append(' ').append(verb.synopsis()).append('\n');
      text.append(Character.toUpperCase(verb.text().charAt(0)));
      text.append(verb.text().substring(1)).append(".\n");
    }
    text.append(HelpText.section("Options:", own));
    String everywhere = verb == null ? "Options of all commands:" : "Options as everywhere:";
    text.append(HelpText.section(everywhere, common));
    text.append(REFERENCES);
    text.append("\nExit status: 0; 1 if something failed; 2 if the command line makes no sense;\n")
        .append("for exec that of the program, or 126 or 127 if it could not be run.\n");
    return text.toString();
  }
}
