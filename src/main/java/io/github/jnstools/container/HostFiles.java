package io.github.jnstools.container;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/**
 * Files that engines keep on this host. One that is not there is null, as containers may vanish
 * while they are looked at; one that may not be read is an error.
 *
 * @param root before each path; "" but in tests
 */
record HostFiles(String root) {
  /** Those of this host. */
  static final HostFiles HERE = new HostFiles("");

  /** Whether something is there, or may be: a directory on the way may not be searched. */
  boolean present(String path) {
    return !Files.notExists(new File(root + path).toPath());
  }

  /** The names in a directory, in no order; none if it is not there. */
  List<String> list(String path) throws NamespaceException {
    String[] names = new File(root + path).list();
    if (names != null) {
      return List.of(names);
    }
    if (present(path)) {
      throw unreadable(path, "not a directory");
    }
    return List.of();
  }

  /** A file's text, or null. */
  String text(String path) throws NamespaceException {
    try (FileInputStream in = new FileInputStream(root + path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      // Any failure to open is this exception.
      if (present(path)) {
        throw unreadable(path, e.getMessage());
      }
      return null;
    } catch (IOException e) {
      throw unreadable(path, e.getMessage());
    }
  }

  /** A file that holds one JSON object, or null. */
  JsonObject object(String path) throws NamespaceException {
    String text = text(path);
    try {
      return text == null ? null : JsonParser.object().from(text);
    } catch (JsonParserException | StackOverflowError e) {
      throw malformed(path, e);
    }
  }

  /** A file that holds one JSON array, or null. */
  JsonArray array(String path) throws NamespaceException {
    String text = text(path);
    try {
      return text == null ? null : JsonParser.array().from(text);
    } catch (JsonParserException | StackOverflowError e) {
      throw malformed(path, e);
    }
  }

  /** A file that holds a number that may be a pid; 0 if it is not there. */
  int pid(String path) throws NamespaceException {
    String text = text(path);
    try {
      return text == null ? 0 : Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw malformed(path, e);
    }
  }

  /** The failure that a file is whose content is not what it should be. */
  NamespaceException malformed(String path, Throwable e) {
    // The parser goes as deep as the text does.
    String reason = e instanceof StackOverflowError ? "nested too deep" : e.getMessage();
    return new NamespaceException(
        "read", root + path, "not what was expected: " + reason, "see whether its engine can");
  }

  private NamespaceException unreadable(String path, String reason) {
    return new File(root + path).canRead()
        ? new NamespaceException("read", root + path, reason, null)
        : new NamespaceException("open", root + path, Errno.EACCES.number());
  }
}
