package io.github.jnstools.container;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import io.github.jnstools.NamespaceException;
import java.nio.charset.StandardCharsets;

/**
 * A daemon's answer.
 *
 * @param source who was asked for what, for a person: {@code /run/docker.sock, /containers/json}
 * @param status of HTTP: 200 for what was asked for
 * @param body JSON, mostly
 */
record Reply(String source, int status, byte[] body) {

  /** The body, if the answer is what was asked for. */
  JsonObject object() throws NamespaceException {
    require();
    try {
      return JsonParser.object().from(text());
    } catch (JsonParserException | StackOverflowError e) {
      throw malformed(e);
    }
  }

  /** The body, if the answer is what was asked for. */
  JsonArray array() throws NamespaceException {
    require();
    try {
      return JsonParser.array().from(text());
    } catch (JsonParserException | StackOverflowError e) {
      throw malformed(e);
    }
  }

  /** The text of the body, if the answer is what was asked for. */
  String json() throws NamespaceException {
    require();
    return text();
  }

  /** A member of the body that says why the answer is not what was asked for; "" without one. */
  String said(String member) {
    try {
      return JsonParser.object().from(text()).getString(member, "");
    } catch (JsonParserException | StackOverflowError e) {
      // Proxies say it in HTML.
      return "";
    }
  }

  /** The failure that an answer with another status than 200 is. */
  NamespaceException unexpected() {
    String message = said("message");
    return new NamespaceException(
        "get",
        source,
        message.isEmpty()
            ? "HTTP status " + status
            : "HTTP status " + status + ": " + ContainerRef.shown(message),
        status == 403 ? "let the proxy before the daemon answer this" : null);
  }

  /** The failure that an answer without a member that each one has is. */
  NamespaceException lacks(String member) {
    return new NamespaceException("get", source, "an answer without " + member, null);
  }

  private void require() throws NamespaceException {
    if (status != 200) {
      throw unexpected();
    }
  }

  private String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The parser goes as deep as the text does. */
  private NamespaceException malformed(Throwable e) {
    String reason = e instanceof StackOverflowError ? "nested too deep" : e.getMessage();
    return new NamespaceException(
        "get", source, "not the JSON that was expected: " + ContainerRef.shown(reason), null);
  }
}
