package io.github.jnstools.enter;

import io.github.jnstools.OsString;

/**
 * A directory that a program is to get as its root or working directory.
 *
 * @param kind how it is found
 * @param path where; null for {@link Kind#OF_TARGET}
 */
public record Place(Kind kind, OsString path) {

  /** The target's own: its root directory, or the one it works in. */
  public static final Place OF_TARGET = new Place(Kind.OF_TARGET, null);

  /** How a directory is found. */
  public enum Kind {
    /** It is what the target has. */
    OF_TARGET,
    /** By a path of the caller, opened before any namespace is joined. */
    OUTSIDE,
    /** By a path of the namespaces joined and the root entered. */
    INSIDE
  }

  /** A path of the caller: the program may get a directory that its own tree does not hold. */
  public static Place outside(OsString path) {
    return new Place(Kind.OUTSIDE, path);
  }

  /** A path in the namespaces joined. */
  public static Place inside(OsString path) {
    return new Place(Kind.INSIDE, path);
  }
}
