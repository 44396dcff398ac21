package io.github.jnstools.container;

/**
 * A running container: its engine's word, checked against {@code /proc}.
 *
 * <p>Pid and start time name its init process for good: {@code Target.of(pid, startTime)} pins it,
 * or fails if it has ended since. Immutable.
 *
 * @param engine {@code docker}, {@code podman}, {@code containerd}, {@code cri}; {@code pid} for a
 *     process that was named by its number
 * @param scope the containerd or Kubernetes namespace that the name is in; "" where the engine has
 *     no such thing
 * @param id the engine's full id
 * @param name its name, as the engine's users write it; for {@code cri}, {@code pod/container}, or
 *     {@code pod} for the sandbox itself; where there is no name, the id
 * @param pid of its init process, in the caller's PID namespace
 * @param startTime of that process, in clock ticks since boot
 * @param networkMode {@code bridge}, {@code host}, {@code none}, {@code container:ID}, a network's
 *     name, {@code ns:PATH}, {@code pod}; "" if the engine does not say
 */
public record Container(
    String engine,
    String scope,
    String id,
    String name,
    int pid,
    long startTime,
    String networkMode) {

  /** A reference that names no other: {@code docker:web}, {@code containerd:default/web}. */
  public String reference() {
    return scope.isEmpty() || engine.equals("cri")
        ? engine + ":" + name
        : engine + ":" + scope + "/" + name;
  }
}
