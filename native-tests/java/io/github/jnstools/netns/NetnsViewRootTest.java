package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.harness.Pace;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.netns.NetnsView.Interface;
import io.github.jnstools.netns.NetnsView.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The oracle is ip(8) of iproute2 6.1. */
@RootTest
class NetnsViewRootTest {
  private final List<String> made = new ArrayList<>();
  private Map<Integer, String> descriptorsBefore;

  /** The first name that ip(8) makes has it mount the directory on itself. */
  @BeforeAll
  static void makeTheDirectory() throws Exception {
    ip("netns", "add", "first");
    ip("netns", "delete", "first");
    try (HostLinks loaded = HostLinks.open()) {
      assertTrue(loaded.nsid(Namespace.ofThread(NamespaceType.NET)).isEmpty());
    }
  }

  @AfterAll
  static void removeTheDirectory() throws Exception {
    Run.of("umount", "/run/netns").mustSucceed();
  }

  @BeforeEach
  void look() throws Exception {
    descriptorsBefore = Proc.descriptors(ProcessHandle.current().pid());
  }

  /** The kernel removes pairs of a namespace only when nothing holds it: no thread, no socket. */
  @AfterEach
  void nothingHoldsTheNamespaces() throws Exception {
    for (String name : made) {
      ip("netns", "delete", name);
    }
    Run.of("ip", "link", "delete", "br-test");
    Poll.until(
        "the end of all pairs", () -> links().stream().noneMatch(name -> name.startsWith("ve-")));
    Poll.until(
        () -> "the end of descriptors beside " + descriptorsBefore,
        () -> Proc.opened(descriptorsBefore).isEmpty());
  }

  private static Set<String> links() throws Exception {
    Set<String> names = new TreeSet<>();
    for (Object one : JsonParser.array().from(ip("-j", "link"))) {
      names.add(((JsonObject) one).getString("ifname"));
    }
    return names;
  }

  private static String ip(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    return Run.of(command.toArray(new String[0])).mustSucceed().out();
  }

  private static void batch(String name, String lines) throws Exception {
    Run.of(lines, Map.of(), List.of("ip", "-n", name, "-batch", "-")).mustSucceed();
  }

  private void add(String... names) throws Exception {
    for (String name : names) {
      ip("netns", "add", name);
      made.add(name);
    }
  }

  private static Namespace namespace(String name) throws NamespaceException {
    return Namespace.at(NamespaceType.NET, OsString.of("/run/netns/" + name));
  }

  private static NetnsView view(String name) throws Exception {
    try (HostLinks host = HostLinks.open()) {
      return view(name, host);
    }
  }

  private static NetnsView view(String name, HostLinks host) throws Exception {
    try (Namespace namespace = namespace(name)) {
      return NetnsView.of(namespace, host);
    }
  }

  private static Interface named(NetnsView view, String name) {
    return view.interfaces().stream().filter(i -> i.name().equals(name)).findFirst().orElseThrow();
  }

  private static Optional<Peer> peer(String name, String ofInterface) throws Exception {
    return named(view(name), ofInterface).peer();
  }

  private static Peer here(String name, String master) throws Exception {
    JsonObject json = (JsonObject) JsonParser.array().from(ip("-j", "link", "show", name)).get(0);
    return new Peer(name, json.getInt("ifindex"), Optional.ofNullable(master));
  }

  private static void waitUntilTheyAgree(String name) throws Exception {
    StringBuilder last = new StringBuilder();
    Poll.until(
        last::toString,
        () -> {
          List<Interface> ours = new ArrayList<>();
          for (Interface one : view(name).interfaces()) {
            ours.add(with(one, Optional.empty()));
          }
          List<Interface> theirs = shown(name);
          last.setLength(0);
          last.append("ours ").append(ours).append("\nip's ").append(theirs);
          return ours.equals(theirs);
        });
  }

  private static Interface with(Interface one, Optional<Peer> peer) {
    return new Interface(
        one.index(),
        one.name(),
        one.alternativeNames(),
        one.up(),
        one.operState(),
        one.mac(),
        one.mtu(),
        one.kind(),
        one.addresses(),
        peer);
  }

