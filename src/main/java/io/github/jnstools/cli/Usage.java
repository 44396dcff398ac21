package io.github.jnstools.cli;

import java.util.List;

/**
 * What a command is called with: its help, its page of the manual and its completion are made of
 * this.
 *
 * @param name with that of the command it belongs to before it: {@code jnetns link}
 * @param synopsis what may follow the name
 * @param summary what it does, without a full stop
 * @param notes paragraphs that say more
 * @param commands those that it has
 * @param sections its options
 * @param status what its exit statuses mean
 * @param examples command lines, and what they do
 */
record Usage(
    String name,
    String synopsis,
    String summary,
    List<String> notes,
    List<Usage> commands,
    List<Section> sections,
    List<Item> status,
    List<Item> examples) {

  /** A line of two columns. */
  record Item(String what, String text) {}

  /** The name on the command line: the last word. */
  String word() {
    return name.substring(name.lastIndexOf(' ') + 1);
  }

  /** The summary as a sentence. */
  String sentence() {
    return Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
  }
}
