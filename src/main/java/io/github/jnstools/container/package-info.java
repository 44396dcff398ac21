/**
 * From a user's reference to a container's init process.
 *
 * <p>Start with {@link io.github.jnstools.container.ContainerResolver}; it answers with {@link
 * io.github.jnstools.container.Container}.
 */
package io.github.jnstools.container;
