package io.github.jnstools.sys;

import java.time.Instant;

/**
 * What statx(2) says of a file, as far as it is needed here.
 *
 * @param device as makedev(3) composes it
 * @param inode its inode number
 * @param mode its type and permissions
 * @param changed when its attributes or content were changed last (ctime)
 * @param modified when its content was changed last (mtime); a link keeps that of its making
 */
public record FileStatus(long device, long inode, int mode, Instant changed, Instant modified) {
  private static final int S_IFMT = 0170000;
  private static final int S_IFDIR = 0040000;
  private static final int S_IFREG = 0100000;
  private static final int S_IFLNK = 0120000;

  /** Whether it is a symbolic link. */
  public boolean isLink() {
    return (mode & S_IFMT) == S_IFLNK;
  }

  /** Whether it is a regular file. */
  public boolean isRegular() {
    return (mode & S_IFMT) == S_IFREG;
  }

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return (mode & S_IFMT) == S_IFDIR;
  }

  /** Whether both are one file, as long as it is there. */
  public boolean sameFile(FileStatus other) {
    return device == other.device && inode == other.inode;
  }

  // Written out for the sake of start-up, see NamespaceId.
  @Override
  public boolean equals(Object other) {
    return other instanceof FileStatus that
        && sameFile(that)
        && mode == that.mode
        && changed.equals(that.changed)
        && modified.equals(that.modified);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(inode);
  }
}
