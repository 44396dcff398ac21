package io.github.jnstools.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonParser;
import io.github.jnstools.harness.NetnsHome;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** jnetns as it is packaged, and what ip-netns(8) makes of what it has done. */
final class Jnetns {
  private Jnetns() {}

  /** Its command line. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Tools.JNETNS));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs it to its end. */
  static Run run(String... arguments) throws IOException, InterruptedException {
    return Run.of("", Map.of(), command(arguments));
  }

  /** What it prints where all goes well: then it says nothing else. */
  static String out(String... arguments) throws IOException, InterruptedException {
    Run run = run(arguments).mustSucceed();
    assertEquals("", run.err());
    return run.out();
  }

  /** The same, as text of several bytes a character. */
  static JsonArray json(String... arguments) throws Exception {
    byte[] bytes = out(arguments).getBytes(StandardCharsets.ISO_8859_1);
    return JsonParser.array().from(new String(bytes, StandardCharsets.UTF_8));
  }

  /** What a command of ip prints as JSON. */
  static JsonArray ip(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip", "-j"));
    command.addAll(List.of(arguments));
    return JsonParser.array().from(Run.of("", Map.of(), command).mustSucceed().out());
  }

  /** Fails unless it fails with this message on its first line and prints nothing. */
  static void assertRefuses(String message, String... arguments) throws Exception {
    Run run = run(arguments);
    assertEquals("exited 1", run.status(), run::toString);
    assertEquals("jnetns: " + message, run.err().split("\n")[0]);
    assertEquals("", run.out());
  }

  /** All links in the directory of names, and where each leads. */
  static Map<String, String> links() throws IOException {
    Map<String, String> links = new TreeMap<>();
    if (Files.exists(NetnsHome.PATH)) {
      for (String name : NetnsHome.names()) {
        Path path = NetnsHome.path(name);
        if (Files.isSymbolicLink(path)) {
          links.put(name, Proc.link(path));
        }
      }
    }
    return links;
  }

  /** Where a link for a process leads. */
  static String file(long pid) {
    return "/proc/" + pid + "/ns/net";
  }

  /** The inode of a process's network namespace, from outside. */
  static long inode(long pid) throws IOException {
    return (Long) Files.getAttribute(Path.of(file(pid)), "unix:ino");
  }
}
