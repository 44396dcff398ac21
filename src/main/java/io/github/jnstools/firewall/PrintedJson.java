package io.github.jnstools.firewall;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JSON that programs print. */
final class PrintedJson {
  private final String source;

  /**
   * A reader.
   *
   * @param source for a person: {@code docker network inspect}, {@code ip -j addr}
   */
  PrintedJson(String source) {
    this.source = source;
  }

  /** The objects of an array; none of an empty text. */
  List<JsonObject> objects(String text) throws MalformedException {
    if (text.isBlank()) {
      return List.of();
    }
    List<JsonObject> objects = new ArrayList<>();
    try {
      for (Object element : JsonParser.array().from(text)) {
        if (!(element instanceof JsonObject object)) {
          throw wrong("an array with something else than objects");
        }
        objects.add(object);
      }
    } catch (JsonParserException | StackOverflowError e) {
      throw malformed(e);
    }
    return objects;
  }

  /** The object of a text; one without members of an empty text. */
  JsonObject object(String text) throws MalformedException {
    try {
      return text.isBlank() ? new JsonObject() : JsonParser.object().from(text);
    } catch (JsonParserException | StackOverflowError e) {
      throw malformed(e);
    }
  }

  /** A member that each one has. */
  String text(JsonObject object, String member) throws MalformedException {
    String text = object.getString(member);
    if (text == null) {
      throw wrong("an object without " + member);
    }
    return text;
  }

  /** Engines write the time of their zone, or Z. */
  Instant time(JsonObject object, String member) throws MalformedException {
    String text = object.getString(member, "");
    try {
      return text.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw wrong(member + " is no time: " + text);
    }
  }

  /** A number that stands in a text, such as a port. */
  int number(String text) throws MalformedException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong("no number: " + text);
    }
  }

  /** A member that is an object; one without members if it is null or missing. */
  static JsonObject inner(JsonObject object, String member) {
    return object.getObject(member, new JsonObject());
  }

  /** The objects in a member that is an array; none if it is null or missing. */
  static List<JsonObject> inners(JsonObject object, String member) {
    List<JsonObject> inners = new ArrayList<>();
    for (Object element : object.getArray(member, new JsonArray())) {
      if (element instanceof JsonObject inner) {
        inners.add(inner);
      }
    }
    return inners;
  }

  /** A member that is missing or empty where there is none. */
  static Optional<String> some(JsonObject object, String member) {
    return Optional.of(object.getString(member, "")).filter(text -> !text.isEmpty());
  }

  private MalformedException malformed(Throwable e) {
    return wrong(e instanceof StackOverflowError ? "nested too deep" : e.getMessage());
  }

  MalformedException wrong(String reason) {
    return new MalformedException(source, 0, reason);
  }
}
