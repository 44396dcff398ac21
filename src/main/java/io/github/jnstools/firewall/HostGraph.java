package io.github.jnstools.firewall;

import static java.util.Comparator.comparing;

import io.github.jnstools.firewall.DockerContainer.Endpoint;
import io.github.jnstools.firewall.Place.Kind;
import io.github.jnstools.firewall.Reach.Via;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What there is on a Docker host and around it, and the ways from one to another.
 *
 * @param outside those beyond each of this host's own interfaces
 * @param segments its bridge networks, by name
 * @param elsewhere the running containers that are on none of them, by name
 * @param ways who reaches whom and who does not; to a container's own port only where it is not as
 *     to the rest of its network
 */
public record HostGraph(
    List<Outside> outside,
    List<Segment> segments,
    List<DockerContainer> elsewhere,
    List<Way> ways) {

  /**
   * Who is beyond an interface.
   *
   * @param place of theirs
   * @param subnets in which they are neighbours
   */
  public record Outside(Place place, List<Subnet> subnets) {}

  /**
   * A bridge network.
   *
   * @param network itself
   * @param members the containers on it, by name
   */
  public record Segment(DockerNetwork network, List<Member> members) {}

  /**
   * A container on a network.
   *
   * @param container itself
   * @param endpoint its place there
   * @param home whether it is reached from outside by this network, or else has no such one before
   */
  public record Member(DockerContainer container, Endpoint endpoint, boolean home) {}

  /**
   * What becomes of connections from one to another.
   *
   * @param from who opens them
   * @param to what for
   * @param verdict what becomes of them
   * @param via how, if it is reachable
   * @param reaches the connections; those of another address may come to something else
   */
  public record Way(Place from, Aim to, Verdict verdict, Via via, List<Reach> reaches) {}

  /**
   * Puts together what is known.
   *
   * @param network the one that was traced through
   * @param reaches what {@link Isolation} found
   */
  public static HostGraph of(DockerInventory inventory, HostNetwork network, List<Reach> reaches) {
    Map<String, List<Member>> members = new HashMap<>();
    List<DockerContainer> elsewhere = new ArrayList<>();
    for (DockerContainer container : inventory.containers()) {
      List<Endpoint> bridged = container.isRunning() ? inventory.bridged(container) : List.of();
      Endpoint home = bridged.isEmpty() ? null : home(container, inventory).orElse(bridged.get(0));
      for (Endpoint endpoint : bridged) {
        members
            .computeIfAbsent(endpoint.networkId(), id -> new ArrayList<>())
            .add(new Member(container, endpoint, endpoint.equals(home)));
      }
      if (container.isRunning() && bridged.isEmpty()) {
        elsewhere.add(container);
      }
    }
    members.values().forEach(each -> each.sort(comparing(member -> member.container().name())));
    elsewhere.sort(comparing(DockerContainer::name));
    List<Segment> segments =
        inventory.bridges().stream()
            .sorted(comparing(DockerNetwork::name))
            .map(each -> new Segment(each, members.getOrDefault(each.id(), List.of())))
            .toList();
    return new HostGraph(outside(network, reaches), segments, elsewhere, ways(members, reaches));
  }

  private static Optional<Endpoint> home(DockerContainer container, DockerInventory inventory) {
    return PortMapping.wayOut(container, inventory, IpFamily.IPV4)
        .or(() -> PortMapping.wayOut(container, inventory, IpFamily.IPV6));
  }

  private static List<Outside> outside(HostNetwork network, List<Reach> reaches) {
    Set<Place> places = new LinkedHashSet<>();
    for (Reach reach : reaches) {
      if (reach.from().kind() == Kind.ADDRESS) {
        places.add(reach.from());
      }
    }
    List<Outside> outside = new ArrayList<>();
    for (Place place : places) {
      List<Subnet> subnets =
          place.spots().stream()
              .flatMap(spot -> spot.in().flatMap(network::link).stream())
              .distinct()
              .flatMap(link -> link.addresses().stream())
              .filter(own -> !own.address().isLinkLocal())
              .map(HostNetwork.LinkAddress::subnet)
              .toList();
      outside.add(new Outside(place, subnets));
    }
    return outside;
  }

  private record Ends(Place from, Aim to, Verdict verdict, Via via) {}

  private static List<Way> ways(Map<String, List<Member>> members, List<Reach> reaches) {
    Map<IpAddress, String> networks = new HashMap<>();
    for (List<Member> each : members.values()) {
      for (Member member : each) {
        Endpoint endpoint = member.endpoint();
        endpoint
            .ipv4()
            .map(IpAddress::parse)
            .ifPresent(own -> networks.put(own, endpoint.network()));
        endpoint
            .ipv6()
            .map(IpAddress::parse)
            .ifPresent(own -> networks.put(own, endpoint.network()));
      }
    }
    Map<String, Ends> toNetworks = new HashMap<>();
    for (Reach reach : reaches) {
      if (reach.to().kind() == Aim.Kind.NETWORK) {
        toNetworks.put(key(reach, reach.to().name()), ends(reach));
      }
    }
    Map<Ends, List<Reach>> ways = new LinkedHashMap<>();
    for (Reach reach : reaches) {
      Optional<Ends> usual =
          Optional.ofNullable(networks.get(reach.flow().destination()))
              .map(name -> toNetworks.get(key(reach, name)));
      boolean told =
          reach.to().kind() == Aim.Kind.CONTAINER
              && usual.isPresent()
              && usual.get().verdict() == reach.verdict();
      if (!told) {
        ways.computeIfAbsent(ends(reach), ends -> new ArrayList<>()).add(reach);
      }
    }
    List<Way> all = new ArrayList<>();
    ways.forEach(
        (ends, own) -> all.add(new Way(ends.from(), ends.to(), ends.verdict(), ends.via(), own)));
    return all;
  }

  private static String key(Reach reach, String network) {
    return reach.from().kind()
        + " "
        + reach.from().name()
        + " "
        + reach.flow().destination().v6()
        + " "
        + network;
  }

  private static Ends ends(Reach reach) {
    return new Ends(reach.from(), reach.to(), reach.verdict(), reach.via());
  }

  /** The ways to something. */
  public List<Way> waysTo(Aim aim) {
    return ways.stream().filter(way -> way.to().equals(aim)).toList();
  }

  /** The ways of somebody. */
  public List<Way> waysFrom(Kind kind, String name) {
    return ways.stream()
        .filter(way -> way.from().kind() == kind && way.from().name().equals(name))
        .toList();
  }

  /**
   * The ports by which a container is asked for: its published ones, and before them those of its
   * own that are not as the rest of its network is.
   */
  public List<Aim> ports(DockerContainer container) {
    Set<Aim> ports = new LinkedHashSet<>();
    for (Way way : ways) {
      if (way.to().kind() == Aim.Kind.CONTAINER && way.to().name().equals(container.name())) {
        ports.add(way.to());
      }
    }
    container.ports().forEach(port -> ports.add(Aim.of(container, port)));
    return List.copyOf(ports);
  }
}
