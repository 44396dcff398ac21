/**
 * What a host's firewall does with a connection, from the texts that iptables-save and ip(8) print.
 *
 * <p>Start with {@link io.github.jnstools.firewall.Ruleset}, which is the rules, {@link
 * io.github.jnstools.firewall.HostNetwork}, which is what else decides, and {@link
 * io.github.jnstools.firewall.PacketTrace}, which says what becomes of a connection and why:
 *
 * <pre>{@code
 * Ruleset rules = Ruleset.parse(iptablesSave);
 * HostNetwork network = HostNetwork.parse(addresses, routes, links).withSysctls(sysctls);
 * Flow flow = Flow.ofOutside(client, server, "tcp", 8080);
 * PacketTrace trace = PacketTrace.of(Filters.of(rules), network, flow);
 * System.out.println(trace.verdict() + ": " + trace.reason());
 * }</pre>
 *
 * <p>Of a Docker host {@link io.github.jnstools.firewall.DockerFirewall} compares the rules with
 * what its engine has: how they are laid out, what each is for, what is missing or too much, and
 * what their owner may not expect. What Docker writes depends on options and on chance, so its
 * layouts are written down here once, as rules with their places, and all else follows from
 * comparing. {@link io.github.jnstools.firewall.Places} knows containers and networks by name and
 * the connections between them, and {@link io.github.jnstools.firewall.Isolation} traces them all.
 *
 * <p>{@link io.github.jnstools.firewall.AllowPlan} is what has to stand in DOCKER-USER for an
 * allow-list to be in force, {@link io.github.jnstools.firewall.Lint} what commands of a script
 * would do; of both {@link io.github.jnstools.firewall.FirewallChange} says, before anything is
 * written, what is wrong afterwards and whose connections change.
 *
 * <p>Nothing here asks the system: whoever calls hands in the texts, of this host or of another.
 *
 * <p>Every condition is true, false or unknown. The answer to {@code -m owner} or {@code -m limit}
 * is in no packet's header, and a match or target that is not known here may be anything; a trace
 * goes both ways then, and says so if they end differently. A verdict that was guessed would be
 * worse than none: people open and close ports by it.
 */
package io.github.jnstools.firewall;
