package io.github.jnstools.proc;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of {@code /proc/PID/mountinfo}. Texts are one character a byte, without escapes.
 *
 * @param id of the mount, as other lines name it
 * @param parent the mount that this one is on
 * @param root the directory of the file system that is mounted
 * @param mountPoint where
 * @param options of this mount
 * @param type the file system's type
 * @param superOptions the options of the file system
 */
public record MountEntry(
    int id,
    int parent,
    String root,
    String mountPoint,
    List<String> options,
    String type,
    List<String> superOptions) {

  /** Parses the whole file. */
  public static List<MountEntry> parseAll(String text) {
    List<MountEntry> entries = new ArrayList<>();
    for (String line : text.split("\n")) {
      // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
      int dash = line.indexOf(" - ");
      if (dash >= 0) {
        String[] before = line.substring(0, dash).split(" ");
        String[] after = line.substring(dash + 3).split(" ");
        entries.add(
            new MountEntry(
                Integer.parseInt(before[0]),
                Integer.parseInt(before[1]),
                unescape(before[3]),
                unescape(before[4]),
                List.of(before[5].split(",")),
                after[0],
                List.of(after[after.length - 1].split(","))));
      }
    }
    return entries;
  }

  /** The kernel writes blank, tab, newline and backslash as three octal digits. */
  private static String unescape(String field) {
    StringBuilder plain = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 4 <= field.length()) {
        c = (char) Integer.parseInt(field.substring(i + 1, i + 4), 8);
        i += 3;
      }
      plain.append(c);
    }
    return plain.toString();
  }
}
