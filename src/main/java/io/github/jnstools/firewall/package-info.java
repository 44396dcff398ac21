/**
 * The rules that iptables-save prints: read, and back to text byte for byte.
 *
 * <p>Start with {@link io.github.jnstools.firewall.Ruleset}:
 *
 * <pre>{@code
 * Ruleset ruleset = Ruleset.parse(text);
 * for (Rule rule : ruleset.chain("filter", "DOCKER-USER").orElseThrow().rules()) {
 *   System.out.println(rule.source() + " " + rule.target());
 * }
 * }</pre>
 *
 * <p>Nothing here asks the system: whoever calls hands in the texts, of this host or of another.
 */
package io.github.jnstools.firewall;
