/**
 * From a user's reference to a container's init process.
 *
 * <p>Start with {@link io.github.jnstools.container.ContainerResolver}; it answers with {@link
 * io.github.jnstools.container.Container}, and {@link io.github.jnstools.container.ContainerEvents}
 * tells when an answer is out of date:
 *
 * <pre>{@code
 * Container web = ContainerResolver.ofHost().resolve("docker:web");
 * try (Target target = Target.of(web.pid(), web.startTime());
 *     Namespace net = target.namespace(NamespaceType.NET)) {
 *   System.out.println(web.reference() + " is in " + net.id());
 * }
 * }</pre>
 *
 * <p>Engines are asked over their sockets, without their commands, and what they say is checked: a
 * pid counts only if {@code /proc} proves that it is the container's, here and now. An engine that
 * does not answer is never taken for one that has no such container.
 */
package io.github.jnstools.container;
