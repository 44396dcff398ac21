package io.github.jnstools.sys;

/**
 * What statx(2) says of a file, as far as it is needed here.
 *
 * @param device as makedev(3) composes it
 * @param inode its inode number
 * @param mode its type and permissions
 */
public record FileStatus(long device, long inode, int mode) {
  private static final int S_IFMT = 0170000;
  private static final int S_IFREG = 0100000;
  private static final int S_IFDIR = 0040000;

  /** Whether it is a regular file. */
  public boolean isRegular() {
    return (mode & S_IFMT) == S_IFREG;
  }

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return (mode & S_IFMT) == S_IFDIR;
  }
}
