package io.github.jnstools.differential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One invocation that is made through both commands, and in what they differ on purpose.
 *
 * <p>Words in braces are replaced by {@link World#expand}; {@code %41} stands for the byte {@code
 * A} in settings and arguments. A case whose arguments have {@link #TOKEN} runs the probe and is
 * looked at from outside.
 *
 * @param settings how the caller is, as {@code probe --caller} takes it
 * @param command what follows the command's name
 * @param status how nsenter ends
 * @param differences the only fields that differ
 */
record Case(
    String name,
    List<String> settings,
    List<String> command,
    String in,
    String status,
    Map<String, Difference> differences) {

  /** The argument by which the probe is found. */
  static final String TOKEN = "{token}";

  /** What nsenter and jnsenter have in one field, as patterns; "" where a field is missing. */
  record Difference(String reason, String nsenter, String jnsenter) {}

  /** With options that are separated by single spaces, then a program and its arguments. */
  static Case of(String name, String options, String... program) {
    Stream<String> words = options.isEmpty() ? Stream.of() : Stream.of(options.split(" "));
    List<String> command = Stream.concat(words, Stream.of(program)).toList();
    return new Case(name, List.of(), command, "", "exited 0", Map.of());
  }

  /** Runs the probe of the container's own root file system. */
  static Case inBox(String name, String options, String... arguments) {
    return probe(name, options, "/probe", arguments);
  }

  /** Runs the probe of the host's file system. */
  static Case onHost(String name, String options, String... arguments) {
    return probe(name, options, "{probe}", arguments);
  }

  private static Case probe(String name, String options, String probe, String... arguments) {
    List<String> program = new ArrayList<>(List.of(probe, TOKEN));
    program.addAll(List.of(arguments));
    return of(name, options, program.toArray(new String[0]));
  }

  /** The same, by a caller that is so. */
  Case caller(String... more) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    return new Case(name, all, command, in, status, differences);
  }

  /** The same with text on stdin. */
  Case in(String text) {
    return new Case(name, settings, command, text, status, differences);
  }

  /** The same, nsenter ending so. */
  Case ends(String how) {
    return new Case(name, settings, command, in, how, differences);
  }

  /** The same, one field being different on purpose. */
  Case differs(String reason, String field, String nsenter, String jnsenter) {
    Map<String, Difference> all = new LinkedHashMap<>(differences);
    all.put(field, new Difference(reason, nsenter, jnsenter));
    return new Case(name, settings, command, in, status, all);
  }

  /** The same, what nsenter does being refused on purpose. */
  Case refused(String reason) {
    return differs(reason, Invocation.STATUS, "exited 0", "exited 1")
        .differs(reason, Invocation.ERR, "empty", "not empty");
  }

  /** The same, what nsenter refuses being done on purpose. */
  Case allowed(String reason) {
    return ends("exited 1")
        .differs(reason, Invocation.STATUS, "exited 1", "exited 0")
        .differs(reason, Invocation.ERR, "not empty", "empty");
  }

  boolean runsProbe() {
    return command.contains(TOKEN);
  }

  private boolean has(String setting) {
    return settings.contains(setting);
  }

  /** Whether the end of stdin does not reach the probe. */
  boolean endsBySignal() {
    return has("close=0") || has("terminal");
  }

  @Override
  public String toString() {
    return name;
  }
}
