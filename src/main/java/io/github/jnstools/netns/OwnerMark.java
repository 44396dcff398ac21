package io.github.jnstools.netns;

/**
 * Whose process an entry of ours was made for. It stays with the entry, so that later it can be
 * told whether that process still lives.
 *
 * @param engine what called it a container: {@code docker}; {@code pid} for a bare process
 * @param scope the engine's namespace that the name is in, or ""
 * @param id the engine's id of it
 * @param name the engine's name of it
 * @param pid of its init process, in the PID namespace of who made the entry
 * @param startTime of that process, in clock ticks since boot
 */
public record OwnerMark(
    String engine, String scope, String id, String name, int pid, long startTime) {

  /** Refuses texts that a mark cannot hold. */
  public OwnerMark {
    for (String word : new String[] {engine, scope, id}) {
      if (word.indexOf(' ') >= 0 || word.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("a blank in " + word);
      }
    }
    if (engine.isEmpty() || id.isEmpty() || name.isEmpty() || name.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("engine, id and name must be given, in one line each");
    }
  }

  /** Whether both are of one container, which may have been restarted between them. */
  public boolean sameContainer(OwnerMark other) {
    return engine.equals(other.engine) && scope.equals(other.scope) && id.equals(other.id);
  }

  /** Whether both are of one process. */
  public boolean sameProcess(OwnerMark other) {
    return pid == other.pid && startTime == other.startTime;
  }

  /**
   * Whether a user's reference is this container's name or id, with its engine or not: {@code web},
   * {@code docker:web}, {@code containerd:default/web}.
   */
  public boolean isCalled(String reference) {
    String bare = unqualified(reference);
    return bare.equals(name) || bare.equals(id) || bare.equals(scope + "/" + name);
  }

  /**
   * Whether a user's reference is the start of this container's id, with its engine or not. A bare
   * process has none: its pid is a number.
   */
  public boolean hasIdLike(String reference) {
    String bare = unqualified(reference);
    return !bare.isEmpty() && isContainer() && id.startsWith(bare);
  }

  /** Whether it is a container, which may run again; a bare process is gone for good. */
  boolean isContainer() {
    return !engine.equals("pid");
  }

  private String unqualified(String reference) {
    String qualifier = engine + ":";
    return reference.startsWith(qualifier) ? reference.substring(qualifier.length()) : reference;
  }

  /** {@code docker:web}, {@code containerd:default/web}. */
  public String reference() {
    return engine + ":" + (scope.isEmpty() || engine.equals("cri") ? "" : scope + "/") + name;
  }

  // Written out for the sake of start-up, see NamespaceId.
  @Override
  public boolean equals(Object other) {
    return other instanceof OwnerMark that
        && sameContainer(that)
        && sameProcess(that)
        && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
