package io.github.jnstools.netns;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the kernel answered in one network namespace to RTM_GETLINK and RTM_GETADDR, datagram after
 * datagram on x86-64, and what {@code ip -d -j addr} of iproute2 6.1 printed at that moment.
 *
 * <p>Seen from {@code host}, {@code web} and {@code db} are two namespaces on a bridge, each with
 * an eth0 of the same number; one more pair is between these two. {@code plain} has a loopback that
 * is down, {@code kinds} one interface of each kind that the kernel had.
 */
enum Captured {
  PLAIN_6_1("plain", "6.1.0"),
  WEB_6_1("web", "6.1.0"),
  DB_6_1("db", "6.1.0"),
  HOST_6_1("host", "6.1.0"),
  KINDS_6_1("kinds", "6.1.0"),
  PLAIN_6_18("plain", "6.18.44"),
  WEB_6_18("web", "6.18.44"),
  DB_6_18("db", "6.18.44"),
  HOST_6_18("host", "6.18.44"),
  KINDS_6_18("kinds", "6.18.44");

  /** The number of the request that was answered. */
  static final int SEQUENCE = 1;

  private final String name;
  private final String kernel;

  Captured(String name, String kernel) {
    this.name = name;
    this.kernel = kernel;
  }

  ByteBuffer links() throws IOException {
    return answer(bytes("links-" + kernel + ".bin"));
  }

  ByteBuffer addresses() throws IOException {
    return answer(bytes("addresses-" + kernel + ".bin"));
  }

  /** The interfaces that ip(8) showed, by their numbers. */
  Map<Integer, Shown> shown() throws Exception {
    String text = new String(bytes(kernel + ".json"), StandardCharsets.UTF_8);
    Map<Integer, Shown> interfaces = new TreeMap<>();
    for (Object json : JsonParser.array().from(text)) {
      Shown shown = new Shown((JsonObject) json);
      interfaces.put(shown.index(), shown);
    }
    return interfaces;
  }

  private byte[] bytes(String rest) throws IOException {
    try (InputStream in = Captured.class.getResourceAsStream(name + "-" + rest)) {
      return in.readAllBytes();
    }
  }

  static ByteBuffer answer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static List<Message> messages(ByteBuffer bytes) {
    Answer answer = new Answer(SEQUENCE);
    answer.add(bytes);
    return answer.messages();
  }
}
