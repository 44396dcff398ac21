package io.github.jnstools.container;

/**
 * Something that has happened to a container, or to the connection that tells of it.
 *
 * @param kind what
 * @param engine whose container, see {@link Container}
 * @param id the container's full id; "" for {@link Kind#CONNECTED} and {@link Kind#LOST}
 * @param name the container's name, after a renaming the new one; for {@link Kind#CONNECTED} and
 *     {@link Kind#LOST} where the engine is asked, for a person
 */
public record ContainerEvent(Kind kind, String engine, String id, String name) {

  /** What can happen. */
  public enum Kind {
    /**
     * The engine's events are told from now on: what happened before is to be looked up. Comes
     * again after each loss, and whenever the source of the events changes.
     */
    CONNECTED,
    /** The engine's events are missed from now on; it is tried again without being asked. */
    LOST,
    /** Its init process has started. */
    STARTED,
    /** Its init process has ended. */
    DIED,
    /** It has another name. */
    RENAMED,
    /** It is gone for good; only engines with an interface of their own tell this. */
    REMOVED
  }
}
