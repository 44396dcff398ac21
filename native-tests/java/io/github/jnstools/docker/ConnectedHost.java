package io.github.jnstools.docker;

import io.github.jnstools.NamespaceType;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.NamespaceThread;
import io.github.jnstools.enter.Target;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.NamedNet;
import io.github.jnstools.harness.Run;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A Docker host with networks of all kinds, containers that listen on them, and a client behind an
 * interface of its own, whose packets the host forwards.
 */
final class ConnectedHost implements AutoCloseable {
  /** The client. */
  static final String OUTSIDE = "203.0.113.2";

  /** The host, as the client knows it. */
  static final String HOST = "203.0.113.1";

  /** The containers, by their networks. */
  static final Map<String, List<String>> CONTAINERS =
      Map.of(
          "bridge", List.of("second", "web", "many"),
          "net1", List.of("other", "api"),
          "int1", List.of("hidden2", "hidden"),
          "noicc", List.of("shy", "shy2"));

  private static final List<Integer> PORTS = List.of(80, 443, 5432, 9000, 9001);
  private static final int DATAGRAMS = 53;
  private static final int PATIENCE = 800;
  // Who should be reachable is waited for: the machine may have much to do.
  private static final int MUCH_PATIENCE = 20_000;

  private final DockerEngine engine;
  private final List<Closeable> servers = new ArrayList<>();
  private NamedNet outside;

  private ConnectedHost(DockerEngine engine) {
    this.engine = engine;
  }

  /**
   * Starts all.
   *
   * @param image an empty directory, to make the containers' files in
   * @param options of the daemon
   */
  static ConnectedHost start(Path image, String... options) throws Exception {
    ConnectedHost host = new ConnectedHost(DockerEngine.startDaemon(options));
    try {
      host.startClient();
      host.startContainers(image);
      return host;
    } catch (Throwable e) {
      host.close();
      throw e;
    }
  }

  private void startClient() throws Exception {
    outside = NamedNet.add("outside");
    ip("-n", "outside", "link", "set", "jns1", "netns", "" + ProcessHandle.current().pid());
    for (String command :
        List.of(
            "-n outside addr add 203.0.113.2/24 dev jns0",
            "-n outside addr add fd00:203::2/64 dev jns0 nodad",
            "-n outside link set jns0 up",
            "addr add 203.0.113.1/24 dev jns1",
            "addr add fd00:203::1/64 dev jns1 nodad",
            "link set jns1 up",
            "-n outside route add default via 203.0.113.1",
            "-n outside -6 route add default via fd00:203::1")) {
      ip(command.split(" "));
    }
  }

  private void startContainers(Path image) throws Exception {
    engine.load(Container.fill(image), "busybox");
    network("net1");
    network("int1", "--internal");
    network("noicc", "-o", "com.docker.network.bridge.enable_icc=false");
    start("web", "bridge", "-p", "8080:80");
    start("second", "bridge");
    start("many", "bridge", "-p", "9000-9001:9000-9001", "-p", "5353:53/udp");
    start("api", "net1", "-p", "8443:443", "-p", "127.0.0.1:5432:5432", "-p", HOST + ":8444:443");
    start("other", "net1");
    start("hidden", "int1", "-p", "8082:80");
    start("hidden2", "int1");
    start("shy", "noicc", "-p", "8081:80");
    start("shy2", "noicc");
    for (List<String> containers : CONTAINERS.values()) {
      for (String container : containers) {
        for (int port : PORTS) {
          serve(inside(container, () -> new ServerSocket(port)));
        }
        serve(inside(container, () -> new DatagramSocket(DATAGRAMS)));
      }
    }
  }

  private void network(String name, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("network", "create"));
    command.addAll(List.of(options));
    command.add(name);
    engine.run(command.toArray(new String[0])).mustSucceed();
  }

  private void start(String name, String network, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("--name", name, "--network", network));
    command.addAll(List.of(options));
    command.addAll(List.of("busybox", "/bin/sleep", "1000"));
    engine.start(command.toArray(new String[0]));
  }

  private static void ip(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Run.of("", Map.of(), command).mustSucceed();
  }

  /** Gives each who connects one byte: docker-proxy takes connections that lead nowhere. */
  private void serve(ServerSocket server) {
    servers.add(server);
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  try (Socket client = server.accept()) {
                    client.getOutputStream().write('x');
                  }
                }
              } catch (IOException e) {
                // It is closed.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Sends each datagram back. */
  private void serve(DatagramSocket server) {
    servers.add(server);
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  DatagramPacket packet = new DatagramPacket(new byte[16], 16);
                  server.receive(packet);
                  server.send(packet);
                }
              } catch (IOException e) {
                // It is closed.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  DockerEngine engine() {
    return engine;
  }

  /** Does something in the network namespace of a container, of the client, or of this host. */
  <T> T inside(String name, Callable<T> task) throws Exception {
    if (name.equals("host")) {
      return task.call();
    }
    if (name.equals(OUTSIDE)) {
      try (NamespaceSet set = NamespaceSet.of(outside.open())) {
        return NamespaceThread.call(set, task);
      }
    }
    try (Target target = Target.of((int) engine.pid(name));
        NamespaceSet set = NamespaceSet.of(target.namespace(NamespaceType.NET))) {
      return NamespaceThread.call(set, task);
    }
  }

  /**
   * What becomes of a real connection: {@code reachable}, {@code blocked}, {@code refused}.
   *
   * @param told what should become of it
   */
  String connect(String from, String protocol, String address, int port, String told)
      throws Exception {
    int patience = told.equals("reachable") ? MUCH_PATIENCE : PATIENCE;
    return inside(
        from,
        () ->
            protocol.equals("udp")
                ? datagram(address, port, patience)
                : stream(address, port, patience));
  }

  private static String stream(String address, int port, int patience) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), patience);
      socket.setSoTimeout(patience);
      return socket.getInputStream().read() == 'x' ? "reachable" : "blocked";
    } catch (ConnectException e) {
      return e.getMessage().contains("refused") ? "refused" : "blocked";
    } catch (SocketTimeoutException | NoRouteToHostException e) {
      return "blocked";
    } catch (SocketException e) {
      return "blocked"; // docker-proxy resets what leads nowhere
    }
  }

  private static String datagram(String address, int port, int patience) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(address, port));
      socket.setSoTimeout(patience);
      socket.send(new DatagramPacket(new byte[] {'x'}, 1));
      socket.receive(new DatagramPacket(new byte[16], 16));
      return "reachable";
    } catch (PortUnreachableException e) {
      return "refused";
    } catch (SocketTimeoutException e) {
      return "blocked";
    } catch (IOException e) {
      return "blocked"; // no route, or it was filtered with an answer
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable server : servers) {
      server.close();
    }
    if (outside != null) {
      outside.close();
    }
    engine.close();
  }
}
