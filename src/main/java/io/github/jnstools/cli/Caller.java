package io.github.jnstools.cli;

import io.github.jnstools.OsString;
import io.github.jnstools.enter.Environment;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command's caller gave it, before the launcher and the JVM changed it.
 *
 * @param arguments one character a byte
 * @param environment as the caller had it
 * @param ignoredSignals a bit each
 * @param closedDescriptors the standard streams that were closed
 * @param openDescriptors how many were open from 3 on, without a gap
 * @param terminal whether stderr is a terminal
 */
record Caller(
    List<String> arguments,
    List<OsString> environment,
    long ignoredSignals,
    List<Integer> closedDescriptors,
    int openDescriptors,
    boolean terminal) {

  private static final String HIDDEN = "JNSTOOLS_CALLERS_";

  /** From what the launcher left. */
  static Caller of(String[] arguments) throws IOException {
    String numbers = System.getProperty("jnstools.closed", "");
    List<Integer> closed = new ArrayList<>();
    for (int stream = 0; stream <= 2; stream++) {
      if (numbers.contains(Integer.toString(stream))) {
        closed.add(stream);
      }
    }
    return new Caller(
        bytes(arguments),
        unhidden(),
        Long.parseUnsignedLong(System.getProperty("jnstools.ignored", "0"), 16),
        closed,
        Integer.getInteger("jnstools.descriptors", 0),
        Boolean.getBoolean("jnstools.terminal"));
  }

  /** The JVM decodes arguments by the locale, which may lose bytes; the kernel has kept them. */
  private static List<String> bytes(String[] arguments) throws IOException {
    if (isAscii(arguments)) {
      return List.of(arguments);
    }
    List<OsString> all;
    try (FileInputStream in = new FileInputStream("/proc/self/cmdline")) {
      all = Environment.parse(in.readAllBytes());
    }
    List<String> exact = new ArrayList<>();
    for (OsString argument : all.subList(all.size() - arguments.length, all.size())) {
      exact.add(argument.toLatin1());
    }
    return exact;
  }

  private static boolean isAscii(String[] arguments) {
    for (String argument : arguments) {
      for (int i = 0; i < argument.length(); i++) {
        if (argument.charAt(i) > 0x7e) {
          return false;
        }
      }
    }
    return true;
  }

  /** What is not for a JVM the launcher has hidden from it, by a longer name. */
  private static List<OsString> unhidden() throws IOException {
    List<OsString> all = new ArrayList<>();
    for (OsString entry : Environment.ofThisProcess()) {
      String text = entry.toLatin1();
      all.add(text.startsWith(HIDDEN) ? OsString.ofLatin1(text.substring(HIDDEN.length())) : entry);
    }
    return all;
  }
}
