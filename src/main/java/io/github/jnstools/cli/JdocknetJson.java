package io.github.jnstools.cli;

import com.grack.nanojson.JsonSink;
import io.github.jnstools.firewall.PublishedPort;
import io.github.jnstools.firewall.Reach.Via;
import java.util.Locale;
import java.util.Optional;

/** What several commands of {@code jdocknet} write as JSON. */
final class JdocknetJson {
  private JdocknetJson() {}

  /** The word for a constant: {@code forward-chain}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The word for a way; empty of none. */
  static Optional<String> via(Via via) {
    return via == Via.NONE ? Optional.empty() : Optional.of(word(via));
  }

  /** Writes a published port as an object. */
  static void write(JsonSink<?> json, PublishedPort port) {
    json.object();
    members(json, port);
    json.end();
  }

  static void members(JsonSink<?> json, PublishedPort port) {
    json.value("host_address", port.hostAddress())
        .value("host_port", port.hostPort())
        .value("protocol", port.protocol())
        .value("container_port", port.containerPort());
  }
}
