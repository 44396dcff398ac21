package io.github.jnstools.cli;

import io.github.jnstools.cli.Usage.Item;
import java.util.ArrayList;
import java.util.List;

/** The options of one command of a tool; of all of them, where none is named. */
abstract class VerbOptions<V extends Verb> {
  /** Null for those of all commands. */
  final V verb;

  /** Those of this command only, in the order of its help. */
  final List<Option> own = new ArrayList<>();

  private final String tool;
  private final List<Option> common;

  /**
   * The options.
   *
   * @param tool its name
   * @param verb null for those of all commands
   * @param common what all its commands have, beside what all commands of all tools have
   */
  VerbOptions(String tool, V verb, Option... common) {
    this.tool = tool;
    this.verb = verb;
    this.common = new ArrayList<>(List.of(common));
    this.common.add(Option.flag("show where in the program an error arose", "--debug"));
    this.common.add(Option.flag("show this help", "-h", "--help"));
    this.common.add(Option.flag("show the version", "-V", "--version"));
  }

  /** Parses a command line without the command's name. */
  final Options parse(List<String> arguments) throws UsageException {
    List<String> names = new ArrayList<>();
    for (Option option : all()) {
      names.add(option.name());
    }
    return new Getopt(all(), !runsPrograms(), List.of(names)).parse(arguments);
  }

  /** Whether what comes after the first operand is for a program. */
  boolean runsPrograms() {
    return false;
  }

  /** The options in a list. */
  final List<Option> all() {
    List<Option> all = new ArrayList<>(own);
    all.addAll(common);
    return all;
  }

  /** What {@code --help} and the manual say. */
  final Usage usage() {
    List<Section> sections = new ArrayList<>();
    if (!own.isEmpty()) {
      sections.add(new Section("Options", own));
    }
    sections.add(new Section("Options of all commands", common));
    return new Usage(
        verb == null ? tool : tool + " " + verb.word(),
        verb == null ? "COMMAND [OPTION...] [ARGUMENT...]" : verb.synopsis(),
        verb == null ? summary() : verb.text(),
        notes(),
        verb == null ? commands() : List.of(),
        sections,
        status(),
        examples());
  }

  /** What the tool is, without a full stop. */
  abstract String summary();

  /** Paragraphs that say more. */
  abstract List<String> notes();

  /** What each command of the tool is called with. */
  abstract List<Usage> commands();

  /** What the exit statuses mean. */
  List<Item> status() {
    return new ArrayList<>(
        List.of(
            new Item("0", "all was done"),
            new Item("1", "something failed"),
            new Item("2", "the command line makes no sense")));
  }

  /** Command lines, and what they do. */
  abstract List<Item> examples();
}
