package io.github.jnstools.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The options of one command of {@code jnetns}; of all of them, where none is named. */
final class JnetnsOptions {
  /** The only option before the command's name whose value is an argument of its own. */
  static final String DIRECTORY = "--netns-dir";

  private static final String REFERENCES =
      "\nA REF is a container: its name, its id or the start of that, or a pid; or one\n"
          + "with its engine: docker:web, podman:web, containerd:default/web,\n"
          + "cri:pod/container.\n";

  private final JnetnsVerb verb;
  private final List<OptionSpec> own = new ArrayList<>();
  private final List<OptionSpec> common =
      List.of(
          flag("print JSON", "--json"),
          value("DIR", "the directory of names (/run/netns)", DIRECTORY),
          flag("print errors only", "-q", "--quiet"),
          flag("print more", "-v", "--verbose"),
          flag("show where in the program an error arose", "--debug"),
          flag("show this help", "-h", "--help"),
          flag("show the version", "-V", "--version"));

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
        own.add(flag("all running containers, but those on the host's network", "-a", "--all"));
        own.add(value("NAME", "the name; without this that of the container", "-n", "--name"));
        own.add(flag("mount it instead: keeps it alive, as ip netns attach does", "--bind"));
        own.add(flag("replace a link of somebody else; link the host's network", "-f", "--force"));
      }
      case UNLINK -> {
        own.add(flag("all that jnetns made", "-a", "--all"));
        own.add(flag("also links of somebody else", "-f", "--force"));
      }
      case EXEC -> {
        own.add(flag("in every usable one; each line of output with its name", "-a", "--all"));
        own.add(
            value("WHOSE", "'container': its resolv.conf and hosts; or 'host' (default)", "--dns"));
      }
      case PRUNE -> {
        own.add(flag("change nothing, print what would be removed", "-n", "--dry-run"));
        own.add(flag("also links that lead nowhere just in this PID namespace", "-f", "--force"));
      }
      case WATCH -> own.add(flag("do it once and end", "--once"));
      default -> {}
    }
  }

  private static OptionSpec flag(String text, String... names) {
    return OptionSpec.builder(names).arity("0").type(boolean.class).description(text).build();
  }

  private static OptionSpec value(String label, String text, String... names) {
    return OptionSpec.builder(names)
        .arity("1")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(text)
        .build();
  }

  /** Parses a command line without the command's name. */
  ParseResult parse(List<String> arguments) {
    CommandSpec spec = CommandSpec.create().name(Jnetns.NAME);
    for (OptionSpec option : all()) {
      spec.addOption(option);
    }
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .paramLabel("REF")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build());
    spec.parser().expandAtFiles(false).trimQuotes(false);
    spec.parser().stopAtPositional(verb == JnetnsVerb.EXEC);
    CommandLine line = new CommandLine(spec).setOverwrittenOptionsAllowed(true);
    return line.parseArgs(arguments.toArray(new String[0]));
  }

  /** The options in a list. */
  List<OptionSpec> all() {
    List<OptionSpec> all = new ArrayList<>(own);
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
    append(text, "Options:", own);
    append(text, verb == null ? "Options of all commands:" : "Options as everywhere:", common);
    text.append(REFERENCES);
    text.append("\nExit status: 0; 1 if something failed; 2 if the command line makes no sense;\n")
        .append("for exec that of the program, or 126 or 127 if it could not be run.\n");
    return text.toString();
  }

  private static void append(StringBuilder text, String heading, List<OptionSpec> options) {
    if (options.isEmpty()) {
      return;
    }
    CommandSpec spec = CommandSpec.create();
    for (OptionSpec option : options) {
      spec.addOption(OptionSpec.builder(option).build());
    }
    spec.usageMessage().sortOptions(false).width(80);
    text.append('\n').append(heading).append('\n');
    text.append(new CommandLine(spec).getHelp().optionList());
  }
}
