/**
 * Network namespaces by name, as ip-netns(8) has them: what is there, what it is worth, what is in
 * it.
 *
 * <p>Start with {@link io.github.jnstools.netns.NetnsDirectory}; its entries are {@link
 * io.github.jnstools.netns.NamedNetns}.
 */
package io.github.jnstools.netns;
