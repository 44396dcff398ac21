package io.github.jnstools.container;

import static io.github.jnstools.container.FakeDaemon.captured;
import static io.github.jnstools.container.FakeDaemon.chunked;
import static io.github.jnstools.container.FakeDaemon.send;
import static io.github.jnstools.container.FakeDaemon.withLength;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixHttpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration IMPATIENCE = Duration.ofMillis(50);

  @TempDir Path directory;
  private FakeDaemon daemon;
  private UnixHttp http;

  @BeforeEach
  void start() throws IOException {
    daemon = FakeDaemon.start(directory.resolve("socket"));
    http = new UnixHttp(daemon.path(), PATIENCE);
  }

  @AfterEach
  void end() throws IOException {
    http.close();
    daemon.close();
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static List<String> targets(int count) {
    return IntStream.range(0, count).mapToObj(i -> "/" + i).toList();
  }

  private NamespaceException refused() {
    return assertThrows(NamespaceException.class, () -> http.get("/a"));
  }

  private void assertRefused(String answer, String reason) {
    daemon.last("/a", answer);
    assertEquals("get(" + daemon.path() + ", /a): " + reason, refused().getMessage());
  }

  @Test
  void readsABodyOfAKnownLength() throws IOException {
    daemon.json("/a", "{\"a\":\"\u00e9\"}");
    Reply reply = http.get("/a");
    assertEquals(200, reply.status());
    assertEquals("{\"a\":\"\u00e9\"}", text(reply));
    assertEquals("\u00e9", reply.object().getString("a"));
  }

  @Test
  void readsABodyInChunksOfAnySize() throws IOException {
    String body = captured("docker-20.10.24-list-all.json");
    for (int size : List.of(1, 7, 4096, 100_000)) {
      daemon.raw("/a", chunked(body, size));
      assertEquals(body, text(http.get("/a")), "" + size);
    }
    assertEquals(1, daemon.connections());
  }

  @Test
  void readsChunksAsDockerSendsThem() throws IOException {
    daemon.raw("/a", captured("docker-20.10.24-list.http"));
    daemon.raw("/b", captured("docker-20.10.24-inspect-web.http"));
    assertEquals(captured("docker-20.10.24-list.json"), text(http.get("/a")));
    assertEquals(captured("docker-20.10.24-inspect-web.json"), text(http.get("/b")));
  }

  @Test
  void readsWhatMayFollowTheSizeOfAChunkAndTheLastOne() throws IOException {
    daemon.raw(
        "/a",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n"
            + "3;name=value\r\nabc\r\n00A \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
    assertEquals("abc0123456789", text(http.get("/a")));
    assertEquals("abc0123456789", text(http.get("/a")));
  }

  @Test
  void believesTheChunksRatherThanALength() throws IOException {
    String chunks = "Transfer-Encoding: chunked\r\n";
    String length = "Content-Length: 5\r\n";
    for (String fields : List.of(chunks + length, length + chunks)) {
      daemon.raw("/a", "HTTP/1.1 200 OK\r\n" + fields + "\r\n3\r\nabc\r\n0\r\n\r\n");
      assertEquals("abc", text(http.get("/a")));
    }
  }

  @Test
  void readsABodyToTheEndOfTheConnection() throws IOException {
    daemon.last("/a", "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nabc");
    daemon.last("/b", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndef");
    assertEquals(List.of("abc", "def", "abc"), bodies(List.of("/a", "/b", "/a")));
    assertEquals(3, daemon.connections());
  }

  @Test
  void readsNoBodyWhereThereIsNone() throws IOException {
    daemon.raw("/a", "HTTP/1.1 204 No Content\r\n\r\n");
    daemon.raw("/b", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
    daemon.json("/c", "{}");
    assertEquals(List.of("", "", "{}"), bodies(List.of("/a", "/b", "/c")));
  }

  private List<String> bodies(List<String> targets) throws IOException {
    return http.getAll(targets).stream().map(UnixHttpTest::text).toList();
  }

  @Test
  void skipsInformation() throws IOException {
    daemon.raw("/a", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + withLength(200, "abc"));
    assertEquals("abc", text(http.get("/a")));
  }

  @Test
  void asksManyThingsBeforeTheFirstAnswer() throws IOException {
    daemon.atOnce(64);
    targets(64).forEach(target -> daemon.json(target, target));
    assertEquals(targets(64), bodies(targets(64)));
    assertEquals(1, daemon.connections());
  }

  @Test
  void asksNotSoManyThingsThatBothSidesWait() throws IOException {
    // More than what the kernel takes from a writer whom nobody reads.
    String body = "x".repeat(50_000);
    targets(300).forEach(target -> daemon.json(target, body + target));
    List<String> expected = targets(300).stream().map(target -> body + target).toList();
    assertEquals(expected, bodies(targets(300)));
    assertEquals(1, daemon.connections());
  }

  @Test
  void connectsAgainIfTheDaemonSaysThatItCloses() throws IOException {
    targets(100).forEach(target -> daemon.json(target, target));
    String close = "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\n/7";
    daemon.last("/7", close);
    assertEquals(targets(100), bodies(targets(100)));
    assertEquals(2, daemon.connections());
    assertEquals("/7", text(http.get("/7")));
    assertEquals("/8", text(http.get("/8")));
  }

  @Test
  void connectsAgainIfTheDaemonClosesBetweenTwoAnswers() throws IOException {
    targets(100).forEach(target -> daemon.json(target, target));
    daemon.last("/7", withLength(200, "/7"));
    assertEquals(targets(100), bodies(targets(100)));
    assertEquals(2, daemon.connections());
  }

  @Test
  void connectsAgainIfTheDaemonHasClosedMeanwhile() throws Exception {
    daemon.last("/a", withLength(200, "abc"));
    assertEquals("abc", text(http.get("/a")));
    while (daemon.open() > 0) {
      Thread.onSpinWait();
    }
    assertEquals("abc", text(http.get("/a")));
    assertEquals(2, daemon.connections());
  }

  @Test
  void givesUpIfTheDaemonClosesInsteadOfAnyAnswer() {
    assertRefused("", "the connection ended without an answer");
    assertEquals(1, daemon.connections());
  }

  @Test
  void givesUpIfTheConnectionEndsInTheMiddle() {
    String ended = "the connection ended in the middle of the answer";
    assertRefused("HTTP/1.1 2", ended);
    assertRefused("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", ended);
    assertRefused("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", ended);
    assertRefused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", ended);
    assertRefused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", ended);
    assertRefused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", ended);
  }

  @Test
  void refusesWhatIsNotHttp() {
    String senseless = "an answer that makes no sense: ";
    String head = "HTTP/1.1 200 OK\r\n";
    assertRefused("220 mail.example ESMTP\r\n", senseless + "it does not speak HTTP");
    assertRefused("HTTP/1.1 2x0 OK\r\n\r\n", senseless + "not a number: 2x0");
    assertRefused(head + "nothing\r\n\r\n", senseless + "a header line without a name");
    assertRefused(head + "Content-Length: -1\r\n\r\n", senseless + "not a number: -1");
    assertRefused(head + "Content-Length: \033[2J\r\n\r\n", senseless + "not a number: \\x1b[2J");
    assertRefused(
        head + "Transfer-Encoding: gzip, chunked\r\n\r\n",
        senseless + "its body is encoded otherwise than in chunks");
    String chunks = head + "Transfer-Encoding: chunked\r\n\r\n";
    assertRefused(chunks + "xyz\r\n", senseless + "not a number: xyz");
    assertRefused(chunks + "3\r\nabcd\r\n0\r\n\r\n", senseless + "a chunk is longer than it says");
  }

  @Test
  void readsNoMoreThanALimit() {
    String senseless = "an answer that makes no sense: ";
    String head = "HTTP/1.1 200 OK\r\n";
    String header = senseless + "its header is over 65536 bytes";
    assertRefused(head + "A: " + "x".repeat(70_000) + "\r\n\r\n", header);
    assertRefused(head + "A: x\r\n".repeat(20_000) + "\r\n", header);
    String body = senseless + "its body is over 67108864 bytes";
    assertRefused(head + "Content-Length: 67108865\r\n\r\n", body);
    daemon.on("/a", UnixHttpTest::sendTooMuch);
    assertEquals("get(" + daemon.path() + ", /a): " + body, refused().getMessage());
  }

  private static void sendTooMuch(SocketChannel connection) throws IOException {
    send(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    String chunk = "100000\r\n" + "x".repeat(0x100000) + "\r\n";
    while (true) {
      send(connection, chunk);
    }
  }

  @Test
  void givesUpOnADaemonThatNeverAnswers() {
    http = new UnixHttp(daemon.path(), IMPATIENCE);
    for (String start :
        List.of("", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n")) {
      daemon.hang("/a", start);
      NamespaceException refused = refused();
      assertEquals("read(" + daemon.path() + "): no answer for 0.05 s", refused.getMessage());
      assertTrue(refused.hint().isPresent());
    }
  }

  @Test
  void givesUpOnADaemonThatNeverReads() throws IOException {
    http = new UnixHttp(daemon.path(), IMPATIENCE);
    daemon.hang("/a", "");
    String endless = "/" + "x".repeat(1 << 20);
    NamespaceException refused =
        assertThrows(NamespaceException.class, () -> http.getAll(List.of("/a", endless)));
    assertEquals("write(" + daemon.path() + "): no answer for 0.05 s", refused.getMessage());
  }

  @Test
  void givesUpOnADaemonThatNeverAccepts() throws IOException {
    Path path = directory.resolve("deaf");
    try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      deaf.bind(UnixDomainSocketAddress.of(path), 1);
      String connected = "read(" + path + "): no answer for 0.05 s";
      String message = connected;
      for (int i = 0; i < 10 && message.equals(connected); i++) {
        http = new UnixHttp(path.toString(), IMPATIENCE);
        message = refused().getMessage();
        http.close();
      }
      assertEquals("connect(" + path + "): no answer for 0.05 s", message);
    }
  }

  @Test
  void isPatientWithADaemonThatIsSlow() throws IOException {
    daemon.on(
        "/a",
        connection -> {
          for (char c : withLength(200, "slowly").toCharArray()) {
            send(connection, "" + c);
            Thread.sleep(1);
          }
        });
    assertEquals("slowly", text(http.get("/a")));
  }

  @Test
  void streamsWhatComesAsItComes() throws Exception {
    http = new UnixHttp(daemon.path(), IMPATIENCE);
    daemon.on(
        "/a",
        connection -> {
          send(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
          Thread.sleep(4 * IMPATIENCE.toMillis());
          send(connection, "2\r\nb\n\r\n0\r\n\r\n");
        });
    InputStream in = http.stream("/a");
    assertEquals("a\nb\n", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    assertEquals(-1, in.read());
  }

  @Test
  void streamsOnlyWhatWasAskedFor() {
    daemon.raw("/a", withLength(403, "{\"message\":\"no\\nway\"}"));
    NamespaceException refused =
        assertThrows(NamespaceException.class, () -> http.stream("/a").close());
    assertEquals(
        "get(" + daemon.path() + ", /a): HTTP status 403: no\\x0away", refused.getMessage());
    daemon.last("/b", "");
    refused = assertThrows(NamespaceException.class, () -> http.stream("/b").close());
    assertTrue(refused.getMessage().endsWith("without an answer"), refused.getMessage());
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    http = new UnixHttp(directory.resolve("nobody").toString(), PATIENCE);
    assertEquals(Optional.of(Errno.ENOENT), refused().errno());
    daemon.close();
    http = new UnixHttp(daemon.path(), PATIENCE);
    NamespaceException refused = refused();
    assertEquals(
        "connect(" + daemon.path() + "): ECONNREFUSED: Connection refused", refused.getMessage());
    assertEquals(
        Optional.of("the daemon that made the socket has ended; start it"), refused.hint());
  }

  @Test
  void saysThatAPathIsTooLong() throws IOException {
    Path deep = Files.createDirectories(directory.resolve("d".repeat(120)));
    Path file = Files.createFile(deep.resolve("socket"));
    http = new UnixHttp(file.toString(), PATIENCE);
    assertTrue(refused().getMessage().contains("too long"), refused().getMessage());
  }

  @Test
  void isInterruptible() throws Exception {
    daemon.hang("/a", "");
    List<NamespaceException> thrown = new ArrayList<>();
    Thread thread = new Thread(() -> thrown.add(refused()));
    thread.start();
    while (daemon.asked().isEmpty()) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join();
    assertEquals("read(" + daemon.path() + "): interrupted", thrown.get(0).getMessage());
  }

  @Test
  void isEndedByAnotherThread() throws Exception {
    http = new UnixHttp(daemon.path(), IMPATIENCE);
    daemon.hang("/a", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
    InputStream in = http.stream("/a");
    assertEquals("a\n", new String(in.readNBytes(2), StandardCharsets.US_ASCII));
    Thread other = new Thread(http::shutdown);
    other.start();
    assertThrows(NamespaceException.class, in::read);
    other.join();
    http.close();
    http.shutdown();
  }

  @Test
  void encodesWhateverCouldMeanSomething() {
    assertEquals("web_1", UnixHttp.encode("web_1"));
    assertEquals("%2e%2e%2f%20%3f%23%25%0d%0a%c3%a9", UnixHttp.encode("../ ?#%\r\n\u00e9"));
  }
}
