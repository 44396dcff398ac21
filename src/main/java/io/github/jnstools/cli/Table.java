package io.github.jnstools.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines of words under headings, for people and for cut(1) and awk(1): "-" is an empty word. */
final class Table {
  private final List<String[]> lines = new ArrayList<>();

  Table(String... headings) {
    lines.add(headings);
  }

  void add(String... words) {
    lines.add(words);
  }

  /** Each line with its columns below each other. */
  List<String> text() {
    int[] widths = new int[lines.get(0).length];
    for (String[] line : lines) {
      for (int i = 0; i < widths.length; i++) {
        line[i] = line[i].isEmpty() ? "-" : line[i];
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    List<String> text = new ArrayList<>();
    for (String[] line : lines) {
      StringBuilder padded = new StringBuilder();
      for (int i = 0; i < widths.length - 1; i++) {
        padded.append(line[i]).append(" ".repeat(widths[i] - line[i].length() + 2));
      }
      text.add(padded + line[widths.length - 1]);
    }
    return text;
  }
}
