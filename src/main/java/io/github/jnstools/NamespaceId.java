package io.github.jnstools;

/**
 * The identity of a namespace among those alive now. The kernel uses inode numbers again.
 *
 * @param type its type
 * @param device the device number of the nsfs file system, as makedev(3) composes it
 * @param inode the inode number on it
 */
public record NamespaceId(NamespaceType type, long device, long inode) {

  // Written out, as in the other records that commands compare: what javac makes of a record links
  // itself at the first call, which costs a command's start-up 40 ms.
  @Override
  public boolean equals(Object other) {
    return other instanceof NamespaceId that
        && type == that.type
        && device == that.device
        && inode == that.inode;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(inode);
  }

  /** As readlink(1) shows it in {@code /proc/PID/ns}: {@code net:[4026531840]}. */
  @Override
  public String toString() {
    return type.procName() + ":[" + Long.toUnsignedString(inode) + "]";
  }
}
