package io.github.jnstools.container;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.github.jnstools.container.ContainerEvent.Kind;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows one engine until it is interrupted: by the engine's own events, and by looking again and
 * again while there are none.
 */
final class Watcher extends Thread {
  private static final long FIRST_PAUSE = 200;
  private static final long LONGEST_PAUSE = 5000;

  /** Labels are in events, too, and have no limit of their own. */
  private static final int LINE_LIMIT = 4 << 20;

  private final FirstOf engine;
  private final ContainerEvents events;
  private final long poll;

  /** The connection with the engine's events; null while there is none. */
  private volatile UnixHttp stream;

  /** What ran at the last look, by id; null if the engine could not be looked at. */
  private Map<String, Known> last;

  Watcher(FirstOf engine, ContainerEvents events, Duration poll) {
    super(null, null, "jnstools-events-" + engine.name(), 0, false);
    this.engine = engine;
    this.events = events;
    this.poll = poll.toMillis();
    setDaemon(true);
  }

  /** Ends it, also where it waits for an engine that has nothing to tell. */
  @Override
  public void interrupt() {
    super.interrupt();
    UnixHttp now = stream;
    if (now != null) {
      now.shutdown();
    }
  }

  @Override
  public void run() {
    EngineApi api = engine.api().orElse(null);
    long pause = FIRST_PAUSE;
    long retry = System.nanoTime();
    try {
      while (!isInterrupted()) {
        if (api != null && System.nanoTime() - retry >= 0) {
          pause = api.present() && follow(api) ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
          retry = System.nanoTime() + pause * 1_000_000;
        }
        look();
        sleep(api == null ? poll : Math.min(poll, pause));
      }
    } catch (InterruptedException e) {
      // That is how it ends.
    }
  }

  /** Passes the engine's events on until the connection ends; false if there was none. */
  private boolean follow(EngineApi api) {
    boolean connected = false;
    try (UnixHttp http = api.connect()) {
      stream = http;
      // The daemon answers a moment before it listens to its own events.
      InputStream in = new BufferedInputStream(http.stream(api.events(System.currentTimeMillis())));
      connected = true;
      add(Kind.CONNECTED);
      for (String line = line(in); line != null; line = line(in)) {
        pass(JsonParser.object().from(line));
      }
    } catch (IOException | JsonParserException | StackOverflowError e) {
      // It is tried again, and whoever is told of the loss looks for himself.
    } finally {
      stream = null;
    }
    if (connected) {
      add(Kind.LOST);
      last = null;
    }
    return connected;
  }

  /** The next line; null at the end, or if this is to end. */
  private String line(InputStream in) throws IOException {
    if (isInterrupted()) {
      return null; // who has interrupted may not have seen the connection
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() > LINE_LIMIT) {
        return null;
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  private void pass(JsonObject event) {
    Kind kind =
        switch (event.getString("Action", "")) {
          case "start" -> Kind.STARTED;
          case "die", "died" -> Kind.DIED;
          case "rename" -> Kind.RENAMED;
          case "destroy", "remove" -> Kind.REMOVED;
          default -> null;
        };
    JsonObject actor = event.getObject("Actor", new JsonObject());
    String id = actor.getString("ID");
    if (kind != null && id != null) {
      JsonObject attributes = actor.getObject("Attributes", new JsonObject());
      add(kind, id, attributes.getString("name", id));
    }
  }

  /** Tells what is otherwise than at the last look. */
  private void look() {
    FirstOf.Answer answer = engine.running();
    if (!answer.answered()) {
      if (last != null) {
        add(Kind.LOST);
      }
      last = null;
      return;
    }
    Map<String, Known> now = new HashMap<>();
    for (Known known : answer.known()) {
      now.put(known.id(), known);
    }
    if (last == null) {
      add(Kind.CONNECTED);
    } else {
      compare(last, now);
    }
    last = now;
  }

  private void compare(Map<String, Known> before, Map<String, Known> now) {
    for (Known old : before.values()) {
      Known same = now.get(old.id());
      if (same == null || !isSameRun(old, same)) {
        add(Kind.DIED, old.id(), old.name());
      } else if (!same.name().equals(old.name())) {
        add(Kind.RENAMED, same.id(), same.name());
      }
    }
    for (Known known : now.values()) {
      Known old = before.get(known.id());
      if (old == null || !isSameRun(old, known)) {
        add(Kind.STARTED, known.id(), known.name());
      }
    }
  }

  private static boolean isSameRun(Known one, Known other) {
    return one.pid() == other.pid() && one.recordedStart().equals(other.recordedStart());
  }

  private void add(Kind kind) {
    add(kind, "", engine.where());
  }

  private void add(Kind kind, String id, String name) {
    events.add(new ContainerEvent(kind, engine.name(), id, name));
  }
}
