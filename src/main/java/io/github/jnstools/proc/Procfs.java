package io.github.jnstools.proc;

import io.github.jnstools.OsString;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of one proc file system. */
public final class Procfs {
  /** The one that this process sees. */
  public static final Procfs HERE = new Procfs(Path.of("/proc"));

  private static final int BLOCK = 4096;

  private final Path root;

  /** The proc file system mounted at a directory. */
  public Procfs(Path root) {
    this.root = root;
  }

  /**
   * {@code /proc/PID/status}.
   *
   * @param process a pid, or {@code self}
   */
  public ProcStatus status(String process) throws IOException {
    return ProcStatus.parse(text(process, "status"));
  }

  /** {@code /proc/PID/mountinfo}, in mount order. */
  public List<MountEntry> mountinfo(String process) throws IOException {
    return MountEntry.parseAll(text(process, "mountinfo"));
  }

  /** {@code /proc/PID/environ} as the kernel holds it. */
  public List<OsString> environ(String process) throws IOException {
    return Strings.split(bytes(process, "environ"));
  }

  /** {@code /proc/PID/stat}. */
  public ProcStat stat(String process) throws IOException {
    return ProcStat.parse(text(process, "stat"));
  }

  /** {@code /proc/PID/cgroup}. */
  public List<CgroupEntry> cgroups(String process) throws IOException {
    return CgroupEntry.parseAll(text(process, "cgroup"));
  }

  /** Whether there is such a process, as far as this file system shows. */
  public boolean has(String process) {
    return !Files.notExists(root.resolve(process));
  }

  /** Whether the caller may open a file of a process; false also if it is not there. */
  public boolean mayRead(String process, String file) {
    return Files.isReadable(root.resolve(process).resolve(file));
  }

  private String text(String process, String file) throws IOException {
    return new String(bytes(process, file), StandardCharsets.ISO_8859_1);
  }

  private byte[] bytes(String process, String file) throws IOException {
    // Not readAllBytes: that asks for a length, which is 0 here, and takes blocks of 16 kB.
    ByteArrayOutputStream all = new ByteArrayOutputStream(BLOCK);
    byte[] block = new byte[BLOCK];
    try (FileInputStream in = new FileInputStream(root + "/" + process + "/" + file)) {
      for (int n = in.read(block); n > 0; n = in.read(block)) {
        all.write(block, 0, n);
      }
    }
    return all.toByteArray();
  }
}