  /** What ip(8) shows in the kernel's order, which before Linux 6.7 is that of a hash table. */
  private static List<Interface> shown(String name) throws Exception {
    List<Interface> shown = new ArrayList<>();
    for (Object json : JsonParser.array().from(ip("-n", name, "-d", "-j", "addr"))) {
      Shown one = new Shown((JsonObject) json);
      shown.add(
          new Interface(
              one.index(),
              one.name(),
              one.alternativeNames(),
              one.up(),
              one.operState(),
              one.mac(),
              one.mtu(),
              one.kind(),
              one.addresses(),
              Optional.empty()));
    }
    shown.sort(Comparator.comparing(Interface::index));
    return shown;
  }

  /** Two namespaces on a bridge, whose interfaces have one number. */
  private void addWebAndDb() throws Exception {
    add("web", "db");
    ip("link", "add", "br-test", "type", "bridge");
    for (String name : List.of("web", "db")) {
      String pair = "ve-" + name;
      String here = "" + ProcessHandle.current().pid();
      batch(name, "link add eth0 index 77 type veth peer name " + pair + " netns " + here + "\n");
      ip("link", "set", pair, "master", "br-test", "up");
      ip("-n", name, "link", "set", "eth0", "up");
    }
  }

  @Test
  void saysWhatIpSays() throws Exception {
    add("web");
    waitUntilTheyAgree("web");
    batch(
        "web",
        """
        link set lo up
        link add v0 type veth peer name v1
        link set v0 up
        link set v1 up mtu 1400
        link add b0 type bridge
        link set v1 master b0
        link property add dev v0 altname uplink altname a-second-name-longer-than-fifteen
        addr add 10.0.0.1/24 brd + dev v0
        addr add 10.0.1.1 peer 10.0.1.2/32 dev v0 scope link
        addr add fd00::1 peer fd00::2/64 dev b0 nodad
        addr add ::ffff:1.2.3.4/128 dev b0 nodad
        link add i0 type ifb
        """);
    for (String more :
        List.of(
            "link add d0 type dummy",
            "link add link v0 name m0 type macvlan",
            "link add link v0 name v0.5 type vlan id 5",
            "link add o0 type bond",
            "link add r0 type vrf table 7",
            "link add g0 type gre local 10.0.0.1 remote 10.0.0.9",
            "link add s0 type sit local 10.0.0.1 remote 10.0.0.9",
            "tuntap add t0 mode tun")) {
      // Not each kernel has each kind.
      Run.of(("ip -n web " + more).split(" "));
    }
    waitUntilTheyAgree("web");
    assertEquals(
        List.of("uplink", "a-second-name-longer-than-fifteen"),
        named(view("web"), "v0").alternativeNames());
  }

  @Test
  void findsTheOtherEndAndItsBridge() throws Exception {
    addWebAndDb();
    try (HostLinks host = HostLinks.open()) {
      Interface web = named(view("web", host), "eth0");
      Interface db = named(view("db", host), "eth0");
      assertEquals(77, web.index());
      assertEquals(77, db.index());
      assertEquals(Optional.of(here("ve-web", "br-test")), web.peer());
      assertEquals(Optional.of(here("ve-db", "br-test")), db.peer());
    }
  }

  @Test
  void anEndThatIsNoPortHasNoMaster() throws Exception {
    addWebAndDb();
    ip("link", "set", "ve-web", "nomaster");
    assertEquals(Optional.of(here("ve-web", null)), peer("web", "eth0"));
  }

  @Test
  void anEndInAThirdNamespaceIsNotHere() throws Exception {
    addWebAndDb();
    // The number of its other end is that of an end that is here.
    int number = here("ve-web", null).index();
    batch("db", "link add side index " + number + " type veth peer name side netns web\n");
    assertEquals(number, named(view("db"), "side").index());
    assertEquals(Optional.empty(), peer("web", "side"));
    assertEquals(Optional.empty(), peer("db", "side"));
  }

  @Test
  void aPairInsideHasNoEndHere() throws Exception {
    addWebAndDb();
    int number = here("ve-web", null).index();
    batch("web", "link add in1 index " + number + " type veth peer name in0\n");
    assertEquals(number, named(view("web"), "in1").index());
    assertEquals(Optional.empty(), peer("web", "in0"));
    assertEquals(Optional.empty(), peer("web", "in1"));
    assertEquals(Optional.of(here("ve-web", "br-test")), peer("web", "eth0"));
  }

