package io.github.jnstools.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A setting of the kernel's, changed; closing it brings the former value back. */
public final class Setting implements AutoCloseable {
  private final Path file;
  private final String before;

  private Setting(Path file, String before) {
    this.file = file;
    this.before = before;
  }

  /** Changes one: {@code kernel.pid_max}. */
  public static Setting of(String name, String value) throws IOException {
    Path file = file(name);
    Setting setting = new Setting(file, read(file));
    Files.writeString(file, value);
    return setting;
  }

  /** Whether this kernel has it. */
  public static boolean exists(String name) {
    return Files.exists(file(name));
  }

  /** The kernel gives a number to the first read alone, however short that is. */
  private static String read(Path file) throws IOException {
    byte[] value = new byte[64];
    try (InputStream in = Files.newInputStream(file)) {
      return new String(value, 0, in.read(value), StandardCharsets.US_ASCII);
    }
  }

  private static Path file(String name) {
    return Path.of("/proc/sys/" + name.replace('.', '/'));
  }

  @Override
  public void close() throws IOException {
    Files.writeString(file, before);
  }
}
