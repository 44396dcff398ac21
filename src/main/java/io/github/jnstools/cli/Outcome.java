package io.github.jnstools.cli;

import com.grack.nanojson.JsonSink;
import io.github.jnstools.OsString;
import io.github.jnstools.netns.OwnerMark;

/**
 * What was done, or not, about one entry or one container; or what became of an engine.
 *
 * @param action what
 * @param name the entry's name, or the engine's
 * @param owner whose it is; null if unknown
 * @param detail why, or what of it; "" for nothing
 */
record Outcome(Action action, OsString name, OwnerMark owner, String detail) {

  /** What may be done about an entry. */
  enum Action {
    LINKED("linked"),
    ATTACHED("attached"),
    RELINKED("relinked"),
    UNCHANGED("unchanged"),
    SHARED("shared"),
    SKIPPED("skipped"),
    REMOVED("removed"),
    REMOVABLE("removable"),
    CONNECTED("connected"),
    LOST("lost");

    private final String word;

    Action(String word) {
      this.word = word;
    }
  }

  /** For people: {@code linked web (docker:web): process 2936}. */
  String text() {
    return action.word
        + " "
        + name
        + (owner == null ? "" : " (" + owner.reference() + ")")
        + (detail.isEmpty() ? "" : ": " + detail);
  }

  /** Writes the members of its object. */
  void write(JsonSink<?> json) {
    json.value("action", action.word).value("name", name.toString());
    if (owner == null) {
      json.nul("container").nul("id").nul("pid");
    } else {
      json.value("container", owner.reference()).value("id", owner.id()).value("pid", owner.pid());
    }
    json.value("detail", detail);
  }
}
