package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sets of {@code ipset save}: of addresses, of subnets, of addresses with ports, and lists of
 * sets. Immutable. What is in a set of another type is not known.
 */
public final class IpSets {
  /** No set is known. */
  public static final IpSets NONE = new IpSets(Map.of());

  private final Map<String, Members> sets;

  /** {@code add NAME 10.0.0.0/8 nomatch}, of a set of some type. */
  private record Members(String type, List<Member> members) {}

  private record Member(String text, boolean excluded) {}

  private IpSets(Map<String, Members> sets) {
    this.sets = sets;
  }

  /**
   * Parses the text.
   *
   * @throws MalformedException if it is not what ipset saves
   */
  public static IpSets parse(String text) throws MalformedException {
    Map<String, Members> sets = new HashMap<>();
    String[] lines = text.split("\n");
    for (int i = 0; i < lines.length; i++) {
      String[] words = lines[i].strip().split("\\s+");
      if (words.length >= 3 && words[0].equals("create")) {
        sets.put(words[1], new Members(words[2], new ArrayList<>()));
      } else if (words.length >= 3 && words[0].equals("add") && sets.containsKey(words[1])) {
        boolean excluded = List.of(words).contains("nomatch");
        sets.get(words[1]).members.add(new Member(words[2], excluded));
      } else if (!lines[i].isBlank()) {
        throw new MalformedException("ipset save", i + 1, "neither create nor add: " + lines[i]);
      }
    }
    return new IpSets(Map.copyOf(sets));
  }

  /**
   * Whether a packet is in a set.
   *
   * @param directions which of its ends count, one for each part of an element: {@code src}, {@code
   *     dst}
   */
  Truth contains(String name, List<String> directions, Packet packet) {
    Members set = sets.get(name);
    if (set == null) {
      return Truth.UNKNOWN;
    }
    try {
      return switch (set.type) {
        case "hash:ip" -> inNetworks(set, address(directions, packet));
        case "hash:net" -> inNetworks(set, address(directions, packet));
        case "hash:ip,port", "hash:net,port" -> inPorts(set, directions, packet);
        case "list:set" -> inList(set, directions, packet);
        default -> Truth.UNKNOWN;
      };
    } catch (IllegalArgumentException e) {
      return Truth.UNKNOWN;
    }
  }

  private static IpAddress address(List<String> directions, Packet packet) {
    Tuple tuple = packet.tuple();
    return directions.get(0).equals("src") ? tuple.source() : tuple.destination();
  }

  /** The longest prefix decides, and it may say no. */
  private static Truth inNetworks(Members set, IpAddress address) {
    Subnet best = null;
    boolean excluded = false;
    for (Member member : set.members) {
      Subnet subnet = Subnet.parse(member.text);
      if (subnet.contains(address) && (best == null || subnet.length() > best.length())) {
        best = subnet;
        excluded = member.excluded;
      }
    }
    return Truth.of(best != null && !excluded);
  }

  /** {@code 192.0.2.7,tcp:80}. */
  private static Truth inPorts(Members set, List<String> directions, Packet packet) {
    if (directions.size() < 2 || set.members.stream().anyMatch(Member::excluded)) {
      return Truth.UNKNOWN;
    }
    Tuple tuple = packet.tuple();
    PortRange port = directions.get(1).equals("src") ? tuple.sourcePort() : tuple.destinationPort();
    Truth found = Truth.FALSE;
    for (Member member : set.members) {
      int comma = member.text.indexOf(',');
      int colon = member.text.indexOf(':', comma);
      Subnet subnet = Subnet.parse(member.text.substring(0, comma));
      String protocol = member.text.substring(comma + 1, colon);
      if (subnet.contains(address(directions, packet)) && protocol.equals(packet.protocol())) {
        found = found.or(port.within(PortRange.parse(member.text.substring(colon + 1))));
      }
    }
    return found;
  }

  private Truth inList(Members set, List<String> directions, Packet packet) {
    Truth found = Truth.FALSE;
    for (Member member : set.members) {
      found = found.or(contains(member.text, directions, packet));
    }
    return found;
  }
}
