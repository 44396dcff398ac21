package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.nio.charset.StandardCharsets;

/** An {@code /etc/passwd} or {@code /etc/group} of a target, which may hold anything. */
final class AccountFile {
  private AccountFile() {}

  /** The id of a name; both files have lines of name, password, id. */
  static int id(byte[] content, String name, String context) throws NamespaceException {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    for (String line : text.split("\n")) {
      String[] fields = line.split(":");
      if (fields.length > 2 && fields[0].equals(name)) {
        return parseId(fields[2], context);
      }
    }
    throw new NamespaceException(
        "account", OsString.ofLatin1(name) + ", " + context, "no such name", "give its number");
  }

  private static int parseId(String text, String context) throws NamespaceException {
    try {
      long id = Long.parseLong(text);
      if (id >= 0 && id < 0xffffffffL) {
        return (int) id;
      }
    } catch (NumberFormatException e) {
      // The exception below says so.
    }
    throw new NamespaceException(
        "account", context, "not an id: " + OsString.ofLatin1(text), "give the id itself");
  }
}
