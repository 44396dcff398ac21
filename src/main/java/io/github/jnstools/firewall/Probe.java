package io.github.jnstools.firewall;

/**
 * A connection that a change of rules may touch.
 *
 * @param what it is, for a person: {@code 192.168.1.1 to 192.168.1.254:8080/tcp}
 * @param flow itself
 */
public record Probe(String what, Flow flow) {}
