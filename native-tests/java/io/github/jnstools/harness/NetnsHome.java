package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** An empty {@code /run/netns} for a test; closing it removes all that is in it. */
public final class NetnsHome implements AutoCloseable {
  /** The directory. */
  public static final Path PATH = Path.of("/run/netns");

  private static final Path MARKS = Path.of("/run/jnstools");

  private NetnsHome() {}

  /** Makes sure that nothing is there but, at most, an empty directory, which is removed. */
  public static NetnsHome make() throws IOException {
    if (Files.exists(PATH) && !(names().isEmpty() && mounts().isEmpty())) {
      throw new AssertionError(PATH + " is left from another test: " + names() + mounts());
    }
    Files.deleteIfExists(PATH);
    return new NetnsHome();
  }

  /** The path of an entry. */
  public static Path path(String name) {
    return PATH.resolve(name);
  }

  /** Makes a link as a user would. */
  public static Path link(String name, String target) throws IOException {
    Files.createDirectories(PATH);
    return Files.createSymbolicLink(path(name), Path.of(target));
  }

  /** All names in it, sorted. */
  public static List<String> names() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (Path file : Proc.list(PATH)) {
      names.add(file.getFileName().toString());
    }
    return List.copyOf(names);
  }

  /** Everything that could be changed of it: names, files, owners, times, links and mounts. */
  public static String listing() throws IOException, InterruptedException {
    String files = Run.of("ls", "-lai", "--time-style=full-iso", PATH + "/").mustSucceed().out();
    return files + String.join("\n", mounts());
  }

  /** The mounts on it and below it. */
  public static List<String> mounts() throws IOException {
    return mounts(ProcessHandle.current().pid());
  }

  /** The mounts on it and below it that a process sees: {@code /run/netns/web net:[4026532]}. */
  public static List<String> mounts(long pid) throws IOException {
    return Proc.text(pid, "mountinfo")
        .lines()
        .map(line -> line.split(" "))
        .filter(fields -> fields[4].startsWith(PATH.toString()))
        .map(fields -> fields[4] + " " + fields[3])
        .sorted()
        .toList();
  }

  @Override
  public void close() throws IOException {
    try {
      while (!mounts().isEmpty()) {
        String mount = mounts().get(mounts().size() - 1).split(" ")[0];
        Run.of("umount", "-l", mount).mustSucceed();
      }
      Run.of("rm", "-rf", PATH.toString(), MARKS.toString()).mustSucceed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (Files.exists(PATH, LinkOption.NOFOLLOW_LINKS)) {
      throw new AssertionError("could not be removed: " + PATH);
    }
  }
}
