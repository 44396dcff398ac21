package io.github.jnstools.netns;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Launcher;
import io.github.jnstools.enter.Namespace;
import java.util.ArrayList;
import java.util.List;

/**
 * Becomes a program in a network namespace: {@code NAME FILE PROGRAM [ARGUMENT...]}. What fails
 * before the JVM is gone is told on stderr, with exit status 1.
 */
final class ExecMain {
  private ExecMain() {}

  /** The command that runs it. */
  static List<String> command(String name, String file, String... program) {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                // With its counters on, the JVM changes the directory, and cannot always return.
                "-XX:-UsePerfData",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                ExecMain.class.getName(),
                name,
                file));
    command.addAll(List.of(program));
    return command;
  }

  private static String absolute(String classPath) {
    List<String> paths = new ArrayList<>();
    for (String path : classPath.split(":")) {
      paths.add(new java.io.File(path).getAbsolutePath());
    }
    return String.join(":", paths);
  }

  public static void main(String[] arguments) throws Exception {
    List<OsString> argv = new ArrayList<>();
    for (String argument : arguments) {
      argv.add(OsString.of(argument));
    }
    List<OsString> program = argv.subList(2, argv.size());
    try (Namespace net = Namespace.at(NamespaceType.NET, argv.get(1))) {
      NetnsCommand exec = NetnsCommand.of(argv.get(0), net, program.get(0), program);
      Launcher.become(exec.command(), "exec", program);
    } catch (NamespaceException e) {
      System.err.println("exec: " + e.getMessage());
      e.hint().ifPresent(hint -> System.err.println("hint: " + hint));
      System.exit(1);
    }
  }
}
