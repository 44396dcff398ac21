package io.github.jnstools.firewall;

import java.util.Optional;

/**
 * A rule that Docker writes, and why.
 *
 * @param table the table that it is in
 * @param rule the rule
 * @param role what it does, in words: {@code lets packets in to web:80/tcp ...}
 * @param network the name of the network that it serves
 * @param container the name of the container that it serves
 * @param port the published port that it serves
 */
public record DockerRule(
    String table,
    Rule rule,
    String role,
    Optional<String> network,
    Optional<String> container,
    Optional<PublishedPort> port) {}