  @Test
  void anInterfaceThatWasMovedHasItsEndWithItsNewNamespace() throws Exception {
    addWebAndDb();
    ip("-n", "db", "link", "delete", "eth0");
    try (HostLinks old = HostLinks.open()) {
      ip("-n", "web", "link", "set", "eth0", "netns", "db");
      NetnsView web = view("web");
      assertEquals(List.of("lo"), web.interfaces().stream().map(Interface::name).toList());
      assertEquals(Optional.of(here("ve-web", "br-test")), peer("db", "eth0"));
      assertEquals(Optional.empty(), named(view("db", old), "eth0").peer());
    }
  }

  @Test
  void aNamespaceHasTheNumberThatItWasGiven() throws Exception {
    add("web");
    assertEquals(OptionalInt.empty(), view("web").nsid());
    ip("netns", "set", "web", "4242");
    assertEquals(OptionalInt.of(4242), view("web").nsid());
  }

  @Test
  void zeroIsANumber() throws Exception {
    add("web");
    ip("netns", "set", "web", "0");
    assertEquals(OptionalInt.of(0), view("web").nsid());
  }

  @Test
  void reachesANamespaceOfAnotherUserNamespace() throws Exception {
    try (Running other =
        Running.start("unshare", "-U", "-r", "-n", "sh", "-c", "echo in; exec sleep 1000000")) {
      other.awaitLine("in");
      String file = "/proc/" + other.pid() + "/ns/net";
      ip(
          "link",
          "add",
          "ve-user",
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          "" + other.pid());
      try (Namespace namespace = Namespace.at(NamespaceType.NET, OsString.of(file));
          HostLinks host = HostLinks.open()) {
        Interface eth0 = named(NetnsView.of(namespace, host), "eth0");
        assertEquals(Optional.of(here("ve-user", null)), eth0.peer());
      }
    }
  }

  @Test
  void ofTheCallersOwnNamespaceNoEndIsElsewhere() throws Exception {
    addWebAndDb();
    try (Namespace own = Namespace.ofThread(NamespaceType.NET);
        HostLinks host = HostLinks.open()) {
      NetnsView view = NetnsView.of(own, host);
      assertEquals(
          links(),
          view.interfaces().stream()
              .map(Interface::name)
              .collect(Collectors.toCollection(TreeSet::new)));
      for (Interface one : view.interfaces()) {
        assertEquals(Optional.empty(), one.peer(), one.name());
      }
    }
  }

  @Test
  void anIdIsNeverUsedAgain() throws Exception {
    Set<Long> seen = new HashSet<>();
    try (Namespace own = Namespace.ofThread(NamespaceType.NET);
        HostLinks host = HostLinks.open()) {
      seen.add(NetnsView.of(own, host).uniqueId().orElseThrow());
    }
    for (int i = 0; i < 20; i++) {
      ip("netns", "add", "again");
      assertTrue(seen.add(view("again").uniqueId().orElseThrow()), seen.toString());
      ip("netns", "delete", "again");
    }
  }

  @Test
  void theSocketTellsTheIdThatTheHandleTells() throws Exception {
    add("web", "db");
    try (Namespace web = namespace("web");
        Namespace db = namespace("db");
        Rtnetlink inWeb = Rtnetlink.open(web);
        Rtnetlink inDb = Rtnetlink.open(db)) {
      assertTrue(inWeb.uniqueId().isPresent());
      assertNotEquals(inWeb.uniqueId(), inDb.uniqueId());
      if (web.uniqueId().isPresent()) { // from Linux 6.18 on
        assertEquals(web.uniqueId(), inWeb.uniqueId());
        assertEquals(db.uniqueId(), inDb.uniqueId());
      }
      assertEquals(inWeb.uniqueId(), view("web").uniqueId());
    }
  }

  @Test
  void listsThousandsOfInterfaces() throws Exception {
    add("many");
    batch(
        "many",
        IntStream.range(0, 3000)
            .mapToObj(i -> "link add i" + i + " type ifb\n")
            .collect(Collectors.joining()));
    NetnsView view = view("many");
    assertEquals(3001, view.interfaces().size());
    waitUntilTheyAgree("many");
  }

