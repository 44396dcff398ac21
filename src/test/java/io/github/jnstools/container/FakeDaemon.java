package io.github.jnstools.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A daemon on a socket that answers what it was told to. Whatever it was not told, it does not
 * know, in Docker's words.
 */
final class FakeDaemon implements AutoCloseable {
  private final Path path;
  private final ServerSocketChannel server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, Answer> starts = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();
  private Thread acceptor;
  private volatile int atOnce = 1;

  /** How to answer one request. */
  interface Answer {
    void write(SocketChannel connection) throws IOException, InterruptedException;
  }

  private FakeDaemon(Path path, ServerSocketChannel server) {
    this.path = path;
    this.server = server;
  }

  static FakeDaemon start(Path path) throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    FakeDaemon daemon = new FakeDaemon(path, server);
    daemon.acceptor = start(daemon::accept);
    return daemon;
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "fake-daemon");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** A file that a real engine has answered, whole. */
  static String captured(String name) throws IOException {
    try (var in = FakeDaemon.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String withLength(int status, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "HTTP/1.1 " + status + " Text\r\nContent-Length: " + length + "\r\n\r\n" + body;
  }

  /** In chunks of so many bytes. */
  static String chunked(String body, int size) {
    StringBuilder answer =
        new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i += size) {
      int count = Math.min(size, bytes.length - i);
      String chunk = new String(bytes, i, count, StandardCharsets.ISO_8859_1);
      answer.append(Integer.toHexString(count)).append("\r\n").append(chunk).append("\r\n");
    }
    return answer.append("0\r\n\r\n").toString();
  }

  static void send(SocketChannel connection, String latin1) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }

  String path() {
    return path.toString();
  }

  /** What was asked for, in order. */
  List<String> asked() {
    return asked;
  }

  int connections() {
    return connections.size();
  }

  long open() {
    return connections.stream().filter(SocketChannel::isOpen).count();
  }

  /** Answers nothing before so many requests have come. */
  FakeDaemon atOnce(int requests) {
    atOnce = requests;
    return this;
  }

  FakeDaemon on(String target, Answer answer) {
    answers.put(target, answer);
    return this;
  }

  /** For all targets that start so. */
  FakeDaemon onAll(String start, Answer answer) {
    starts.put(start, answer);
    return this;
  }

  FakeDaemon raw(String target, String answer) {
    return on(target, connection -> send(connection, answer));
  }

  FakeDaemon json(String target, String body) {
    byte[] utf8 = withLength(200, body).getBytes(StandardCharsets.UTF_8);
    return raw(target, new String(utf8, StandardCharsets.ISO_8859_1));
  }

  FakeDaemon file(String target, String name) throws IOException {
    return json(target, captured(name));
  }

  /** Closes the connection after this. */
  FakeDaemon last(String target, String answer) {
    return on(
        target,
        connection -> {
          send(connection, answer);
          connection.close();
        });
  }

  /** Answers something and then nothing more, with the connection open. */
  FakeDaemon hang(String target, String start) {
    return on(
        target,
        connection -> {
          send(connection, start);
          Thread.sleep(Long.MAX_VALUE);
        });
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        connections.add(connection);
        start(() -> serve(connection));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      List<String> waiting = new ArrayList<>();
      for (String target = read(connection); target != null; target = read(connection)) {
        asked.add(target);
        waiting.add(target);
        if (waiting.size() >= atOnce) {
          for (String one : waiting) {
            answer(one).write(connection);
          }
          waiting.clear();
        }
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, or this has been closed.
    }
  }

  private Answer answer(String target) throws IOException {
    Answer answer = answers.get(target);
    for (Map.Entry<String, Answer> start : starts.entrySet()) {
      if (answer == null && target.startsWith(start.getKey())) {
        answer = start.getValue();
      }
    }
    String unknown = withLength(404, captured("docker-20.10.24-not-found.json"));
    return answer == null ? connection -> send(connection, unknown) : answer;
  }

  /** The target of the next request; null at the end. */
  private static String read(SocketChannel connection) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (!request.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      if (connection.read(one.clear()) < 0) {
        return null;
      }
      request.write(one.get(0));
    }
    return request.toString(StandardCharsets.ISO_8859_1).split(" ")[1];
  }

  /** Ends all connections and leaves the socket where it is. */
  @Override
  public void close() throws IOException {
    server.close();
    // The kernel listens for as long as a thread accepts.
    while (acceptor.isAlive()) {
      Thread.onSpinWait();
    }
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }
}
