package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.cli.Outcome.Action;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells outcomes of what goes on for ever: a line each, as JSON one object a line. What was told in
 * the round before is not told again.
 */
final class RunningReport extends Report {
  private Set<String> before = new HashSet<>();
  private Set<String> told = new HashSet<>();

  RunningReport(JnetnsCall call) {
    super(call);
  }

  /** Begins to look at everything again. */
  void nextRound() {
    before = told;
    told = new HashSet<>();
  }

  @Override
  void add(Outcome outcome) {
    boolean change = outcome.action() != Action.SHARED && outcome.action() != Action.SKIPPED;
    boolean news = told.add(outcome.text()) && !before.contains(outcome.text());
    if (outcome.action() == Action.UNCHANGED || !change && !news) {
      return;
    }
    if (!call.json()) {
      call.say(outcome.text());
      return;
    }
    JsonStringWriter json = JsonWriter.string().object().value("time", Instant.now().toString());
    outcome.write(json);
    call.console().print(json.end().done() + "\n");
  }

  @Override
  void failure(NamespaceException e) {
    if (told.add(e.getMessage()) && !before.contains(e.getMessage())) {
      super.failure(e);
    }
  }

  @Override
  void warning(NamespaceException e) {
    if (told.add(e.getMessage()) && !before.contains(e.getMessage())) {
      super.warning(e);
    }
  }
}
