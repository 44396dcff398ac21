/**
 * Network namespaces by name, as ip-netns(8) has them: what is there, what it is worth, what is in
 * it.
 *
 * <p>Start with {@link io.github.jnstools.netns.NetnsDirectory}, whose entries are {@link
 * io.github.jnstools.netns.NamedNetns}, and {@link io.github.jnstools.netns.NetnsView}:
 *
 * <pre>{@code
 * for (NamedNetns entry : NetnsDirectory.at(NetnsDirectory.DEFAULT).entries()) {
 *   System.out.println(entry.name() + " " + entry.state() + " " + entry.reason());
 * }
 * }</pre>
 *
 * <p>A link to {@code /proc/PID/ns/net} lies as soon as the process has ended and its pid is used
 * again. So entries that are made here carry a mark that says whose they are, down to the start
 * time of the process, and everything is judged by that; what was made by others is judged by what
 * can be proven, and otherwise left alone.
 */
package io.github.jnstools.netns;
