package io.github.jnstools.container;

import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of captured files of engines, for a test to change, with what {@code /proc} said of their
 * processes then.
 */
record Tree(Path root) {

  /** Copies a tree of the test resources into a directory. */
  static Tree copy(String name, Path root) throws IOException, URISyntaxException {
    Path from = Path.of(Tree.class.getResource(name).toURI());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path to = root.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
    return new Tree(root);
  }

  HostFiles files() {
    return new HostFiles(root.toString());
  }

  Procfs proc() {
    return new Procfs(root.resolve("proc"));
  }

  Path path(String path) {
    return root.resolve(path.substring(1));
  }

  /** Writes a file; its directory may be new. */
  void write(String path, String text) throws IOException {
    Files.createDirectories(path(path).getParent());
    Files.writeString(path(path), text);
  }

  /** Replaces a part of a file. */
  void edit(String path, String part, String other) throws IOException {
    String text = Files.readString(path(path));
    if (!text.contains(part)) {
      throw new AssertionError("no " + part + " in " + path);
    }
    Files.writeString(path(path), text.replace(part, other));
  }

  /** Removes a file or directory. */
  void delete(String path) throws IOException {
    try (Stream<Path> files = Files.walk(path(path))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Moves a directory elsewhere. */
  void move(String from, String to) throws IOException {
    Files.createDirectories(path(to).getParent());
    Files.move(path(from), path(to));
  }

  /** The one that a reference means. */
  static Known one(Engine engine, String reference) throws IOException {
    List<Known> found = engine.find(reference);
    if (found.size() != 1) {
      throw new AssertionError(reference + ": " + found);
    }
    return found.get(0);
  }

  /** The names of those that run. */
  static List<String> running(Engine engine) throws IOException {
    return engine.running().stream().map(Known::name).sorted().toList();
  }
}
