package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.OsString;
import io.github.jnstools.cli.Outcome.Action;
import io.github.jnstools.netns.OwnerMark;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static final OwnerMark OWNER = new OwnerMark("containerd", "k8s.io", "0a", "web", 77, 8);

  private static JsonObject json(Outcome outcome) throws JsonParserException {
    JsonStringWriter json = JsonWriter.string().object();
    outcome.write(json);
    return JsonParser.object().from(json.end().done());
  }

  @Test
  void tellsPeopleInOneLine() {
    OsString name = OsString.of("web");
    assertEquals(
        "linked web (containerd:k8s.io/web): process 77",
        new Outcome(Action.LINKED, name, OWNER, "process 77").text());
    assertEquals("removed web", new Outcome(Action.REMOVED, name, null, "").text());
    assertEquals("skipped web: why", new Outcome(Action.SKIPPED, name, null, "why").text());
  }

  @Test
  void tellsProgramsAllThatIsKnown() throws JsonParserException {
    Outcome outcome = new Outcome(Action.LINKED, OsString.of("web"), OWNER, "process 77");
    assertEquals(
        Map.of(
            "action", "linked",
            "name", "web",
            "container", "containerd:k8s.io/web",
            "id", "0a",
            "pid", 77,
            "detail", "process 77"),
        json(outcome));
  }

  @Test
  void whatIsNotKnownIsNull() throws JsonParserException {
    JsonObject json = json(new Outcome(Action.REMOVABLE, OsString.of("web"), null, ""));
    assertEquals(Set.of("action", "name", "container", "id", "pid", "detail"), json.keySet());
    for (String unknown : List.of("container", "id", "pid")) {
      assertTrue(json.isNull(unknown), unknown);
    }
  }

  @Test
  void escapesWhatIsNoText() throws JsonParserException {
    OsString odd = OsString.ofBytes((byte) 0xff, (byte) '\n', (byte) '"', (byte) '\\');
    assertEquals(
        "\\xff\\x0a\"\\", json(new Outcome(Action.REMOVED, odd, null, "")).getString("name"));
  }
}
