package io.github.jnstools.netns;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.nio.charset.StandardCharsets;

/**
 * Names of entries that no tool misreads.
 *
 * <p>The scheme: a container's name as it is, but
 *
 * <ul>
 *   <li>a control character, {@code /} and {@code %}, a {@code -} at the start, the dots of {@code
 *       .} and {@code ..}, and the one of {@code .jnetns-} at the start are written {@code %XX};
 *   <li>digits only, which {@code ip link set netns} takes for a pid, get the engine before them:
 *       {@code docker-1234};
 *   <li>what is then longer than 255 bytes is cut to 242, or before a character that this would
 *       split, and {@code -} and the first 12 characters of the id follow.
 * </ul>
 */
public final class LinkName {
  /** How the names of entries begin that are being made. */
  static final String TEMPORARY = ".jnetns-";

  private static final int LONGEST = 255;
  private static final int SHORT_ID = 12;
  private static final String HEX = "0123456789ABCDEF";

  private LinkName() {}

  /** The name for a container's entry. */
  public static OsString of(OwnerMark owner) {
    String safe = escape(latin1(owner.name()));
    if (isDecimal(safe)) {
      safe = owner.engine() + "-" + safe;
    }
    return OsString.ofLatin1(safe.length() > LONGEST ? withId(safe, owner) : safe);
  }

  /** The name for it where something else has the first one: the start of its id follows. */
  public static OsString ofClash(OwnerMark owner) {
    return OsString.ofLatin1(withId(of(owner).toLatin1(), owner));
  }

  private static String withId(String safe, OwnerMark owner) {
    String id = escape(latin1(owner.id()));
    String suffix = "-" + id.substring(0, Math.min(SHORT_ID, id.length()));
    int end = Math.min(safe.length(), LONGEST - suffix.length());
    while (end < safe.length() && splits(safe, end)) {
      end--;
    }
    return safe.substring(0, end) + suffix;
  }

  /** Whether the byte there goes on with what began before: UTF-8, or an escape. */
  private static boolean splits(String safe, int at) {
    boolean escape = safe.charAt(at - 1) == '%' || safe.charAt(at - 2) == '%';
    return escape || (safe.charAt(at) & 0xc0) == 0x80;
  }

  /**
   * Refuses a name of the user's own that some tool would misread.
   *
   * @throws NamespaceException saying why
   */
  public static void require(OsString name) throws NamespaceException {
    String reason = reasonAgainst(name.toLatin1());
    if (reason != null) {
      throw new NamespaceException("name", name.toString(), reason, "give another one");
    }
  }

  private static String reasonAgainst(String name) {
    if (name.isEmpty()) {
      return "it is empty";
    }
    if (isDecimal(name)) {
      return "ip would take it for a pid";
    }
    if (name.startsWith("-")) {
      return "ip would take it for an option";
    }
    if (name.startsWith(TEMPORARY)) {
      return "such names are for entries that are being made";
    }
    if (name.length() > LONGEST) {
      return "it is longer than " + LONGEST + " bytes";
    }
    if (!escape(name).equals(name.replace("%", "%25"))) {
      return "it has a slash or a control character, or means a directory";
    }
    return null;
  }

  private static String latin1(String name) {
    return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static boolean isDecimal(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** One character a byte. */
  private static String escape(String name) {
    boolean dots = name.equals(".") || name.equals("..");
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean odd = c < 0x20 || c == 0x7f || c == '/' || c == '%';
      boolean first = i == 0 && (c == '-' || name.startsWith(TEMPORARY));
      if (odd || dots || first) {
        safe.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else {
        safe.append(c);
      }
    }
    return safe.toString();
  }
}
