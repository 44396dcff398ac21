package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the packaged commands that every user may run, wherever the checkout is. */
public final class PublicCopy implements AutoCloseable {
  private static final Path TARGET = Tools.PROJECT.resolve("target");

  private final Path directory;

  private PublicCopy(Path directory) {
    this.directory = directory;
  }

  /** Copies the launchers and what they need. */
  public static PublicCopy make() throws IOException {
    PublicCopy copy = new PublicCopy(Files.createTempDirectory("jnstools-copy"));
    for (String part : List.of("jnstools-launcher", "jnstools-commands.jar", "native")) {
      copy.add(TARGET.resolve(part));
    }
    try (Stream<Path> files = Files.walk(copy.directory)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    for (String command : List.of("jnsenter", "jnetns")) {
      Files.createSymbolicLink(copy.resolve(command), Path.of("jnstools-launcher"));
    }
    return copy;
  }

  private void add(Path part) throws IOException {
    try (Stream<Path> files = Files.walk(part)) {
      for (Path file : files.toList()) {
        Path to = directory.resolve(TARGET.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.createDirectories(to.getParent());
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /** A file of it: {@code jnstools-commands.jar}. */
  public Path resolve(String file) {
    return directory.resolve(file);
  }

  /** The path of {@code jnsenter}. */
  public String jnsenter() {
    return directory.resolve("jnsenter").toString();
  }

  /** The path of {@code jnetns}. */
  public String jnetns() {
    return directory.resolve("jnetns").toString();
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
