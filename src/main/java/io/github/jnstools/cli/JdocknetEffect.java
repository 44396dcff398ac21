package io.github.jnstools.cli;

import com.grack.nanojson.JsonSink;
import io.github.jnstools.firewall.Effect;
import io.github.jnstools.firewall.FirewallChange;
import io.github.jnstools.firewall.HostNetwork;
import io.github.jnstools.firewall.IpAddress;
import io.github.jnstools.firewall.IpSets;
import io.github.jnstools.firewall.Probes;
import java.util.List;

/** How the connections are told that a change of rules opens, closes or cuts. */
final class JdocknetEffect {
  private JdocknetEffect() {}

  /** Those of a change, from a stranger and from given clients, that are not as before. */
  static List<Effect> of(
      FirewallChange change, HostNetwork network, IpSets sets, List<IpAddress> clients) {
    return change
        .effects(network, sets, Probes.of(change.before().inventory(), network, clients))
        .stream()
        .filter(effect -> effect.changes() || effect.cutsOpen())
        .toList();
  }

  static void print(JdocknetCall call, Effect effect) {
    call.line(
        effect.probe().what()
            + ": "
            + JdocknetJson.word(effect.before().verdict())
            + ", then "
            + JdocknetJson.word(effect.after().verdict())
            + (effect.cutsOpen() ? ", and cut if it is open" : ""));
    call.line("  " + reason(effect));
  }

  static void write(JsonSink<?> json, Effect effect) {
    json.object()
        .value("connection", effect.probe().what())
        .value("before", JdocknetJson.word(effect.before().verdict()))
        .value("after", JdocknetJson.word(effect.after().verdict()))
        .value("if_open", JdocknetJson.word(effect.open().verdict()))
        .value("reason", reason(effect))
        .end();
  }

  private static String reason(Effect effect) {
    return (effect.changes() ? effect.after() : effect.open()).reason();
  }
}
