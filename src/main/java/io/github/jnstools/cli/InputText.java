package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The text of an operand FILE. */
final class InputText {
  private static final String STANDARD_INPUT = "-";

  private InputText() {}

  static String read(String file) throws IOException, UsageException {
    if (file.equals(STANDARD_INPUT)) {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    try {
      return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
    } catch (InvalidPathException e) {
      throw new UsageException("FILE is not a path in this locale: " + file);
    } catch (NoSuchFileException e) {
      throw new NamespaceException("open", file, "no such file", "- is standard input");
    } catch (AccessDeniedException e) {
      throw new NamespaceException("open", file, "permission denied", null);
    } catch (IOException e) {
      throw new NamespaceException("read", file, e.getMessage(), null);
    }
  }
}
