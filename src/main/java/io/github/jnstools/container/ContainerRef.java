package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a user calls a container, taken apart.
 *
 * <p>{@code 4711} is a process; {@code docker:web}, {@code containerd:default/web}, {@code
 * cri:pod/container} name the engine; {@code web} may be known to any.
 *
 * @param text as the user wrote it
 * @param engine one of {@link #ENGINES}, {@code pid}, or "" for any
 * @param name what to ask the engine for; the digits of a pid
 */
record ContainerRef(String text, String engine, String name) {
  /** The engines that can be named. */
  static final List<String> ENGINES = List.of("docker", "podman", "containerd", "cri");

  static final String PID = "pid";

  /** The kernel gives no higher pid, whatever pid_max says: proc(5). */
  private static final int PID_LIMIT = 1 << 22;

  /**
   * Parses a reference. Digits alone are a pid if the kernel could give it; longer ones, as short
   * ids of containers sometimes are, a name.
   */
  static ContainerRef parse(String text) throws NamespaceException {
    if (text.isEmpty()) {
      throw refused(text, "an empty name", "give a container's name or id, or a pid");
    }
    if (hasControl(text)) {
      throw refused(text, "no engine has names with control characters", null);
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return new ContainerRef(text, isPid(text) ? PID : "", text);
    }
    String engine = text.substring(0, colon);
    String name = text.substring(colon + 1);
    if (!engine.equals(PID) && !ENGINES.contains(engine)) {
      throw refused(
          text,
          "no such engine: " + shown(engine),
          "name one of " + String.join(", ", ENGINES) + ", or leave out the part before the colon");
    }
    if (engine.equals(PID) ? !isPid(name) : name.isEmpty()) {
      throw refused(text, "nothing after the colon that " + engine + " could know", null);
    }
    return new ContainerRef(text, engine, name);
  }

  static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPid(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() < 10 && Integer.parseInt(text) <= PID_LIMIT;
  }

  private static NamespaceException refused(String text, String reason, String hint) {
    return new NamespaceException("container", shown(text), reason, hint);
  }

  boolean isPid() {
    return engine.equals(PID);
  }

  int pid() {
    return Integer.parseInt(name);
  }

  /**
   * Whether this is all of a container's name or id, and not the start of the id.
   *
   * @param known one that an engine has found by this reference
   */
  boolean isExact(Known known) {
    return !known.id().startsWith(name) || known.id().equals(name) || known.name().equals(name);
  }

  /** A text of others for people, on one line: see {@link OsString#toString()}. */
  static String shown(String text) {
    return OsString.ofBytes(text.replace("\0", "\\x00").getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
