package io.github.jnstools.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options as the help shows them. */
final class HelpText {
  static final int WIDTH = 80;

  private HelpText() {}

  /** A heading, and a list of options below it; nothing if there are none. */
  static String section(String heading, List<Option> options) {
    if (options.isEmpty()) {
      return "";
    }
    CommandSpec spec = CommandSpec.create();
    for (Option option : options) {
      spec.addOption(spec(option));
    }
    spec.usageMessage().sortOptions(false).width(WIDTH);
    return "\n" + heading + "\n" + new CommandLine(spec).getHelp().optionList();
  }

  private static OptionSpec spec(Option option) {
    OptionSpec.Builder builder =
        OptionSpec.builder(option.names().toArray(new String[0])).description(option.text());
    return switch (option.value()) {
      case NONE -> builder.arity("0").type(boolean.class).build();
      case OPTIONAL -> builder.arity("0..1").type(String.class).paramLabel(option.label()).build();
      case REQUIRED -> builder.arity("1").type(String.class).paramLabel(option.label()).build();
    };
  }
}
