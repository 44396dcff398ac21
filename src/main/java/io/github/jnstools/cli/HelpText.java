package io.github.jnstools.cli;

import io.github.jnstools.cli.Usage.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The text of {@code --help}, as picocli lays it out. */
final class HelpText {
  private static final int WIDTH = 80;

  private HelpText() {}

  /** The text for stdout: in colours if that is a terminal, unless NO_COLOR is set. */
  static String of(Usage usage) {
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    return of(usage, dumb ? Ansi.OFF : Ansi.AUTO);
  }

  /** The text, in colours or not. */
  static String of(Usage usage, Ansi colours) {
    return new CommandLine(spec(usage)).getUsageMessage(colours);
  }

  /** picocli's model of a command. */
  static CommandSpec spec(Usage usage) {
    CommandSpec spec = CommandSpec.create().name(usage.word());
    for (Section section : usage.sections()) {
      ArgGroupSpec.Builder group = ArgGroupSpec.builder().validate(false);
      for (Option option : section.options()) {
        group.addArg(spec(option));
      }
      spec.addArgGroup(group.heading("%n" + section.heading() + ":%n").build());
    }
    for (Usage command : usage.commands()) {
      spec.addSubcommand(command.word(), spec(command));
    }
    List<String> description = new ArrayList<>(List.of(usage.sentence()));
    for (String note : usage.notes()) {
      description.add("%n" + note);
    }
    UsageMessageSpec text = spec.usageMessage();
    text.width(WIDTH)
        .sortOptions(false)
        .header(usage.summary())
        .customSynopsis(usage.name() + " " + usage.synopsis())
        .description(description.toArray(new String[0]))
        .commandListHeading("%nCommands:%n")
        .exitCodeListHeading("%nExit status:%n")
        .exitCodeList(columns(usage.status()))
        .footerHeading("%nExamples:%n");
    // The header is for where there is no synopsis: lists of commands, and pages of the manual.
    text.sectionMap().put(UsageMessageSpec.SECTION_KEY_HEADER, help -> "");
    text.sectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_FOOTER,
            help -> help.createTextTable(columns(usage.examples())).toString());
    return spec;
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

  private static Map<String, String> columns(List<Item> items) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (Item item : items) {
      columns.put(item.what(), item.text());
    }
    return columns;
  }
}
