package io.github.jnstools.enter;

import io.github.jnstools.OsString;
import io.github.jnstools.proc.Procfs;
import io.github.jnstools.proc.Strings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists of {@code NAME=value}. */
public final class Environment {
  private Environment() {}

  /** This process's, byte for byte as it was started with. */
  public static List<OsString> ofThisProcess() throws IOException {
    return Procfs.HERE.environ("self");
  }

  /** Splits strings that each end in NUL, as {@code environ} and {@code cmdline} hold them. */
  public static List<OsString> parse(byte[] bytes) {
    return Strings.split(bytes);
  }

  /** Without what is no {@code NAME=value}; of a name that comes twice, the last counts. */
  static List<OsString> normalized(List<OsString> entries) {
    Map<String, OsString> byName = new LinkedHashMap<>();
    for (OsString entry : entries) {
      String text = entry.toLatin1();
      int equals = text.indexOf('=');
      if (equals > 0) {
        byName.put(text.substring(0, equals), entry);
      }
    }
    return new ArrayList<>(byName.values());
  }

  /**
   * The entries with one more, in place of those of the same name.
   *
   * @throws IllegalArgumentException if it is no {@code NAME=value}
   */
  public static List<OsString> with(List<OsString> entries, OsString entry) {
    String text = entry.toLatin1();
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("not NAME=value: " + entry);
    }
    String prefix = text.substring(0, equals + 1);
    List<OsString> all = new ArrayList<>();
    for (OsString existing : entries) {
      if (!existing.toLatin1().startsWith(prefix)) {
        all.add(existing);
      }
    }
    all.add(entry);
    return all;
  }

  /** The value of a variable, or null. */
  public static OsString value(List<OsString> entries, String name) {
    for (OsString entry : entries) {
      String text = entry.toLatin1();
      if (text.startsWith(name) && text.startsWith("=", name.length())) {
        return OsString.ofLatin1(text.substring(name.length() + 1));
      }
    }
    return null;
  }
}
