package io.github.jnstools;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The user, group and supplementary groups that a program is to run with.
 *
 * @param uid the user id
 * @param gid the group id
 * @param groups the supplementary groups; empty keeps the caller's
 */
public record Credentials(Id uid, Id gid, Optional<List<Integer>> groups) {

  /** The caller's, unchanged. */
  public static final Credentials KEEP = new Credentials(Id.KEEP, Id.KEEP, Optional.empty());

  /** Checks and copies. */
  public Credentials {
    Objects.requireNonNull(uid);
    Objects.requireNonNull(gid);
    groups = groups.map(List::copyOf);
  }

  /**
   * A user or group id to assume.
   *
   * @param kind where the number comes from
   * @param number the id in the user namespace entered, unsigned; 0 unless {@link Kind#FIXED}
   */
  public record Id(Kind kind, int number) {

    /** Checks: the last number stands for "no id" in the kernel. */
    public Id {
      if (kind == Kind.FIXED ? number == -1 : number != 0) {
        throw new IllegalArgumentException(
            kind + " id " + Integer.toUnsignedString(number) + " is none");
      }
    }

    /** The caller's, unchanged. */
    public static final Id KEEP = new Id(Kind.KEEP, 0);

    /** That of the target process, as the namespaces entered see it. */
    public static final Id FOLLOW = new Id(Kind.FOLLOW, 0);

    /**
     * This id.
     *
     * @param number 0 to 4294967294; the last number stands for "no id" in the kernel
     */
    public static Id of(long number) {
      if (number < 0 || number > 0xfffffffeL) {
        throw new IllegalArgumentException("id " + number + " is not in 0..4294967294");
      }
      return new Id(Kind.FIXED, (int) number);
    }
  }

  /** Where an {@link Id} comes from. */
  public enum Kind {
    KEEP,
    FIXED,
    FOLLOW
  }
}
