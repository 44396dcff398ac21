package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;

/** The words of a rule's line, quoted as iptables-save quotes and iptables-restore reads. */
final class Words {
  private Words() {}

  /**
   * Splits a line at blanks. Inside double quotes blanks are kept, and a backslash takes the next
   * character as it is; outside it is a character like others.
   *
   * @throws IllegalArgumentException if a quotation does not end
   */
  static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean begun = false;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        begun = true;
      } else if (quoted && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (!quoted && (c == ' ' || c == '\t')) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quotation does not end");
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }

  /**
   * Free text, as iptables-save writes comments and prefixes: bare only if it is one plain word.
   */
  static String text(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (!plain(c)) {
        return quoted(word);
      }
    }
    return word.isEmpty() ? quoted(word) : word;
  }

  /** Anything else: an address, a number, a name; in quotes only if it would not be read back. */
  static String bare(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == ' ' || c == '\t' || c == '"') {
        return quoted(word);
      }
    }
    return word.isEmpty() ? quoted(word) : word;
  }

  private static boolean plain(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '-';
  }

  /** In quotes, whether it needs them or not. */
  static String quoted(String word) {
    StringBuilder text = new StringBuilder(word.length() + 4).append('"');
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '"' || c == '\\' || c == '\'') {
        text.append('\\');
      }
      text.append(c);
    }
    return text.append('"').toString();
  }
}
