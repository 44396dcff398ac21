package io.github.jnstools.proc;

import io.github.jnstools.OsString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** NUL-terminated strings in a row, as in {@code cmdline} and {@code environ}. */
public final class Strings {
  private Strings() {}

  /** Each string once; the last may lack its NUL. */
  public static List<OsString> split(byte[] bytes) {
    List<OsString> strings = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      boolean last = i == bytes.length;
      if (last ? start < i : bytes[i] == 0) {
        strings.add(OsString.ofBytes(Arrays.copyOfRange(bytes, start, i)));
        start = i + 1;
      }
    }
    return strings;
  }
}
