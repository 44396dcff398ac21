package io.github.jnstools.netns;

import com.grack.nanojson.JsonObject;
import io.github.jnstools.netns.NetnsView.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One interface as {@code ip -d -j addr} shows it.
 *
 * @param json what it printed
 */
record Shown(JsonObject json) {

  int index() {
    return json.getInt("ifindex");
  }

  String name() {
    return json.getString("ifname");
  }

  boolean up() {
    return json.getArray("flags").contains("UP");
  }

  String operState() {
    return json.getString("operstate");
  }

  int mtu() {
    return json.getInt("mtu");
  }

  String kind() {
    return json.getObject("linkinfo", new JsonObject()).getString("info_kind", "");
  }

  List<String> alternativeNames() {
    List<String> names = new ArrayList<>();
    if (json.has("altnames")) {
      json.getArray("altnames").forEach(name -> names.add((String) name));
    }
    return names;
  }

  /** Tunnels over IP have its addresses, which ip(8) shows as such. */
  String mac() throws UnknownHostException {
    String shown = json.getString("address", "");
    if (Set.of("ether", "loopback").contains(json.getString("link_type")) || shown.isEmpty()) {
      return shown;
    }
    byte[] bytes =
        shown.matches("[0-9a-f]{2}(:[0-9a-f]{2})*")
            ? HexFormat.ofDelimiter(":").parseHex(shown)
            : InetAddress.getByName(shown).getAddress();
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }

  List<Address> addresses() {
    List<Address> addresses = new ArrayList<>();
    for (Object one : json.getArray("addr_info")) {
      JsonObject address = (JsonObject) one;
      addresses.add(
          new Address(
              address.getString("local"),
              address.getInt("prefixlen"),
              address.getString("scope"),
              Optional.ofNullable(address.getString("address"))));
    }
    return addresses;
  }
}
