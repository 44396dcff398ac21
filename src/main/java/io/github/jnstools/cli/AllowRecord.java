package io.github.jnstools.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonSink;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.firewall.HostRules;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.MalformedException;
import io.github.jnstools.firewall.UserChain;
import io.github.jnstools.firewall.UserChainPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What {@code jdocknet allow} wrote last, and what became of it.
 *
 * @param id of the write
 * @param state whether it stays
 * @param note why it is in that state, for a person; empty if there is nothing to say
 * @param chains what it changed; it is recorded before it is done, and may never have been
 * @param previous what the write before it changed
 */
record AllowRecord(
    String id, State state, String note, List<Changed> chains, List<Changed> previous) {

  /** What becomes of a write. */
  enum State {
    /** It is taken back unless somebody confirms it in time. */
    WAITS,
    /** It stays. */
    KEPT,
    /** Nobody confirmed it, and it was taken back. */
    REVERTED,
    /** Nobody confirmed it, and it could not be taken back, or not all of it. */
    LEFT
  }

  /** A chain as it was before a write, and as the write made it. */
  record Changed(UserChain before, UserChain after) {
    IpFamily family() {
      return after.family();
    }

    /** Whether the write is what stands. */
    boolean isDone(Optional<UserChain> now) {
      return after.isSameAs(now);
    }

    /** Whether the chain is as if there had been no such write. */
    boolean isUndone(Optional<UserChain> now) {
      return before.isSameAs(now);
    }

    private void write(JsonSink<?> json) {
      json.object()
          .value("family", family().word())
          .value("before", before.restoreText())
          .value("after", after.restoreText())
          .end();
    }
  }

  AllowRecord {
    chains = List.copyOf(chains);
    previous = List.copyOf(previous);
  }

  /** Of a write that comes after another. */
  static AllowRecord of(
      State state,
      Optional<AllowRecord> earlier,
      UserChainPlan plan,
      SortedMap<IpFamily, UserChain> after) {
    List<Changed> chains = new ArrayList<>();
    after.forEach((family, chain) -> chains.add(new Changed(plan.before(family), chain)));
    return new AllowRecord(
        ProcessHandle.current().pid() + "-" + System.nanoTime(),
        state,
        "",
        chains,
        earlier.map(one -> one.standing(plan.firewall().rules())).orElse(List.of()));
  }

  /**
   * The last write that can be seen in the rules, in whichever state; empty if there is none. One
   * that was ended before it changed anything cannot.
   */
  List<Changed> standing(HostRules rules) {
    for (List<Changed> write : List.of(chains, previous)) {
      for (Changed chain : write) {
        if (!chain.isUndone(UserChain.of(rules, chain.family()))) {
          return write;
        }
      }
    }
    return List.of();
  }

  /** As if there had been no such write. */
  AllowRecord reverted() {
    return new AllowRecord(id, State.REVERTED, "", previous, List.of());
  }

  /** The same in another state. */
  AllowRecord with(State state, String note) {
    return new AllowRecord(id, state, note, chains, previous);
  }

  String json() {
    JsonStringWriter json = JsonWriter.indent("  ").string().object();
    json.value("id", id).value("state", state.name()).value("note", note).array("chains");
    chains.forEach(chain -> chain.write(json));
    json.end().array("previous");
    previous.forEach(chain -> chain.write(json));
    return json.end().end().done() + "\n";
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IOException if it is nothing like it
   */
  static AllowRecord parse(String text) throws IOException {
    try {
      JsonObject json = JsonParser.object().from(text);
      return new AllowRecord(
          json.getString("id", ""),
          State.valueOf(json.getString("state", "")),
          json.getString("note", ""),
          chains(json.getArray("chains", new JsonArray())),
          chains(json.getArray("previous", new JsonArray())));
    } catch (JsonParserException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static List<Changed> chains(JsonArray array) throws MalformedException {
    List<Changed> chains = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      JsonObject each = array.getObject(i, new JsonObject());
      IpFamily family =
          each.getString("family", "").equals(IpFamily.IPV4.word()) ? IpFamily.IPV4 : IpFamily.IPV6;
      chains.add(new Changed(chain(each, family, "before"), chain(each, family, "after")));
    }
    return chains;
  }

  private static UserChain chain(JsonObject json, IpFamily family, String key)
      throws MalformedException {
    return UserChain.parse(family, json.getString(key, ""))
        .orElseThrow(() -> new IllegalArgumentException("no chain " + key));
  }
}
