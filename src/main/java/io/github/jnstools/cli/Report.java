package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.container.ContainerResolver.Inventory;
import java.util.ArrayList;
import java.util.List;

/** Tells outcomes: to people one line each at once, as JSON one array at the end. */
class Report {
  private static final int FAILURE = 1;

  final JnetnsCall call;
  private final List<Outcome> outcomes = new ArrayList<>();
  private boolean failed;

  Report(JnetnsCall call) {
    this.call = call;
  }

  void add(Outcome outcome) {
    outcomes.add(outcome);
    call.say(outcome.text());
  }

  void failure(NamespaceException e) {
    failed = true;
    call.failure(e);
  }

  /** Tells which engines could not be asked: a failure, unless nothing is missing for that. */
  final void unanswered(Inventory inventory) {
    for (NamespaceException problem : inventory.problems()) {
      failure(problem);
    }
    for (NamespaceException warning : inventory.warnings()) {
      warning(warning);
    }
  }

  /** Tells what was made up for. */
  void warning(NamespaceException e) {
    if (!call.options().has("--quiet")) {
      call.console().error(Jnetns.NAME + ": " + e.getMessage() + "; took what is on disk instead");
    }
  }

  /** Ends the report; returns the exit status. */
  int end() {
    if (call.json()) {
      JsonStringWriter json = JsonWriter.indent("  ").string().array();
      for (Outcome outcome : outcomes) {
        json.object();
        outcome.write(json);
        json.end();
      }
      call.console().print(json.end().done() + "\n");
    }
    return status();
  }

  /** The exit status, as far as it is known. */
  int status() {
    return failed ? FAILURE : 0;
  }
}
