package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sets of {@code ipset save}: of addresses, of subnets, of addresses with ports, and lists of
 * sets. Immutable. What is in a set of another type is not known.
 */
public final class IpSets {
  /** No set is known. */
  public static final IpSets NONE = new IpSets(Map.of());

  private final Map<String, Members> sets;

  /** A set of some type. */
  private record Members(String type, List<Member> members) {}

  /**
   * One element: {@code 10.0.0.0/8 nomatch}, {@code 192.0.2.7,tcp:80}, the name of a set.
   *
   * @param subnet its addresses; empty if it begins with something else
   * @param rest what follows them, or all of it
   * @param excluded whether it is an exception
   */
  private record Member(Optional<Subnet> subnet, String rest, boolean excluded) {
    static Member parse(String type, String text, boolean excluded) {
      if (!type.startsWith("hash:ip") && !type.startsWith("hash:net")) {
        return new Member(Optional.empty(), text, excluded);
      }
      String[] parts = text.split(",", 2);
      return new Member(
          Optional.of(Subnet.parse(parts[0])), parts.length < 2 ? "" : parts[1], excluded);
    }

    boolean holds(IpAddress address) {
      return subnet.isPresent() && subnet.get().contains(address);
    }
  }

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
      Members set = words.length >= 3 ? sets.get(words[1]) : null;
      if (words.length >= 3 && words[0].equals("create")) {
        sets.put(words[1], new Members(words[2], new ArrayList<>()));
      } else if (set != null && words[0].equals("add")) {
        try {
          boolean excluded = List.of(words).contains("nomatch");
          set.members.add(Member.parse(set.type, words[2], excluded));
        } catch (IllegalArgumentException e) {
          throw new MalformedException("ipset save", i + 1, e.getMessage());
        }
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
    return switch (set.type) {
      case "hash:ip", "hash:net" -> inNetworks(set, address(directions, packet));
      case "hash:ip,port", "hash:net,port" -> inPorts(set, directions, packet);
      case "list:set" -> inList(set, directions, packet);
      default -> Truth.UNKNOWN;
    };
  }

  private static IpAddress address(List<String> directions, Packet packet) {
    Tuple tuple = packet.tuple();
    return directions.get(0).equals("src") ? tuple.source() : tuple.destination();
  }

  /** The longest prefix decides, and it may say no. */
  private static Truth inNetworks(Members set, IpAddress address) {
    Member best = null;
    int longest = -1;
    for (Member member : set.members) {
      if (member.holds(address) && member.subnet.get().length() > longest) {
        best = member;
        longest = member.subnet.get().length();
      }
    }
    return Truth.of(best != null && !best.excluded);
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
      String prefix = packet.protocol() + ":";
      if (member.holds(address(directions, packet)) && member.rest.startsWith(prefix)) {
        String number = member.rest.substring(prefix.length());
        // The type of an ICMP message is written there, too.
        boolean plain = number.matches("\\d{1,5}");
        found = found.or(plain ? port.within(PortRange.parse(number)) : Truth.UNKNOWN);
      }
    }
    return found;
  }

  private Truth inList(Members set, List<String> directions, Packet packet) {
    Truth found = Truth.FALSE;
    for (Member member : set.members) {
      found = found.or(contains(member.rest, directions, packet));
    }
    return found;
  }
}