  @Test
  void oneInterfaceMayFillMoreThanTheUsualDatagram() throws Exception {
    add("web");
    List<String> names =
        IntStream.range(0, 400).mapToObj(i -> (1000 + i) + "n".repeat(120)).toList();
    StringBuilder lines = new StringBuilder("link add i0 type ifb\n");
    for (String name : names) {
      lines.append("link property add dev i0 altname " + name + "\n");
    }
    batch("web", lines.toString());
    assertEquals(names, named(view("web"), "i0").alternativeNames());
  }

  @Test
  void missesNothingWhileOthersComeAndGo() throws Exception {
    add("many");
    batch(
        "many",
        IntStream.range(0, 300)
            .mapToObj(i -> "link add i" + i + " type ifb\naddr add 10.0.0.1/8 dev i" + i + "\n")
            .collect(Collectors.joining()));
    try (Running others =
        Running.start(
            "sh",
            "-c",
            "while ip -n many link add x type ifb && ip -n many link delete x; do echo; done")) {
      others.awaitLine("");
      for (int i = 0; i < Pace.rounds(100); i++) {
        List<Interface> seen = new ArrayList<>(view("many").interfaces());
        seen.removeIf(one -> !one.name().startsWith("i"));
        assertEquals(300, seen.size());
        for (Interface one : seen) {
          assertEquals(1, one.addresses().size(), one.name());
        }
      }
      assertTrue(others.lives(), others.toString());
    }
  }

  @Test
  void severalThreadsShareTheLinksOfTheHost() throws Exception {
    addWebAndDb();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (HostLinks host = HostLinks.open();
        Namespace web = namespace("web");
        Namespace db = namespace("db")) {
      OptionalInt webs = host.nsid(web);
      OptionalInt dbs = host.nsid(db);
      assertNotEquals(webs, dbs);
      List<Future<?>> results = new ArrayList<>();
      for (int i = 0; i < Pace.rounds(200); i++) {
        results.add(
            threads.submit(
                () -> {
                  for (int j = 0; j < 20; j++) {
                    assertEquals(webs, host.nsid(web));
                    assertEquals(dbs, host.nsid(db));
                  }
                  assertEquals(webs, NetnsView.of(web, host).nsid());
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aCallerThatIsInterruptedLeavesNoSocket() throws Exception {
    add("web");
    int interrupted = 0;
    for (int i = 0; i < 300; i++) {
      CountDownLatch started = new CountDownLatch(1);
      boolean[] gaveUp = new boolean[1];
      Thread caller =
          new Thread(
              () -> {
                try (Namespace web = namespace("web")) {
                  started.countDown();
                  Rtnetlink.open(web).close();
                } catch (InterruptedException e) {
                  gaveUp[0] = true;
                } catch (NamespaceException e) {
                  throw new AssertionError(e);
                }
              });
      caller.start();
      started.await();
      for (long until = System.nanoTime() + i * 1000L; System.nanoTime() < until; ) {
        Thread.onSpinWait();
      }
      caller.interrupt();
      caller.join();
      interrupted += gaveUp[0] ? 1 : 0;
    }
    assertTrue(interrupted > 0);
  }

  @Test
  void showsAHostileNameEscaped() throws Exception {
    add("web");
    ip("-n", "web", "link", "add", "a\u001b[31m", "type", "ifb");
    assertEquals("ifb", named(view("web"), "a\\x1b[31m").kind());
  }

  @Test
  void refusesANamespaceOfAnotherType() throws Exception {
    try (Namespace uts = Namespace.ofThread(NamespaceType.UTS);
        HostLinks host = HostLinks.open()) {
      NamespaceException e = assertThrows(NamespaceException.class, () -> NetnsView.of(uts, host));
      assertEquals("rtnetlink(RTM_GETNSID, " + uts + "): EINVAL: Invalid argument", e.getMessage());
      assertEquals(Optional.of(Errno.EINVAL), e.errno());
    }
  }

  @Test
  void aClosedNamespaceIsNotAsked() throws Exception {
    add("web");
    Namespace closed = namespace("web");
    closed.close();
    try (HostLinks host = HostLinks.open()) {
      assertThrows(IllegalStateException.class, () -> NetnsView.of(closed, host));
    }
  }
}
