/**
 * From a user's reference to a container's init process.
 *
 * <p>Start with {@link io.github.jnstools.container.ContainerResolver}; it answers with {@link
 * io.github.jnstools.container.Container}:
 *
 * <pre>{@code
 * Container web = ContainerResolver.ofHost().resolve("docker:web");
 * try (Target target = Target.of(web.pid(), web.startTime())) {
 *   Namespace net = target.namespace(NamespaceType.NET);
 * }
 * }</pre>
 *
 * <p>Engines are asked by their sockets, and where no daemon answers by what they keep on disk.
 * Neither is believed before {@code /proc} agrees: a pid may be of another kernel, or of a process
 * that came later.
 */
package io.github.jnstools.container;
