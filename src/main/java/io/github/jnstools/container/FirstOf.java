package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One engine, and the places to ask about it, best first: the first that answers is believed. */
final class FirstOf {
  private final List<Engine> places;

  /**
   * What was answered.
   *
   * @param answered whether any place has
   * @param known what the first of these knows
   * @param problems why those before it did not answer
   */
  record Answer(boolean answered, List<Known> known, List<NamespaceException> problems) {}

  FirstOf(Engine... places) {
    this.places = List.of(places);
  }

  String name() {
    return places.get(0).name();
  }

  /** The best place. */
  Engine first() {
    return places.get(0);
  }

  /** All places, for a person. */
  String where() {
    StringBuilder where = new StringBuilder();
    for (Engine place : places) {
      where.append(where.length() == 0 ? "" : ", ").append(place.where());
    }
    return where.toString();
  }

  boolean present() {
    for (Engine place : places) {
      if (place.present()) {
        return true;
      }
    }
    return false;
  }

  /** The place that tells of events by itself. */
  Optional<EngineApi> api() {
    return places.get(0) instanceof EngineApi api ? Optional.of(api) : Optional.empty();
  }

  /** See {@link Engine#find}. */
  Answer find(String reference) {
    return ask(reference);
  }

  /** See {@link Engine#running}. */
  Answer running() {
    return ask(null);
  }

  private Answer ask(String reference) {
    List<NamespaceException> problems = new ArrayList<>();
    for (Engine place : places) {
      if (place.present()) {
        try {
          List<Known> known = reference == null ? place.running() : place.find(reference);
          return new Answer(true, known, problems);
        } catch (NamespaceException e) {
          problems.add(e);
        } catch (IOException e) {
          problems.add(new NamespaceException(name(), place.where(), e.getMessage(), null));
        }
      }
    }
    return new Answer(false, List.of(), problems);
  }
}
