package io.github.jnstools.firewall;

import io.github.jnstools.firewall.HostNetwork.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code ss -lntu} prints: {@code tcp LISTEN 0 4096 0.0.0.0:8080 0.0.0.0:*}. */
final class SocketTable {
  private static final String SOURCE = "ss -lntu";

  private SocketTable() {}

  static List<Listener> parse(String text) throws MalformedException {
    List<Listener> listeners = new ArrayList<>();
    String[] lines = text.split("\n");
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (!line.isEmpty() && !line.startsWith("Netid")) {
        try {
          listeners.add(listener(line.split("\\s+")));
        } catch (IllegalArgumentException e) {
          throw new MalformedException(SOURCE, i + 1, "not a listening socket: " + line);
        }
      }
    }
    return listeners;
  }

  private static Listener listener(String[] words) {
    if (words.length < 6) {
      throw new IllegalArgumentException("too few columns");
    }
    String local = words[4];
    int colon = local.lastIndexOf(':');
    int port = Integer.parseInt(local.substring(colon + 1));
    // [fe80::1]%eth0:546
    String host = local.substring(0, Math.max(colon, 0)).replaceAll("[\\[\\]]|%.*", "");
    // A socket of both families is shown as *, one of IPv6 alone as [::].
    return switch (host) {
      case "*" -> new Listener(words[0], Optional.empty(), true, true, port);
      case "0.0.0.0" -> new Listener(words[0], Optional.empty(), true, false, port);
      case "::" -> new Listener(words[0], Optional.empty(), false, true, port);
      default -> {
        IpAddress address = IpAddress.parse(host);
        yield new Listener(words[0], Optional.of(address), !address.v6(), address.v6(), port);
      }
    };
  }
}
