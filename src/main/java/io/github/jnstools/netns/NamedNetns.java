package io.github.jnstools.netns;

import io.github.jnstools.NamespaceId;
import io.github.jnstools.OsString;
import java.util.Optional;

/**
 * One entry of a directory such as {@code /run/netns}, as it was when it was looked at. Immutable;
 * holds nothing open.
 *
 * @param name its name
 * @param kind what it is in the file system
 * @param state what it is worth
 * @param reason why the state is not better, one line; "" if it is live
 * @param target where it leads, if it is a link
 * @param owner whose process it was made for, if it is ours
 * @param id the network namespace, where it is one and could be opened
 */
public record NamedNetns(
    OsString name,
    Kind kind,
    State state,
    String reason,
    Optional<OsString> target,
    Optional<OwnerMark> owner,
    Optional<NamespaceId> id) {

  /** What an entry is in the file system. */
  public enum Kind {
    /** A symbolic link. */
    LINK,
    /** A file with a namespace mounted on it. */
    BIND,
    /** Any other regular file. */
    FILE,
    /** Anything else. */
    OTHER
  }

  /** What an entry is worth. */
  public enum State {
    /** Ours, and the network namespace of the process that it was made for, which lives. */
    LIVE,
    /** A network namespace that somebody else put there. */
    FOREIGN,
    /** What it led to is gone; of a mount, the process that it was made for, and all others. */
    STALE,
    /** Its pid is another process's by now: using it would reach a stranger's namespace. */
    STRANGER,
    /** The container that it was made for runs on as another process, or in another namespace. */
    OUTDATED,
    /** No network namespace. */
    NOT_NETNS,
    /** The caller may not know: a permission is missing, or it is of another PID namespace. */
    UNREADABLE
  }

  /** Whether it can be entered, and leads where its name says as far as can be known. */
  public boolean usable() {
    return state == State.LIVE || state == State.FOREIGN;
  }

  /**
   * The same, in the light of what the container's engine says now.
   *
   * @param pid of the container's init process now
   * @param startTime of that process
   */
  public NamedNetns against(int pid, long startTime) {
    boolean same =
        owner.isEmpty() || owner.get().pid() == pid && owner.get().startTime() == startTime;
    return same || state == State.UNREADABLE
        ? this
        : new NamedNetns(
            name,
            kind,
            State.OUTDATED,
            owner.get().reference() + " runs as process " + pid + " now",
            target,
            owner,
            id);
  }
}
