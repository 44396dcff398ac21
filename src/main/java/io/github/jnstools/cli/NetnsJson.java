package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.container.Container;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsView;
import io.github.jnstools.netns.NetnsView.Address;
import io.github.jnstools.netns.NetnsView.Interface;
import io.github.jnstools.netns.NetnsView.Peer;
import io.github.jnstools.netns.OwnerMark;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The JSON of {@code list} and {@code show}: a member that is unknown is null, never left out. */
final class NetnsJson {
  private final JsonStringWriter json = JsonWriter.indent("  ").string();

  /** All of these in an array. */
  static String of(List<NetnsDetails> all) {
    NetnsJson writer = new NetnsJson();
    writer.json.array();
    for (NetnsDetails details : all) {
      writer.write(details);
    }
    return writer.json.end().done() + "\n";
  }

  /** The word for a kind or a state. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void write(NetnsDetails details) {
    json.object();
    NamedNetns entry = details.entry().orElse(null);
    text("name", entry == null ? null : entry.name().toString());
    text("kind", entry == null ? null : word(entry.kind()));
    text("state", entry == null ? null : word(entry.state()));
    text("reason", entry == null ? null : entry.reason());
    text("target", entry == null || entry.target().isEmpty() ? null : "" + entry.target().get());
    owner(entry == null ? null : entry.owner().orElse(null));
    inode("inode", details.id());
    NetnsView view = details.view().orElse(null);
    if (view == null || view.nsid().isEmpty()) {
      json.nul("nsid");
    } else {
      json.value("nsid", view.nsid().getAsInt());
    }
    if (view == null || view.uniqueId().isEmpty()) {
      json.nul("ns_id");
    } else {
      json.value("ns_id", view.uniqueId().getAsLong());
    }
    inode("userns", details.owner());
    json.array("pids");
    for (int pid : details.pids()) {
      json.value(pid);
    }
    json.end();
    containers(details.containers());
    interfaces(view);
    json.end();
  }

  private void text(String key, String value) {
    if (value == null) {
      json.nul(key);
    } else {
      json.value(key, value);
    }
  }

  private void inode(String key, Optional<NamespaceId> id) {
    if (id.isPresent()) {
      json.value(key, id.get().inode());
    } else {
      json.nul(key);
    }
  }

  private void owner(OwnerMark owner) {
    if (owner == null) {
      json.nul("owner");
      return;
    }
    json.object("owner")
        .value("reference", owner.reference())
        .value("engine", owner.engine())
        .value("scope", owner.scope())
        .value("id", owner.id())
        .value("name", owner.name())
        .value("pid", owner.pid())
        .value("start_time", owner.startTime())
        .end();
  }

  private void containers(List<Container> containers) {
    json.array("containers");
    for (Container container : containers) {
      json.object()
          .value("reference", container.reference())
          .value("engine", container.engine())
          .value("scope", container.scope())
          .value("id", container.id())
          .value("name", container.name())
          .value("pid", container.pid())
          .value("network_mode", container.networkMode())
          .end();
    }
    json.end();
  }

  private void interfaces(NetnsView view) {
    if (view == null) {
      json.nul("interfaces");
      return;
    }
    json.array("interfaces");
    for (Interface each : view.interfaces()) {
      json.object()
          .value("index", each.index())
          .value("name", each.name())
          .array("alternative_names", each.alternativeNames())
          .value("up", each.up())
          .value("operstate", each.operState())
          .value("mac", each.mac())
          .value("mtu", each.mtu())
          .value("kind", each.kind());
      addresses(each.addresses());
      peer(each.peer().orElse(null));
      json.end();
    }
    json.end();
  }

  private void addresses(List<Address> addresses) {
    json.array("addresses");
    for (Address address : addresses) {
      json.object()
          .value("address", address.address())
          .value("prefix", address.prefix())
          .value("scope", address.scope());
      text("peer", address.peer().orElse(null));
      json.end();
    }
    json.end();
  }

  private void peer(Peer peer) {
    if (peer == null) {
      json.nul("host_peer");
      return;
    }
    json.object("host_peer").value("name", peer.hostInterface()).value("index", peer.index());
    text("master", peer.master().orElse(null));
    json.end();
  }
}
