package io.github.jnstools.container;

import java.util.OptionalLong;

/**
 * What one engine knows of a container, running or not; not yet checked against {@code /proc}.
 *
 * @param engine see {@link Container}
 * @param scope see {@link Container}
 * @param id see {@link Container}
 * @param name see {@link Container}
 * @param status the engine's word: {@code running}, {@code paused}, {@code created}, {@code exited}
 * @param pid of its init process; 0 if there is none
 * @param recordedStart when the OCI runtime says that process started, in clock ticks since boot
 * @param networkMode see {@link Container}
 */
record Known(
    String engine,
    String scope,
    String id,
    String name,
    String status,
    int pid,
    OptionalLong recordedStart,
    String networkMode) {}
