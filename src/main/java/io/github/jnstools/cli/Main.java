package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;

/** Starts a command by its name, and turns what it throws into a message and an exit status. */
public final class Main {
  private static final int FAILURE = 1;

  private Main() {}

  /** The first argument is the command's name. */
  public static void main(String[] arguments) {
    // exit() sets up a logger of exits: 5 ms. What has to be done at the end is done.
    Runtime.getRuntime().halt(run(arguments, console()));
  }

  /** The two streams of this process, of which stdout is then no longer Java's. */
  static Console console() {
    Console console = new Console(new FileOutputStream(FileDescriptor.out), System.err);
    // JNA's first class has a logger, and the JDK configures logging only where it finds a stdout:
    // 13 ms.
    System.setOut(null);
    return console;
  }

  static int run(String[] arguments, Console console) {
    String name = arguments.length == 0 ? "" : arguments[0];
    Caller caller;
    try {
      caller = Caller.of(arguments);
    } catch (IOException e) {
      console.error(name + ": " + e.getMessage());
      return FAILURE;
    }
    Tool tool =
        switch (name) {
          case JnsEnter.NAME -> new JnsEnter(caller, console);
          case Jnetns.NAME -> new Jnetns(caller, console);
          case Jdocknet.NAME -> new Jdocknet(console);
          default -> null;
        };
    if (tool == null) {
      console.error(
          "jnstools: no command '"
              + name
              + "'; there are "
              + String.join(", ", JnsEnter.NAME, Jnetns.NAME, Jdocknet.NAME));
      return FAILURE;
    }
    return run(tool, name, caller.arguments().subList(1, arguments.length), console);
  }

  private static int run(Tool tool, String name, List<String> arguments, Console console) {
    try {
      int status = tool.run(arguments);
      if (console.failure() == null) {
        return status;
      }
      console.error(name + ": write(standard output): " + console.failure().getMessage());
    } catch (UsageException e) {
      console.error(name + ": " + Console.shown(e.getMessage()));
      console.error("Try '" + name + " --help' for more information.");
      trace(tool, console, e);
      return tool.usageStatus();
    } catch (NamespaceException e) {
      console.failure(name, e);
      trace(tool, console, e);
    } catch (IOException e) {
      console.error(name + ": " + e.getMessage());
      trace(tool, console, e);
    } catch (UnsatisfiedLinkError e) {
      console.error(name + ": cannot load a library: " + e.getMessage());
      console.error("hint: build jnstools anew, on a file system that is not mounted noexec");
      trace(tool, console, e);
    } catch (RuntimeException | Error e) {
      console.error(name + ": internal error: " + e + " (--debug shows where)");
      trace(tool, console, e);
    }
    return tool.failureStatus();
  }

  private static void trace(Tool tool, Console console, Throwable e) {
    if (tool.debug()) {
      console.trace(e);
    }
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
