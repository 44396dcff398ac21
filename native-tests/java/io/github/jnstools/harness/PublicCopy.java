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
  private final Path directory;

  private PublicCopy(Path directory) {
    this.directory = directory;
  }

  /** Copies the launchers and what they need. */
  public static PublicCopy make() throws IOException {
    PublicCopy copy = new PublicCopy(Files.createTempDirectory("jnstools-copy"));
    for (String part :
        List.of(
            "scripts/jnsenter",
            "scripts/jnetns",
            "target/jnstools-commands.jar",
            "target/native")) {
      copy.add(Tools.PROJECT.resolve(part));
    }
    try (Stream<Path> files = Files.walk(copy.directory)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    return copy;
  }

  private void add(Path part) throws IOException {
    try (Stream<Path> files = Files.walk(part)) {
      for (Path file : files.toList()) {
        Path to = directory.resolve(Tools.PROJECT.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.createDirectories(to.getParent());
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /** A file of it: {@code target/jnstools-commands.jar}. */
  public Path resolve(String file) {
    return directory.resolve(file);
  }

  /** The path of {@code jnsenter}. */
  public String jnsenter() {
    return directory.resolve("scripts/jnsenter").toString();
  }

  /** The path of {@code jnetns}. */
  public String jnetns() {
    return directory.resolve("scripts/jnetns").toString();
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
